/** A record belongs to its subject: two stations, one company, and who hears of what. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '#domain/sync/change.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import type { SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestStation } from './server-support.ts';

const catalogue = makeCatalogue();
let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let a: Counter;
let b: Counter;

/** A station with the line up, and the number of its last item. */
interface Counter {
  identity: StationIdentity;
  line: TestStation;
  seq: number;
}

async function openCounter(): Promise<Counter> {
  const identity = makeIdentity();
  expect((await enrol(server.url, identity)).status).toBe(200);
  return { identity, line: await connectStation(server.url, identity), seq: 0 };
}

beforeEach(async () => {
  data = makeDataFolder();
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem], demo: true }, { catalogue });
  [a, b] = [await openCounter(), await openCounter()];
});
afterEach(async () => {
  for (const { line } of [a, b]) line.close();
  await server.close();
  data.remove();
});

async function send(counter: Counter, options: Partial<SubmissionOptions> = {}): Promise<LudengRecord> {
  const { identity, line } = counter;
  const { item, record } = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (counter.seq += 1), ...options },
  });
  await line.upload(item);
  await line.commit(item.commit);
  return record;
}

/** The first change of one of these kinds about the record, in the station's own feed. */
async function heard(counter: Counter, recordId: string, ...kinds: Change['kind'][]): Promise<Change> {
  const isIt = (change: Change): boolean =>
    'recordId' in change && change.recordId === recordId && kinds.includes(change.kind);
  const changes = await counter.line.pullUntil((list) => list.some(({ change }) => isIt(change)));
  const found = changes.find(({ change }) => isIt(change));
  if (!found) throw new Error('pullUntil saw it');
  return found.change;
}
const settled = (counter: Counter, { id }: LudengRecord): Promise<Change> =>
  heard(counter, id, 'record-stored', 'record-rejected');

const stateOf = async ({ id }: LudengRecord) =>
  (await queryStore<{ state: string }>(data.folder, 'select state from record where id = ?', id))[0]?.state;

describe('a supplement made at another station', () => {
  it('supersedes the old record, and the station that has it hears so', async () => {
    const first = await send(a, { light: 'yellow' });
    await settled(a, first);
    const second = await send(b, { supersedes: first.id });
    expect(await settled(b, second)).toMatchObject({ kind: 'record-stored' });
    expect([await stateOf(first), await stateOf(second)]).toEqual(['superseded', 'stored']);
    expect(await heard(a, first.id, 'record-superseded')).toMatchObject({ by: second.id });
    // what happens elsewhere is no business of a station where the record never was
    const { changes } = await a.line.pull();
    expect(changes.some(({ change }) => 'recordId' in change && change.recordId === second.id)).toBe(false);
  });

  it('is refused where another was first, and the standing record stays', async () => {
    const first = await send(a, { light: 'yellow' });
    await settled(a, first);
    const second = await send(b, { supersedes: first.id, light: 'yellow' });
    expect(await settled(b, second)).toMatchObject({ kind: 'record-stored' });
    const third = await send(a, { supersedes: first.id });
    expect(await settled(a, third)).toMatchObject({ kind: 'record-rejected', code: 'RECORD_SUPERSEDED' });
    expect(await stateOf(second)).toBe('stored');
  });

  it('leaves one of two that come at the same moment', async () => {
    const first = await send(a, { light: 'yellow' });
    await settled(a, first);
    const both = await Promise.all([a, b].map((counter) => send(counter, { supersedes: first.id })));
    const kinds = await Promise.all([a, b].map((counter, n) => settled(counter, both[n] ?? first)));
    expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['record-rejected', 'record-stored']);
  });

  it('stands under the applicant’s own seal, never on the word of a station', async () => {
    const first = await send(a, { light: 'yellow' });
    await settled(a, first);
    const words: Partial<SubmissionOptions>[] = [
      { spoilSealed: ({ recordSeal: _seal, ...rest }) => ({ ...rest, supersedes: first.id }) },
      { spoilSealed: (record) => ({ ...record, supersedes: first.id }) },
    ];
    for (const spoilt of words) {
      const second = await send(b, spoilt);
      expect(await settled(b, second)).toMatchObject({ kind: 'record-rejected' });
    }
    expect(await stateOf(first)).toBe('stored');
  });
});

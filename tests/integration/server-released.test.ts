/** 解绑 at the server: what was the person's counts for nothing more, and nothing more of him is taken, until he is entered anew. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { Change } from '#domain/sync/change.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeAction,
  makeDataFolder,
  makeIdentity,
  makeItem,
  makePush,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const catalogue = makeCatalogue({
  byHand: {
    form: [{ id: 'number', label: '证号', kind: 'text', required: true }],
    file: { title: '人员', release: { label: '解绑', ask: '解绑？', released: '已解绑' } },
  },
  byMachine: {
    asked: [{ id: 'number', label: '证号', kind: 'text', required: true }],
    partOf: { kind: 'by-hand', key: 'number', answers: { number: { form: 'number' } } },
  },
});
const data = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let station: TestStation;
let seq = 0;

beforeAll(async () => {
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem] }, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

async function waitFor<K extends Change['kind']>(kinds: readonly K[], id: string) {
  const isIt = (change: Change): change is Extract<Change, { kind: K }> =>
    kinds.some((kind) => kind === change.kind) && 'recordId' in change && change.recordId === id;
  const changes = await station.pullUntil((list) => list.some(({ change }) => isIt(change)));
  const found = changes
    .map(({ change }) => change)
    .filter(isIt)
    .at(-1);
  if (!found) throw new Error('not told');
  return found;
}
const submission = (what: 'person' | 'part', number: string, more: Partial<LudengRecord> = {}) =>
  makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (seq += 1) },
    kind: what === 'person' ? 'by-hand' : 'by-machine',
    ...(what === 'person'
      ? { form: { number } }
      : { spoilContent: (content) => ({ ...content, answers: { number } }) }),
    spoilRecord: (record) => ({ ...record, ...(what === 'part' ? { answers: { number } } : {}), ...more }),
    ...(more.supersedes === undefined ? {} : { supersedes: more.supersedes }),
  });
async function send({ item, record }: Awaited<ReturnType<typeof submission>>) {
  await station.upload(item);
  await station.commit(item.commit);
  return record.id;
}
async function hand(what: 'person' | 'part', number: string, more: Partial<LudengRecord> = {}) {
  return waitFor(['record-stored', 'record-rejected'], await send(await submission(what, number, more)));
}
async function release(recordId: string): Promise<void> {
  const asked = { id: ulid(), recordId, requestedAt: new Date().toISOString(), requestedBy: '经办人' };
  const item = makeItem('action', (seq += 1), JSON.stringify(asked));
  await station.commit(makeAction(item, { record: recordId, action: 'release' }).commit);
}
const statusOf = async (identifier: string) => {
  const answer = await fetch(`${server.url}/api/credentials/${identifier}`);
  return publicRoutes.identifiedCredential.answer.parse(await answer.json());
};

it('takes the credentials of the person and of every part away, and refuses pushes of them in words', async () => {
  const number = 'P-1';
  const [file, part] = [await hand('person', number), await hand('part', number)];
  const identifiers = [file, part].map((one) =>
    one.kind === 'record-stored' ? (one.digitalCertificate?.identifier ?? '') : '',
  );
  for (const one of identifiers) expect((await statusOf(one)).status.state).toBe('valid');
  const before = makePush((seq += 1), part.recordId, 'housing');
  await station.commit(before.item.commit);
  await waitFor(['push-state'], part.recordId);

  await release(file.recordId);
  for (const { recordId } of [file, part]) await waitFor(['record-released'], recordId);
  for (const one of identifiers) {
    const { status, fields } = await statusOf(one);
    expect(status.state).toBe('released');
    expect(fields.map(({ isUsable }) => isUsable)).toEqual([false, false]);
    expect(fields[0]?.text).toContain('不能在本领域使用');
  }
  const { item, pushId } = makePush((seq += 1), part.recordId, 'water');
  await station.commit(item.commit);
  const told = await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  expect(
    told.find(({ change }) => change.kind === 'push-state' && change.pushId === pushId)?.change,
  ).toMatchObject({
    state: 'refused',
    opinion: expect.stringContaining('该人员已解绑') as unknown,
  });
});

it('refuses a part that comes from another queue, and a further version of the file; who is entered anew has parts again', async () => {
  const number = 'P-2';
  const file = await hand('person', number);
  await release(file.recordId);
  await waitFor(['record-released'], file.recordId);
  const refused = { kind: 'record-rejected', code: 'PERSON_RELEASED' };
  const late = await hand('part', number);
  expect(late).toMatchObject(refused);
  expect(late.kind === 'record-rejected' && late.message).toContain('填写的内容已保留');
  expect(await hand('person', number, { supersedes: file.recordId })).toMatchObject(refused);
  // another person's is taken, and his own once he is entered anew
  expect((await hand('part', 'P-3')).kind).toBe('record-stored');
  expect((await hand('person', number)).kind).toBe('record-stored');
  expect((await hand('part', number)).kind).toBe('record-stored');
});

it('of a part and a release that come at one moment, either the part goes with the person or it is refused', async () => {
  for (const number of ['P-4', 'P-5', 'P-6']) {
    const file = await hand('person', number);
    const made = await submission('part', number);
    await station.upload(made.item);
    await Promise.all([station.commit(made.item.commit), release(file.recordId)]);
    await waitFor(['record-released'], file.recordId);
    const part = await waitFor(['record-stored', 'record-rejected'], made.record.id);
    if (part.kind === 'record-stored') await waitFor(['record-released'], made.record.id);
    else expect(part.code).toBe('PERSON_RELEASED');
  }
});

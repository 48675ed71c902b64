import { spawn } from 'node:child_process';
import type { Audience } from '#domain/sync/audience.ts';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import type { Receipt } from '#domain/sync/schema.ts';
import { queryStore, readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { startServerProcess } from '#tests/support/server-process.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { createFeedRows } from '../../sync-server/store/feed-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from '../integration/server-fixtures.ts';
import {
  connectStation,
  enrol,
  enrolmentCode,
  makeDataFolder,
  makeIdentity,
  makePush,
  makeSubmission,
  startTestServer,
} from '../integration/server-support.ts';
import type { TestItem } from '../integration/server-support.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

function folder(): string {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  return data.folder;
}

/** What every process of one installation is told. */
async function shared(place: string) {
  return {
    ...(await storeSettings(place)),
    keyFile: join(place, 'server-key.pem'),
    secondReading: { enabled: false },
    enrolment: { code: enrolmentCode, reusable: true },
  };
}

const password = 'a-long-password';
const accounts = [{ id: 'chief', name: '审核员', department: '房建处', permissions: ['review'], password }];

/** Two servers of one installation in this process, each with a folder of its own. */
async function startTwo() {
  const settings = { ...(await shared(folder())), trustAnchors: [authorityPem], accounts };
  const catalogue = makeCatalogue();
  const first = await startTestServer(folder(), settings, { catalogue });
  undo.push(() => first.close());
  const second = await startTestServer(folder(), settings, { catalogue });
  undo.push(() => second.close());
  return { first, second, catalogue };
}

it('fences a station at one process when it opens a session at another, and takes pages at either', async () => {
  const { first, second } = await startTwo();
  const identity = makeIdentity();
  await enrol(first.url, identity);
  const older = await connectStation(first.url, identity);
  undo.push(() => older.close());
  const item = makeSubmission(identity.stationId, 1);
  const newer = await connectStation(second.url, identity, { blobUrl: first.url });
  undo.push(() => newer.close());
  await expect.poll(() => older.heard.fenced, { timeout: 20_000 }).toBe(1);
  await expect(older.commit(item.commit)).rejects.toMatchObject({ code: 'STATION_FENCED' });
  // control goes to the second process, pages to the first
  await newer.upload(item);
  // each process knows what the other took, and of whom
  const [sha = ''] = item.bytes.keys();
  expect(await newer.offer(item.offer)).toEqual({ state: 'need', offsets: { [sha]: 'done' } });
  const stranger = makeIdentity();
  await enrol(first.url, stranger);
  const other = await connectStation(first.url, stranger, { blobUrl: second.url });
  undo.push(() => other.close());
  const same = { ...item.offer, id: makeSubmission(stranger.stationId, 1).offer.id };
  expect(await other.offer(same)).toEqual({ state: 'need', offsets: { [sha]: 0 } });
  expect((await newer.commit(item.commit)).serverSeq).toBe(1);
  expect(await other.offer(same)).toEqual({ state: 'need', offsets: { [sha]: 0 } });
});

it('pokes a station at one process when its case is decided at another', async () => {
  const { first, second, catalogue } = await startTwo();
  const identity = makeIdentity();
  await enrol(first.url, identity);
  const station = await connectStation(first.url, identity);
  undo.push(() => station.close());
  const { item, record } = await makeSealedSubmission({
    catalogue,
    stationId: identity.stationId,
    seq: 1,
    light: 'yellow',
  });
  await station.upload(item);
  await station.commit(item.commit);
  await station.commit(makePush(2, record.id, 'housing').item.commit);
  await station.pullUntil((changes) => changes.some(({ change }) => change.kind === 'push-state'));
  const pokes = station.heard.pokes.length;

  const ask = (path: string, init: RequestInit = {}) => fetch(`${second.url}/api${path}`, init);
  const json = { 'content-type': 'application/json' };
  const signedIn = await ask('/session', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ account: 'chief', password }),
  });
  const cookie = signedIn.headers.getSetCookie().join('; ').split(';')[0] ?? '';
  const { cases } = caseListSchema.parse(await (await ask('/cases', { headers: { cookie } })).json());
  const decided = await ask(`/cases/${cases[0]?.id}/decisions`, {
    method: 'POST',
    headers: { ...json, cookie },
    body: JSON.stringify({ step: 'first', decision: 'refuse', opinion: '不符' }),
  });
  expect(decided.status).toBe(200);
  await expect.poll(() => station.heard.pokes.length, { timeout: 20_000 }).toBeGreaterThan(pokes);
});

it('shows each audience every change once and in order, however many processes write for both', async () => {
  const place = folder();
  const settings = await storeSettings(place);
  const store = await openStore({ folder: place, database: settings.database });
  undo.push(() => store.close());
  const audiences = ['station:S', 'subject:credit-code:X'] as const;
  const script = join(import.meta.dirname, '../support/feed-writer.ts');
  const writers = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, [script, settings.database ?? '', audiences.join(','), name, '200'], {
      stdio: 'inherit',
    }),
  );
  let running = writers.length;
  const ended = Promise.all(
    writers.map(async (writer: ChildProcess) => {
      const [code] = (await once(writer, 'exit')) as [number];
      running -= 1;
      expect(code).toBe(0);
    }),
  );
  const feed = createFeedRows(store.db, 'epoch');
  const read = async (audience: Audience): Promise<{ seq: number; name: string }[]> => {
    const seen: { seq: number; name: string }[] = [];
    for (let isLast = false; ;) {
      const after = seen.at(-1)?.seq ?? 0;
      const { changes } = await feed.pull({ audience, epoch: 'epoch', after, maxBytes: 3000 });
      for (const { seq, change } of changes)
        seen.push({ seq, name: change.kind === 'record-rejected' ? change.code : '' });
      if (isLast && changes.length === 0) return seen;
      isLast = running === 0;
    }
  };
  const readers = await Promise.all(audiences.map(read));
  await ended;
  for (const seen of readers) {
    // 3 writers, 150 transactions that stay, 2 changes each; a row that came late behind the cursor would be missing here
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 900 }, (_value, index) => index + 1));
    expect(new Set(seen.slice(0, 300).map(({ name }) => name)).size).toBeGreaterThan(1);
  }
});

it('keeps every receipt true and applies nothing twice when one of three processes is killed', async () => {
  const place = folder();
  const settings = await shared(place);
  const processes: ServerProcess[] = [];
  for (let n = 0; n < 3; n += 1) {
    const started = await startServerProcess(folder(), settings);
    undo.push(() => started.kill());
    processes.push(started);
  }
  const [victim, second, third] = processes as [ServerProcess, ServerProcess, ServerProcess];
  const received: { stationId: string; item: TestItem; receipt: Receipt }[] = [];
  let isCut = false;

  /** A station that goes on at the next process whenever the line breaks, as behind a proxy. */
  async function run(first: number): Promise<void> {
    const identity = makeIdentity();
    expect((await enrol(processes[1]?.url ?? '', identity)).status).toBe(200);
    let turn = first;
    for (let seq = 1; seq <= 6; seq += 1) {
      const item = makeSubmission(identity.stationId, seq, { blobBytes: 120_000 });
      for (let isDone = false; !isDone; turn += 1) {
        try {
          const station = await connectStation(processes[turn % 3]?.url ?? '', identity, { maxSeq: seq - 1 });
          try {
            const { state } = await station.offer(item.offer);
            if (state === 'need') await station.upload(item);
            const receipt = await station.commit(item.commit);
            received.push({ stationId: identity.stationId, item, receipt });
            isDone = true;
            if (received.length === 5) {
              // before the kill: a line can break earlier than the parent hears of the exit
              isCut = true;
              await victim.kill();
            }
          } finally {
            station.close();
          }
        } catch (error) {
          // the process is gone; anything else would never end
          if (!isCut) throw error;
        }
      }
    }
  }
  await Promise.all([0, 1, 2, 3].map(run));
  expect(received).toHaveLength(24);

  for (const { item } of received) {
    for (const [sha, bytes] of item.bytes)
      expect(Buffer.from(await readStoredBlob(place, sha)).equals(bytes)).toBe(true);
  }
  const rows = await queryStore<{ id: string; signature: string }>(place, 'select id, signature from item');
  expect(new Map(rows.map(({ id, signature }) => [id, signature]))).toEqual(
    new Map(received.map(({ receipt }) => [receipt.id, receipt.signature])),
  );
  const effects = (kind: string) => queryStore(place, 'select ref_id from effect where kind = ?', kind);
  expect(await effects('item-received')).toHaveLength(24);
  // what the dead process had in hand falls free with its lease and is done by another
  await expect
    .poll(async () => (await effects('record-rejected')).length, { timeout: 100_000, interval: 500 })
    .toBe(24);
  // a process that is asked to stop ends what it does and leaves
  await second.kill('SIGTERM');
  expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
});

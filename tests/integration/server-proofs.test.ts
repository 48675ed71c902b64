/** A station that knows no more than a hash finds out nothing by it; one that sent the bytes need not send them again. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BlobRef } from '#domain/sync/schema.ts';
import { readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { dropUploads } from '../../sync-server/store/feed-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  connectStation,
  enrol,
  makeBlob,
  makeDataFolder,
  makeIdentity,
  makeItem,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestItem, TestStation } from './server-support.ts';

type Blob = ReturnType<typeof makeBlob>;

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let [mine, theirs]: [StationIdentity, StationIdentity] = [makeIdentity(), makeIdentity()];
const open: TestStation[] = [];

beforeEach(async () => {
  data = makeDataFolder();
  server = await startTestServer(data.folder);
  [mine, theirs] = [makeIdentity(), makeIdentity()];
  for (const identity of [mine, theirs]) expect((await enrol(server.url, identity)).status).toBe(200);
});
afterEach(async () => {
  for (const station of open.splice(0)) station.close();
  await server.close();
  data.remove();
});

async function connect(identity: StationIdentity, maxSeq = 0): Promise<TestStation> {
  const station = await connectStation(server.url, identity, { maxSeq });
  open.push(station);
  return station;
}

const page = (bytes = 3_000): Blob => makeBlob(randomBytes(bytes));
/** Pushes need no record to be taken in. */
const itemOf = (seq: number, ...blobs: Blob[]): TestItem =>
  makeItem(
    'push',
    seq,
    JSON.stringify({
      id: '01K00000000000000000000001',
      recordId: '01K00000000000000000000000',
      field: 'f',
      requestedAt: '2026-01-01T00:00:00.000Z',
      requestedBy: '经办人',
    }),
    blobs,
  );
const offsetsOf = async (station: TestStation, { offer }: TestItem): Promise<unknown[]> => {
  const answer = await station.offer(offer);
  expect(Object.keys(answer)).toEqual(['state', 'offsets']);
  const offsets = answer['offsets'] as Record<string, unknown>;
  return offer.blobs.map(({ sha }) => offsets[sha]);
};
/** The answer as it stands on the line, but for what differs from question to question. */
async function answerTo(
  station: TestStation,
  event: string,
  message: unknown,
  sha: string,
): Promise<unknown> {
  const socket = event === 'chunk' ? station.pages : station.ctl;
  const answer = JSON.stringify(await socket.timeout(20_000).emitWithAck(event, message));
  return JSON.parse(answer.replace(/"traceId":"\w+"/, '"traceId":""').replaceAll(sha, 'the hash')) as unknown;
}
async function deliver(station: TestStation, item: TestItem): Promise<void> {
  await station.upload(item);
  await station.commit(item.commit);
}
/** A page by a PUT, as stations of version 2 send it. */
async function put(
  { stationId }: StationIdentity,
  { welcome }: TestStation,
  { sha }: Pick<BlobRef, 'sha'>,
  body: Uint8Array,
): Promise<unknown> {
  const answer = await fetch(`${server.url}/station/pages/${sha}?off=0`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${welcome.blobToken}`,
      'x-ludeng-station': stationId,
      'x-ludeng-session': String(welcome.sessionEpoch),
    },
    body: new Uint8Array(body),
  });
  const { code, off } = (await answer.json()) as { code?: string; off?: unknown };
  return [answer.status, code ?? off];
}

it('answers a hash that another station has brought as one that nobody has, whatever is asked', async () => {
  const [owner, stranger] = [await connect(mine), await connect(theirs)];
  const [delivered, brought, unknown] = [page(), page(), page()];
  await deliver(owner, itemOf(1, delivered));
  await owner.upload(itemOf(2, brought));
  const own = itemOf(1, page());
  await deliver(stranger, own);

  const item = itemOf(2, delivered, brought, unknown);
  expect(await offsetsOf(stranger, item)).toEqual([0, 0, 0]);
  const named = [delivered, brought, unknown].map((blob) => ({ blob, item: itemOf(2, blob) }));
  const answers: unknown[][] = [];
  for (const { blob, item } of named) {
    const { sha, size } = blob.ref;
    const wrong = randomBytes(size);
    const ask = (event: string, message: unknown) => answerTo(stranger, event, message, sha);
    answers.push([
      // an item of its own that is here, with a page that is not of it
      await ask('offer', { ...own.offer, blobs: [blob.ref] }),
      await ask('offer', item.offer),
      await ask('commit', item.commit),
      await ask('chunk', { sha, off: size, buf: new Uint8Array(1) }),
      await ask('chunk', { sha, off: 1_000, buf: new Uint8Array(10) }),
      await ask('chunk', { sha, off: 0, buf: wrong }),
      await put(theirs, stranger, blob.ref, wrong),
      await ask('chunk', { sha, off: 0, buf: wrong.subarray(0, 1_000) }),
      await ask('offer', item.offer),
      await ask('chunk', { sha, off: 1_000, buf: wrong.subarray(1_000) }),
      await ask('offer', item.offer),
    ]);
  }
  expect(answers[0]).toEqual(answers[2]);
  expect(answers[1]).toEqual(answers[2]);
  expect(answers[2]?.[2]).toMatchObject({ ok: false, error: { code: 'HASH_MISMATCH' } });
  expect(answers[2]?.[6]).toEqual([422, 'HASH_MISMATCH']);
  const refused: unknown = await stranger.ctl.timeout(20_000).emitWithAck('commit', item.commit);
  expect(refused).toMatchObject({
    ok: false,
    error: { details: { missing: item.offer.blobs.map(({ sha }) => sha) } },
  });
  expect(await queryStore(data.folder, 'select id from item where id = ?', item.commit.id)).toEqual([]);

  // with the bytes it is as good as anybody's, and the store has them once
  await deliver(stranger, item);
  for (const { ref, bytes } of [delivered, brought, unknown])
    expect(Buffer.compare(await readStoredBlob(data.folder, ref.sha), bytes)).toBe(0);
});

it('asks nobody again for bytes that the same station has sent, in whatever session, before and after a restart', async () => {
  let station = await connect(mine);
  const [first, second, common] = [page(), page(200_000), page()];
  await deliver(station, itemOf(1, first, common));
  await station.offer(itemOf(2, second, common).offer);
  await put(mine, station, second.ref, second.bytes);
  expect(await offsetsOf(station, itemOf(2, first, second, common))).toEqual(['done', 'done', 'done']);
  // the answer to the last piece was lost: it comes again
  expect(await station.chunk(second.ref.sha, 0, second.bytes.subarray(0, 1_000))).toEqual({ off: 'done' });
  station.close();
  station = await connect(mine, 1);
  expect(await offsetsOf(station, itemOf(2, first, second, common))).toEqual(['done', 'done', 'done']);
  station.close();
  await server.close();
  server = await startTestServer(data.folder);
  station = await connect(mine, 1);
  const item = itemOf(2, first, second, second, common);
  expect(await offsetsOf(station, item)).toEqual(['done', 'done', 'done', 'done']);
  const receipt = await station.commit(item.commit);
  expect(await station.offer(item.offer)).toEqual({ state: 'already', receipt });
  // of half a page it goes on with the rest
  const half = page(100_000);
  const third = itemOf(3, half, first);
  await station.offer(third.offer);
  await station.chunk(half.ref.sha, 0, half.bytes.subarray(0, 60_000));
  station.close();
  station = await connect(mine, 3);
  expect(await offsetsOf(station, third)).toEqual([60_000, 'done']);
  await deliver(station, third);
});

it('takes one page from two stations at once, each its own copy, and keeps it once', async () => {
  const [one, two] = [await connect(mine), await connect(theirs)];
  const shared = page(400_000);
  const both = [
    { station: one, item: itemOf(1, shared) },
    { station: two, item: itemOf(1, shared) },
  ];
  await Promise.all(both.map(({ station, item }) => deliver(station, item)));
  for (const { station } of both) expect(await offsetsOf(station, itemOf(2, shared))).toEqual(['done']);
  expect(await queryStore(data.folder, 'select sha from blob')).toEqual([{ sha: shared.ref.sha }]);
});

it('forgets after the time for unfinished uploads who has shown what no item came with, and nothing else', async () => {
  const station = await connect(mine);
  const [delivered, left] = [page(), page()];
  await deliver(station, itemOf(1, delivered));
  await station.upload(itemOf(2, left));
  const store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)), beside: true });
  const soon = new Date(Date.now() + 1_000).toISOString();
  await dropUploads(store.db, '2026-01-01T00:00:00.000Z');
  expect(await offsetsOf(station, itemOf(2, delivered, left))).toEqual(['done', 'done']);
  await dropUploads(store.db, soon);
  await store.close();
  expect(await offsetsOf(station, itemOf(2, delivered, left))).toEqual(['done', 0]);
  await deliver(station, itemOf(2, delivered, left));
});

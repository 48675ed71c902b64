import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiptText } from '#domain/sync/manifest.ts';
import { readStoredBlob } from '#tests/support/server-stores.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  connectStation,
  enrol,
  enrolmentCode,
  makeBlob,
  makeDataFolder,
  makeIdentity,
  makeItem,
  makePush,
  makeSubmission,
  queryStore,
  refusalOf,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestStation } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let identity: StationIdentity;
const open: TestStation[] = [];

async function connect(maxSeq = 0, who = identity): Promise<TestStation> {
  const station = await connectStation(server.url, who, { maxSeq });
  open.push(station);
  return station;
}

beforeEach(async () => {
  data = makeDataFolder();
  server = await startTestServer(data.folder);
  identity = makeIdentity();
  expect((await enrol(server.url, identity)).status).toBe(200);
});
afterEach(async () => {
  for (const station of open.splice(0)) station.close();
  await server.close();
  data.remove();
});

describe('items', () => {
  it('answers a commit with a signed receipt for what the database holds', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1, { blobs: 2 });
    await station.upload(item);
    const receipt = await station.commit(item.commit);

    expect(await queryStore(data.folder, 'select id from item')).toEqual([{ id: item.commit.id }]);
    for (const [sha, bytes] of item.bytes)
      expect(Buffer.from(await readStoredBlob(data.folder, sha)).equals(bytes)).toBe(true);
    expect(receipt).toMatchObject({ id: item.commit.id, manifestSha: item.commit.manifestSha, serverSeq: 1 });
    const signature = Buffer.from(receipt.signature, 'base64');
    const key = createPublicKey(server.publicKey);
    expect(verify(null, Buffer.from(receiptText(receipt)), key, signature)).toBe(true);
  });

  it('continues a page where the broken line left it', async () => {
    const first = await connect();
    const item = makeSubmission(identity.stationId, 1);
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    await first.offer(item.offer);
    expect(await first.chunk(sha, 0, bytes.subarray(0, 100_000))).toEqual({ off: 100_000 });
    first.close();

    const second = await connect();
    expect(await second.offer(item.offer)).toEqual({ state: 'need', offsets: { [sha]: 100_000 } });
    expect(await second.chunk(sha, 100_000, bytes.subarray(100_000))).toEqual({ off: 'done' });
    expect(await second.offer(item.offer)).toEqual({ state: 'need', offsets: { [sha]: 'done' } });
  });

  it('answers a wrong offset with the true one and writes nothing', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1);
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    await station.offer(item.offer);
    await station.chunk(sha, 0, bytes.subarray(0, 1000));
    expect(await station.chunk(sha, 5000, bytes.subarray(5000, 6000))).toEqual({ off: 1000 });
    expect(await station.chunk(sha, 0, bytes.subarray(0, 1000))).toEqual({ off: 1000 });
    await station.upload(item);
    expect((await station.commit(item.commit)).serverSeq).toBe(1);
  });

  it('keeps the order of pieces that are sent without waiting', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1, { blobBytes: 1_000_000 });
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    await station.offer(item.offer);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        station.chunk(sha, n * 100_000, bytes.subarray(n * 100_000, (n + 1) * 100_000)),
      ),
    );
    expect(answers.at(-1)).toEqual({ off: 'done' });
  });

  it('starts a page again whose content is not what its name says', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1);
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    await station.offer(item.offer);
    const spoilt = Uint8Array.from(bytes);
    spoilt[7] = (spoilt[7] ?? 0) ^ 1;
    expect(await refusalOf(station.chunk(sha, 0, spoilt))).toBe('HASH_MISMATCH');
    expect(await station.offer(item.offer)).toEqual({ state: 'need', offsets: { [sha]: 0 } });
    await station.upload(item);
    expect((await station.commit(item.commit)).id).toBe(item.commit.id);
  });

  it('takes no page that was not offered and none that grows past its size', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1, { blobBytes: 1000 });
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    expect(await refusalOf(station.chunk(sha, 0, bytes))).toBe('BAD_REQUEST');
    await station.offer(item.offer);
    expect(await refusalOf(station.chunk(sha, 0, randomBytes(1001)))).toBe('BAD_REQUEST');
  });

  it('refuses a commit whose pages are not all here', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1, { blobs: 2 });
    expect(await refusalOf(station.commit(item.commit))).toBe('HASH_MISMATCH');
    expect(await queryStore(data.folder, 'select id from item')).toEqual([]);
  });

  it('gives the same receipt for the same commit and has one effect', async () => {
    const station = await connect();
    const item = makeSubmission(identity.stationId, 1);
    await station.upload(item);
    const receipts = await Promise.all([
      station.commit(item.commit),
      station.commit(item.commit),
      station.commit(item.commit),
    ]);
    expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
    expect(await station.offer(item.offer)).toEqual({ state: 'already', receipt: receipts[0] });
    expect(
      await queryStore(data.folder, `select ref_id from effect where kind = 'item-received'`),
    ).toHaveLength(1);
    expect(await queryStore(data.folder, 'select id from job')).toHaveLength(1);
  });

  it('answers the same id with other content with CONFLICT and keeps what it has', async () => {
    const station = await connect();
    const { item } = makePush(1, '01K00000000000000000000000', 'f');
    await station.commit(item.commit);
    const other = makePush(1, '01K00000000000000000000001', 'f').item.commit;
    expect(await refusalOf(station.commit({ ...other, id: item.commit.id }))).toBe('CONFLICT');
    expect(await refusalOf(station.commit(other))).toBe('CONFLICT');
    expect(await queryStore(data.folder, 'select payload from item')).toEqual([
      { payload: item.commit.payload },
    ]);
    expect(await queryStore(data.folder, `select id from alarm where kind = 'item-conflict'`)).toHaveLength(
      1,
    );
  });

  it('refuses a manifest that does not belong to the payload, and a payload that is none', async () => {
    const station = await connect();
    const { item } = makePush(1, '01K00000000000000000000000', 'f');
    expect(await refusalOf(station.commit({ ...item.commit, payload: '{}' }))).toBe('HASH_MISMATCH');
    expect(await refusalOf(station.commit(makeItem('push', 1, '{}').commit))).toBe('BAD_REQUEST');
    expect(await refusalOf(station.commit(makeItem('push', 1, 'no json').commit))).toBe('BAD_REQUEST');
  });

  it('refuses a submission in the name of another station', async () => {
    const station = await connect();
    const item = makeSubmission('S-other', 1);
    await station.upload(item);
    expect(await refusalOf(station.commit(item.commit))).toBe('BAD_REQUEST');
  });

  it('answers messages of any shape and goes on', async () => {
    const station = await connect();
    for (const message of [null, 7, 'x', {}, { id: 1 }, [[]]]) {
      expect(await refusalOf(station.send(station.ctl, 'commit', message))).toBe('BAD_REQUEST');
      expect(await refusalOf(station.send(station.pages, 'chunk', message))).toBe('BAD_REQUEST');
    }
    station.ctl.emit('commit');
    expect((await station.pull()).changes).toEqual([]);
  });
});

describe('sessions', () => {
  it('fences the older session: it hears of it and may not write any more', async () => {
    const { item } = makePush(1, '01K00000000000000000000000', 'f');
    const blob = makeSubmission(identity.stationId, 2);
    const [[sha, bytes] = ['', new Uint8Array()]] = blob.bytes;
    const older = await connect();
    await older.offer(blob.offer);
    const newer = await connect();
    await expect.poll(() => older.heard.fenced).toBe(1);
    expect(await refusalOf(older.commit(item.commit))).toBe('STATION_FENCED');
    expect(await refusalOf(older.chunk(sha, 0, bytes))).toBe('STATION_FENCED');
    expect((await newer.commit(item.commit)).id).toBe(item.commit.id);
    expect(newer.heard.fenced).toBe(0);
  });

  it('quarantines a station that knows less than the server', async () => {
    const station = await connect();
    await station.commit(makePush(5, '01K00000000000000000000000', 'f').item.commit);
    station.close();
    expect(await refusalOf(connect(4))).toBe('STATION_QUARANTINED');
    expect(await refusalOf(connect(5))).toBe('STATION_QUARANTINED');
    expect(
      await queryStore(data.folder, `select id from alarm where kind = 'station-quarantined'`),
    ).toHaveLength(1);
  });

  it('quarantines another store under the same name once there are items', async () => {
    const station = await connect();
    await station.commit(makePush(1, '01K00000000000000000000000', 'f').item.commit);
    station.close();
    const other = { ...identity, installId: '01K0000000000000000000000Z' };
    expect(await refusalOf(connect(1, other))).toBe('STATION_QUARANTINED');
  });

  it('knows no station by its name alone', async () => {
    const thief = { ...makeIdentity(identity.stationId) };
    expect(await refusalOf(connect(0, thief))).toBe('STATION_UNKNOWN');
    expect(await refusalOf(connect(0, makeIdentity('S-nobody')))).toBe('STATION_UNKNOWN');
    expect((await connect()).welcome.sessionEpoch).toBe(1);
  });

  it('serves nobody who did not say hello', async () => {
    const station = await connect();
    station.ctl.disconnect();
    await expect
      .poll(() =>
        refusalOf(station.send(station.pages, 'chunk', { sha: 'a'.repeat(64), off: 0, buf: randomBytes(1) })),
      )
      .toBe('STATION_FENCED');
  });

  it('keeps pages of one station apart from those of another', async () => {
    const other = makeIdentity();
    await enrol(server.url, other);
    const mine = await connect();
    const theirs = await connect(0, other);
    const blob = makeBlob(randomBytes(2000));
    const push = { requestedAt: new Date().toISOString() };
    const item = makeItem('push', 1, JSON.stringify(push), [blob]);
    await mine.offer(item.offer);
    await theirs.offer(item.offer);
    await theirs.chunk(blob.ref.sha, 0, randomBytes(1999));
    expect(await mine.chunk(blob.ref.sha, 0, blob.bytes)).toEqual({ off: 'done' });
    // theirs is not what its name says, whatever lies here
    expect(await refusalOf(theirs.chunk(blob.ref.sha, 1999, randomBytes(1)))).toBe('HASH_MISMATCH');
    expect(await theirs.chunk(blob.ref.sha, 0, blob.bytes)).toEqual({ off: 'done' });
  });
});

describe('enrolment', () => {
  it('gives the same answer again and refuses another key under the name', async () => {
    const again = await enrol(server.url, identity);
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ serverPublicKey: server.publicKey });
    expect((await enrol(server.url, makeIdentity(identity.stationId))).status).toBe(409);
    expect((await enrol(server.url, makeIdentity(), 'some-other-code')).status).toBe(403);
  });

  it('uses a code of its own making once and makes the next', async () => {
    const folder = makeDataFolder();
    const own = await startTestServer(folder.folder, { enrolment: undefined });
    const readCode = () => readFileSync(join(folder.folder, 'enrolment-code'), 'utf8').trim();
    try {
      const code = readCode();
      const first = makeIdentity();
      expect((await enrol(own.url, first, code)).status).toBe(200);
      expect((await enrol(own.url, first, code)).status).toBe(200);
      expect((await enrol(own.url, makeIdentity(), code)).status).toBe(403);
      expect(readCode()).not.toBe(code);
      expect((await enrol(own.url, makeIdentity(), readCode())).status).toBe(200);
    } finally {
      await own.close();
      folder.remove();
    }
  });

  it('slows down the guessing of codes', async () => {
    for (let n = 0; n < 5; n += 1) await enrol(server.url, makeIdentity(), `wrong-code-${n}`);
    const answer = await enrol(server.url, makeIdentity(), enrolmentCode);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the data folder', () => {
  it('belongs to one process', async () => {
    await expect(startTestServer(data.folder)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  });

  it('has everything again after a restart', async () => {
    const station = await connect();
    const { item } = makePush(1, '01K00000000000000000000000', 'f');
    const receipt = await station.commit(item.commit);
    const { epoch } = station.welcome.head;
    await server.close();
    server = await startTestServer(data.folder);
    const again = await connect(1);
    expect(await again.commit(item.commit)).toEqual(receipt);
    expect(again.welcome.head.epoch).toBe(epoch);
    expect(again.welcome.sessionEpoch).toBe(2);
  });
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { addJob, appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { createFeedRows } from '../../sync-server/store/feed-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import {
  connectStation,
  enrol,
  enrolmentCode,
  makeDataFolder,
  makeIdentity,
  makeSubmission,
  queryStore,
  startDeafLine,
} from './server-support.ts';

interface ServerProcess {
  url: string;
  port: number;
  child: ChildProcess;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

let data: ReturnType<typeof makeDataFolder>;
const running: ServerProcess[] = [];

beforeEach(() => {
  data = makeDataFolder();
});
afterEach(async () => {
  for (const process of running.splice(0)) await process.kill();
  data.remove();
});

/** The real program in a process of its own, so that it can be killed. */
async function spawnServer(): Promise<ServerProcess> {
  const { database, blobs, s3Credentials } = await storeSettings(data.folder);
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../sync-server/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      LUDENG_SERVER_DATA: data.folder,
      LUDENG_SERVER_PORT: '0',
      LUDENG_ENROLMENT_CODE: enrolmentCode,
      ...(database === undefined ? {} : { LUDENG_SERVER_DATABASE: database }),
      ...(blobs === undefined ? {} : { LUDENG_SERVER_BLOBS: blobs }),
      AWS_ACCESS_KEY_ID: s3Credentials?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3Credentials?.secretAccessKey,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then((code) => reject(new Error(`the server ended with ${code}: ${output}`)), reject);
  });
  const server: ServerProcess = {
    url,
    port: Number(new URL(url).port),
    child,
    kill: (signal = 'SIGKILL') => {
      child.kill(signal);
      return ended;
    },
  };
  running.push(server);
  return server;
}

describe('a server that dies', () => {
  it('goes on with a page where the killed process stopped, from the size of the file', async () => {
    const identity = makeIdentity();
    const item = makeSubmission(identity.stationId, 1, { blobBytes: 2_000_000 });
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    const first = await spawnServer();
    await enrol(first.url, identity);
    const station = await connectStation(first.url, identity);
    await station.offer(item.offer);
    await station.chunk(sha, 0, bytes.subarray(0, 500_000));
    // the next piece is under way when the process dies
    station.chunk(sha, 500_000, bytes.subarray(500_000, 1_000_000)).catch(() => undefined);
    await first.kill();
    station.close();

    const second = await spawnServer();
    const again = await connectStation(second.url, identity);
    const answer = await again.offer(item.offer);
    const offset = (answer['offsets'] as Record<string, number>)[sha];
    expect([500_000, 1_000_000]).toContain(offset);
    await again.upload(item);
    expect((await again.commit(item.commit)).serverSeq).toBe(1);
    again.close();
  });

  it('names a page that was whole when the process died before naming it', async () => {
    const identity = makeIdentity();
    const item = makeSubmission(identity.stationId, 1);
    const [[sha, bytes] = ['', new Uint8Array()]] = item.bytes;
    const incoming = join(data.folder, 'blobs', 'incoming', identity.stationId);
    mkdirSync(incoming, { recursive: true });
    writeFileSync(join(incoming, sha), bytes);
    const server = await spawnServer();
    await enrol(server.url, identity);
    const station = await connectStation(server.url, identity);
    expect(await station.offer(item.offer)).toEqual({ state: 'need', offsets: { [sha]: 'done' } });
    expect((await station.commit(item.commit)).serverSeq).toBe(1);
    station.close();
  });

  it('has one effect when it is killed after the commit and before the station hears of it', async () => {
    const identity = makeIdentity();
    const item = makeSubmission(identity.stationId, 1);
    const first = await spawnServer();
    await enrol(first.url, identity);
    const line = await startDeafLine(first.port);
    const station = await connectStation(line.url, identity);
    await station.upload(item);
    line.deafen();
    let heard = false;
    station.commit(item.commit).then(
      () => (heard = true),
      () => undefined,
    );
    await expect
      .poll(() => queryStore(data.folder, 'select id from item'), { timeout: 10_000 })
      .toHaveLength(1);
    await first.kill();
    line.close();
    station.close();
    expect(heard).toBe(false);

    const second = await spawnServer();
    const again = await connectStation(second.url, identity, { maxSeq: 1 });
    const answer = await again.offer(item.offer);
    expect(answer.state).toBe('already');
    expect(await again.commit(item.commit)).toEqual(answer['receipt']);
    again.close();
    expect(await queryStore(data.folder, `select id from effect where kind = 'item-received'`)).toHaveLength(
      1,
    );
    expect(await queryStore(data.folder, 'select id from job')).toHaveLength(1);
  });

  it('does the jobs that a killed process had in hand', async () => {
    const identity = makeIdentity();
    const item = makeSubmission(identity.stationId, 1);
    const first = await spawnServer();
    await enrol(first.url, identity);
    const station = await connectStation(first.url, identity);
    await station.upload(item);
    await station.commit(item.commit);
    await first.kill();
    station.close();
    const second = await spawnServer();
    const again = await connectStation(second.url, identity, { maxSeq: 1 });
    // nothing of this record was checked, so that is what the station must hear, once
    // what the dead process had leased falls free after a minute
    const changes = await again.pullUntil((list) => list.length > 0, 100_000);
    expect(changes.map(({ change }) => change.kind)).toEqual(['record-rejected']);
    again.close();
  });

  it('stops by itself when asked to, with a station and its data unharmed', async () => {
    const identity = makeIdentity();
    const server = await spawnServer();
    await enrol(server.url, identity);
    const station = await connectStation(server.url, identity);
    expect(await server.kill('SIGTERM')).toBe(0);
    station.close();
    if (inject('postgres') === undefined)
      expect(await queryStore(data.folder, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});

it('parks a job that ends the process each time, with an alarm, and does the others meanwhile', async () => {
  const settings = await storeSettings(data.folder);
  const at = new Date().toISOString();
  const first = await openStore({ folder: data.folder, ...settings });
  await first.db.transaction().execute(async (trx) => {
    for (const refId of ['deadly', 'harmless']) await addJob(trx, { id: refId, kind: 'push', refId, at });
  });
  await first.close();

  const script = join(import.meta.dirname, '../support/deadly-jobs.ts');
  const { database } = settings;
  const lives: string[] = [];
  const isParked = async () =>
    (await queryStore(data.folder, `select id from job where id = 'deadly' and state = 'parked'`)).length > 0;
  for (let laterMs = 0; lives.length < 12 && !(await isParked()); laterMs += 10 * 60_000) {
    const options = JSON.stringify({ folder: data.folder, database, deadly: 'deadly', laterMs });
    const child = spawn(process.execPath, [script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // either the job ends it, or it is seen to have parked the job
    let isGone = false;
    void gone.then(() => (isGone = true));
    await expect.poll(async () => isGone || (await isParked()), { timeout: 20_000 }).toBe(true);
    child.kill('SIGKILL');
    await gone;
    lives.push(output);
  }
  expect(lives.filter((output) => output.includes('taken deadly'))).toHaveLength(8);
  expect(lives.findIndex((output) => output.includes('taken harmless'))).toBeLessThan(2);
  expect(await queryStore(data.folder, `select state from job where id = 'harmless'`)).toEqual([
    { state: 'done' },
  ]);
  expect(await queryStore(data.folder, `select kind, ref_id from alarm`)).toEqual([
    { kind: 'job-parked', ref_id: 'deadly' },
  ]);
});

it('numbers a feed without gap or repetition whoever writes, fails and reads at once', async () => {
  const store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)) });
  const feed = createFeedRows(store.db, 'epoch');
  const at = new Date().toISOString();
  await createStationRows(store.db).addKnown({ id: 'S', name: 'S', publicKey: '' }, at);
  const change = {
    kind: 'record-rejected',
    recordId: '01K00000000000000000000000',
    code: 'X',
    message: '',
    at,
  } as const;
  const write = (n: number): Promise<void> =>
    store.db.transaction().execute(async (trx) => {
      await appendChanges(trx, [{ to: ['station:S'], changes: [change, change] }], at);
      // every fourth transaction takes its numbers back
      if (n % 4 === 0) throw new Error('rolled back');
    });
  const seen: number[] = [];
  const read = async (): Promise<void> => {
    const { from, changes, next } = await feed.pull({
      audience: 'station:S',
      epoch: 'epoch',
      after: seen.at(-1) ?? 0,
      maxBytes: 1000,
    });
    if (from !== (seen.at(-1) ?? 0)) return;
    seen.push(...changes.map(({ seq }) => seq));
    expect(next).toBe(seen.at(-1) ?? 0);
  };
  await Promise.allSettled(Array.from({ length: 200 }, (_, n) => (n % 3 === 2 ? read() : write(n))));
  let before = -1;
  while (before !== seen.length) {
    before = seen.length;
    await read();
  }
  const writers = Array.from({ length: 200 }, (_, n) => n).filter((n) => n % 3 !== 2 && n % 4 !== 0);
  expect(seen).toEqual(Array.from({ length: writers.length * 2 }, (_, index) => index + 1));
  await store.close();
});

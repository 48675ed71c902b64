/** A database that was lost, emptied or put back from an older copy, beside the key, the pages and the numbers of the one before. */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startS3, bucket, s3Credentials } from '#tests/support/s3.ts';
import { startServerProcess } from '#tests/support/server-process.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { startServer } from '../../sync-server/start-server.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  makeSubmission,
} from './server-support.ts';
import { testSettings } from './server-support.ts';
import type { StationIdentity } from './server-support.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

function folder(): string {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  return data.folder;
}
async function start(
  dataFolder: string,
  change: Partial<ServerSettingsInput> = {},
  parts: { isNew?: boolean } = {},
): Promise<RunningServer> {
  const server = await startServer(testSettings(dataFolder, change), parts);
  undo.push(() => server.close());
  return server;
}
const dropDatabase = (data: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(join(data, `server.sqlite${end}`), { force: true });
};

/** A server that took one item with a page; answers the number on its receipt. */
async function takeOne(server: RunningServer, identity: StationIdentity, seq: number): Promise<number> {
  const station = await connectStation(server.url, identity, { maxSeq: seq - 1 });
  try {
    const item = makeSubmission(identity.stationId, seq, { blobBytes: 1000 });
    await station.upload(item);
    return (await station.commit(item.commit)).serverSeq;
  } finally {
    station.close();
  }
}

async function makeUsed(change: Partial<ServerSettingsInput> = {}) {
  const data = folder();
  const identity = makeIdentity();
  const server = await start(data, change);
  await enrol(server.url, identity);
  await takeOne(server, identity, 1);
  await server.close();
  return { data, identity };
}

describe('an empty database', () => {
  it.each([
    ['key, numbers and pages', () => undefined],
    [
      'pages alone',
      (data: string) => ['server-key.pem', 'high-water.json'].map((name) => rmSync(join(data, name))),
    ],
    [
      'key alone',
      (data: string) => [
        rmSync(join(data, 'blobs'), { recursive: true }),
        rmSync(join(data, 'high-water.json')),
      ],
    ],
    [
      'numbers alone',
      (data: string) => [
        rmSync(join(data, 'blobs'), { recursive: true }),
        rmSync(join(data, 'server-key.pem')),
      ],
    ],
  ])('is refused beside %s, again and again', async (_name, leave) => {
    const { data } = await makeUsed();
    dropDatabase(data);
    leave(data);
    for (let time = 0; time < 2; time += 1)
      await expect(start(data)).rejects.toThrow(/数据库是空的.*restore.*--new/);
  });

  it('is refused by the command too, and taken with --new, which begins beyond what was given out', async () => {
    const root = folder();
    const first = await startServerProcess(root, { database: undefined, blobs: undefined });
    const identity = makeIdentity();
    await enrol(first.url, identity, 'enrolment-for-tests');
    const station = await connectStation(first.url, identity);
    const given = (await station.commit(makePush(1, '01K00000000000000000000000', 'f').item.commit))
      .serverSeq;
    station.close();
    await first.kill('SIGTERM');
    const data = join(root, 'data');
    dropDatabase(data);
    await expect(first.start()).rejects.toThrow('数据库是空的');

    const again = await start(data, {}, { isNew: true });
    expect((await enrol(again.url, identity)).status).toBe(200);
    expect(await takeOne(again, identity, 1)).toBeGreaterThan(given + 1000);
    await again.close();
    await expect(start(data, {}, { isNew: true })).rejects.toThrow('去掉 --new');
    await (await start(data)).close();
  });

  it('is refused beside the pages of a bucket, where the machine itself is new', async () => {
    const s3 = await startS3();
    undo.push(() => s3.stop());
    const blobs = `s3://${bucket}/p?endpoint=${encodeURIComponent(s3.endpoint)}`;
    const { data } = await makeUsed({ blobs, s3Credentials });
    dropDatabase(data);
    await expect(start(folder(), { blobs, s3Credentials })).rejects.toThrow(/数据库是空的.*扫描件/);
  });

  it('is fine where there is nothing else, also after a first start that ended before the key was known', async () => {
    const data = folder();
    const store = await openStore({ folder: data });
    await store.close();
    await (await start(data)).close();
  });
});

describe('an older copy of the database', () => {
  it('is refused, and goes on after the numbers were skipped, giving none twice', async () => {
    const { data, identity } = await makeUsed();
    const copy = join(folder(), 'older');
    cpSync(join(data, 'server.sqlite'), copy);
    const server = await start(data);
    const given = await takeOne(server, identity, 2);
    const epoch = (await headOf(server, identity, 2)).epoch;
    await server.close();
    dropDatabase(data);
    cpSync(copy, join(data, 'server.sqlite'));
    await expect(start(data)).rejects.toThrow(/比本机的编号记录旧.*skip-numbers/);

    const settings = serverSettingsSchema.parse(testSettings(data));
    expect(await administer(settings, ['skip-numbers'])).toContain('已跳过');
    const on = await start(data);
    expect((await headOf(on, identity, 2)).epoch).not.toBe(epoch);
    expect(await takeOne(on, identity, 3)).toBeGreaterThan(given);
  });

  it('is noticed after a kill too, and a restored backup is no older copy', async () => {
    const root = folder();
    const process = await startServerProcess(root, { database: undefined, blobs: undefined });
    const data = join(root, 'data');
    const identity = makeIdentity();
    await enrol(process.url, identity, 'enrolment-for-tests');
    const settings = serverSettingsSchema.parse(testSettings(data));
    const backup = join(folder(), 'b.ludeng');
    const take = async (seq: number): Promise<number> => {
      const station = await connectStation(process.url, identity, { maxSeq: seq - 1 });
      const { item } = makePush(seq, '01K00000000000000000000000', 'f');
      const { serverSeq } = await station.commit(item.commit);
      station.close();
      return serverSeq;
    };
    await take(1);
    await administer(settings, ['backup', backup, '--plain']);
    const given = await take(2);
    await waitUntil(
      () => readFileSync(join(data, 'high-water.json'), 'utf8').includes(`"server-seq":${given}`),
      {
        what: 'the note beside the database',
      },
    );
    await process.kill('SIGKILL');
    dropDatabase(data);
    await expect(process.start()).rejects.toThrow('数据库是空的');
    dropDatabase(data);
    await expect(administer(settings, ['restore', backup, '--complete'])).rejects.toThrow(
      '不能按 --complete',
    );
    await administer(settings, ['restore', backup]);
    await process.start();
    expect(await take(3)).toBeGreaterThan(given);
    await process.kill('SIGTERM');
    expect(existsSync(join(data, 'high-water.json'))).toBe(true);
  });
});

async function headOf(
  server: RunningServer,
  identity: StationIdentity,
  maxSeq: number,
): Promise<{ epoch: string }> {
  const station = await connectStation(server.url, identity, { maxSeq });
  station.close();
  return station.welcome.head;
}

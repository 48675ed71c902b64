/** Spoilt bytes, wrong clocks and a full disk between a real station and the real server in a process of its own. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import { enrolmentCode, startServerProcess } from '#tests/support/server-process.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { readStoredBlob } from '#tests/support/server-stores.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

function makePlace(): string {
  const { folder, remove } = makeFolder();
  undo.push(remove);
  return folder;
}

async function startServer(folder: string): Promise<ServerProcess> {
  const server = await startServerProcess(folder);
  undo.push(() => server.kill());
  return server;
}

async function startStation(
  serverUrl: string,
  now?: () => Date,
): Promise<{ station: OpenedStore; link: Link }> {
  const station = openStation(join(makePlace(), 'station'));
  undo.push(() => station.store.close());
  await enrolStation({
    store: station.store,
    serverUrl,
    code: enrolmentCode,
    stationId: 'S1',
    stationName: '一号采集站',
  });
  const link = createLink({ ...station, appVersion: '1', catalogueHash: 'x', ...(now ? { now } : {}) });
  undo.push(() => link.close());
  return { station, link };
}

const delivered = (link: Link) =>
  waitUntil(() => link.state().queued === 0, { what: 'delivery', timeoutMs: 90_000 });

it('never accepts a page of which a bit was flipped on the way, and sends it again', async () => {
  const place = makePlace();
  const server = await startServer(place);
  const proxy = await startLineProxy({ targetPort: server.port });
  undo.push(proxy.close);
  const { station, link } = await startStation(proxy.url);
  const { itemId } = await queueSubmission(station, { pageBytes: 600_000 });
  const [sha = ''] = station.store.nextItem(new Set())?.blobs.map((blob) => blob.sha) ?? [];
  // in the middle of the page, whatever the greeting before it takes
  proxy.flip(300_000);
  link.start();
  await delivered(link);
  expect(proxy.bytesUp()).toBeGreaterThan(2 * 600_000);
  expect(await readStoredBlob(join(place, 'data'), sha)).toHaveLength(600_000);
  expect(await server.effects('item-received', itemId)).toBe(1);
});

it('goes on in the same session and the same order however the clock jumps', async () => {
  const server = await startServer(makePlace());
  let offsetMs = 0;
  const { station, link } = await startStation(server.url, () => new Date(Date.now() + offsetMs));
  link.start();
  const ids: string[] = [];
  for (const jump of [3_600_000, -3_600_000, -Date.now()]) {
    offsetMs = jump;
    ids.push((await queueSubmission(station)).itemId);
    await delivered(link);
  }
  expect(await server.query('select id from item order by server_seq')).toEqual(ids.map((id) => ({ id })));
  expect(await server.query('select session_epoch from station')).toEqual([{ session_epoch: 1 }]);
});

const disk = makeFolder();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk.folder], {
  encoding: 'utf8',
});
if (mounted.status === 0) spawnSync('umount', [disk.folder]);
disk.remove();

it.skipIf(mounted.status !== 0)(
  `acknowledges nothing while the server's disk is full, lives, and goes on when there is room${mounted.status === 0 ? '' : ` (skipped: ${mounted.stderr.trim()})`}`,
  async () => {
    const place = makePlace();
    const small = join(place, 'disk');
    mkdirSync(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]).status).toBe(0);
    undo.push(() => void spawnSync('umount', ['-l', small]));
    const server = await startServer(small);
    const proxy = await startLineProxy({ targetPort: server.port });
    undo.push(proxy.close);
    const { station, link } = await startStation(proxy.url);
    link.start();
    const first = await queueSubmission(station);
    await delivered(link);

    fill(join(small, 'filler'));
    const before = proxy.bytesUp();
    const waiting = [];
    for (let n = 0; n < 3; n += 1) waiting.push(await queueSubmission(station, { pageBytes: 200_000 }));
    // the first one's offer; a quick refusal keeps the others from being offered
    await waitUntil(() => proxy.bytesUp() > before + 300, { what: 'a try', timeoutMs: 30_000 });
    expect(link.state()).toMatchObject({ queued: 3, parked: 0 });
    expect(server.isRunning()).toBe(true);

    rmSync(join(small, 'filler'));
    await delivered(link);
    expect(link.state().parked).toBe(0);
    for (const { itemId } of [first, ...waiting])
      expect(await server.effects('item-received', itemId)).toBe(1);
  },
);

function fill(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (const block = randomBytes(4096); ;) writeSync(file, block);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}

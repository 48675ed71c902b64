import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { enrolmentCode, startServerProcess } from '#tests/support/server-process.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';

const stationProcess = fileURLToPath(new URL('../support/station-process.ts', import.meta.url));
const { folder: root, remove } = makeFolder();
const cleanUps: (() => unknown)[] = [];
let server: ServerProcess;
let count = 0;

beforeAll(async () => {
  server = await startServerProcess(join(root, 'server'));
});
afterAll(async () => {
  await server.kill();
  remove();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await server.start();
});

interface Station extends OpenedStore {
  folder: string;
  stationId: string;
  proxy: LineProxy;
  startLink(): Link;
  close(): Promise<void>;
}

/** An enrolled station whose line goes through a proxy. The timings of the line are the product's own. */
async function makeStation(line: { delayMs?: number; bytesPerSecond?: number } = {}): Promise<Station> {
  const stationId = `S${(count += 1)}`;
  const folder = join(root, stationId);
  const proxy = await startLineProxy({ targetPort: server.port, ...line });
  cleanUps.push(proxy.close);
  const opened = openStation(folder);
  await enrolStation({
    store: opened.store,
    serverUrl: proxy.url,
    code: enrolmentCode,
    stationId,
    stationName: '一号采集站',
  });
  const links: Link[] = [];
  const close = async () => {
    for (const link of links.splice(0)) await link.close();
    opened.store.close();
  };
  cleanUps.push(close);
  return {
    ...opened,
    folder,
    stationId,
    proxy,
    close,
    startLink() {
      const link = startLink(opened);
      links.push(link);
      return link;
    },
  };
}
function startLink(opened: OpenedStore): Link {
  const link = createLink({ ...opened, appVersion: '1.0.0', catalogueHash: 'test' });
  link.start();
  return link;
}
/** A station in a process of its own, to be killed. */
function spawnStation(folder: string) {
  const child = spawn(process.execPath, [stationProcess, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  cleanUps.push(kill);
  return { kill, output: () => output };
}
const delivered = (link: Link) =>
  waitUntil(() => link.state().queued === 0, { what: 'delivery', timeoutMs: 60_000 });
const oneEffect = async (itemId: string) => expect(await server.effects('item-received', itemId)).toBe(1);

describe('the line between station and server', () => {
  it('hands over by itself, once the server is there, what was queued without it', async () => {
    const station = await makeStation();
    await server.kill();
    const link = station.startLink();
    await waitUntil(() => link.state().state === 'offline');
    const first = await queueSubmission(station, { pages: 2, pageBytes: 300_000 });
    const second = await queueSubmission(station);
    expect(link.state()).toMatchObject({ queued: 2, error: { code: 'SERVER_UNREACHABLE' } });
    await server.start();
    await delivered(link);
    expect(link.state().state).toBe('online');
    for (const { itemId } of [first, second]) await oneEffect(itemId);
  });

  it('goes on after kill -9 of the station in the middle of the pages, with one effect and no page sent twice', async () => {
    const station = await makeStation({ bytesPerSecond: 4_000_000 });
    const { itemId, record, bytes } = await queueSubmission(station, { pages: 4, pageBytes: 1_000_000 });
    await station.close();
    const first = spawnStation(station.folder);
    await new Promise<void>((resolve) => station.proxy.whenUp(bytes / 2, resolve));
    await first.kill();
    // A station without power: what it had given to its own kernel is gone as well.
    station.proxy.cut();
    expect(await server.effects('item-received', itemId)).toBe(0);
    const second = spawnStation(station.folder);
    await waitUntil(async () => (await server.effects('item-received', itemId)) > 0, { timeoutMs: 30_000 });
    await waitUntil(() => second.output().includes('"queued":0'));
    await second.kill();
    await oneEffect(itemId);
    // At most one window (4 x 256 KB) again, and some framing.
    expect(station.proxy.bytesUp()).toBeLessThan(bytes + 4 * 262_144 + 100_000);
    const again = openStation(station.folder);
    cleanUps.push(() => again.store.close());
    expect(again.store.itemsOfRecord(record.id)).toMatchObject([{ state: 'accepted', blobsDone: 4 }]);
  });

  it('has one effect when the server dies between its commit and the answer', async () => {
    const station = await makeStation();
    const { itemId, record } = await queueSubmission(station);
    const isLost = new Promise<void>((resolve) => station.proxy.whenDown('manifestSha', resolve));
    const link = station.startLink();
    await isLost;
    await server.kill();
    expect(station.store.itemsOfRecord(record.id)).toMatchObject([{ state: 'committing' }]);
    await oneEffect(itemId);
    await server.start();
    await delivered(link);
    expect(station.store.itemsOfRecord(record.id)).toMatchObject([
      { state: 'accepted', receipt: { id: itemId } },
    ]);
    await oneEffect(itemId);
  });

  it('is back in less than 15 s after the line went silent in the middle of the pages', async () => {
    const station = await makeStation({ bytesPerSecond: 4_000_000 });
    const { itemId, bytes } = await queueSubmission(station, { pages: 2, pageBytes: 1_000_000 });
    const isFrozen = new Promise<number>((resolve) =>
      station.proxy.whenUp(bytes / 2, () => {
        station.proxy.freeze();
        resolve(performance.now());
      }),
    );
    const link = station.startLink();
    const frozenAt = await isFrozen;
    await delivered(link);
    expect(performance.now() - frozenAt).toBeLessThan(15_000);
    await oneEffect(itemId);
  });

  it('is back in less than 15 s when the line had gone silent unnoticed', async () => {
    const station = await makeStation();
    const link = station.startLink();
    await waitUntil(() => link.state().state === 'online');
    station.proxy.freeze();
    const queuedAt = performance.now();
    const { itemId } = await queueSubmission(station);
    await delivered(link);
    expect(performance.now() - queuedAt).toBeLessThan(15_000);
    await oneEffect(itemId);
  });

  it('makes progress in every session of a line that is reset again and again', async () => {
    const station = await makeStation({ bytesPerSecond: 3_000_000 });
    const { itemId, bytes } = await queueSubmission(station, { pages: 3, pageBytes: 1_000_000 });
    let cuts = 0;
    const cutLater = (at: number) =>
      station.proxy.whenUp(at, () => {
        cuts += 1;
        station.proxy.cut();
        if (at + 900_000 < bytes) cutLater(at + 900_000);
      });
    cutLater(900_000);
    const link = station.startLink();
    await delivered(link);
    expect(cuts).toBe(3);
    await oneEffect(itemId);
  });

  it('applies a change of the server once, however often it comes', async () => {
    const station = await makeStation();
    const { record } = await queueSubmission(station);
    const link = station.startLink();
    // These pages carry no seal: the server checks, and refuses the record by a numbered change.
    const refused = await waitUntil(() => {
      const now = station.store.getRecord(record.id);
      return now?.state === 'rejected' ? now : undefined;
    });
    expect(refused.operations.filter(({ action }) => action === '退回')).toHaveLength(1);
    const cursor = station.store.cursor();
    station.proxy.cut();
    await waitUntil(() => link.state().state === 'offline');
    await waitUntil(() => link.state().state === 'online');
    station.store.resetCursor('another-epoch');
    station.proxy.cut();
    await waitUntil(() => station.store.cursor()?.epoch === cursor?.epoch);
    await waitUntil(() => station.store.cursor()?.seq === cursor?.seq);
    expect(station.store.getRecord(record.id)).toEqual(refused);
  });

  it('lets the newer of two stations with one identity go on and stops the older', async () => {
    const station = await makeStation();
    await station.close();
    const copy = join(root, `${station.stationId}-copy`);
    cpSync(station.folder, copy, { recursive: true });
    const open = (folder: string) => {
      const opened = openStation(folder);
      const link = startLink(opened);
      cleanUps.push(async () => {
        await link.close();
        opened.store.close();
      });
      return { opened, link };
    };
    const original = open(station.folder);
    await waitUntil(() => original.link.state().state === 'online');
    const cloned = open(copy);
    await waitUntil(() => original.link.state().state === 'fenced');
    expect(original.link.state().error?.code).toBe('STATION_FENCED');
    await waitUntil(() => cloned.link.state().state === 'online');
  });

  it('is quarantined when its store is older than what the server has seen', async () => {
    const station = await makeStation();
    await queueSubmission(station);
    await station.close();
    const copy = join(root, `${station.stationId}-backup`);
    cpSync(station.folder, copy, { recursive: true });
    const original = openStation(station.folder);
    const later = await queueSubmission(original);
    const link = startLink(original);
    await delivered(link);
    await oneEffect(later.itemId);
    await link.close();
    original.store.close();
    const restored = openStation(copy);
    const restoredLink = startLink(restored);
    cleanUps.push(async () => {
      await restoredLink.close();
      restored.store.close();
    });
    await waitUntil(() => restoredLink.state().state === 'quarantined');
    expect(restoredLink.state()).toMatchObject({ queued: 1, error: { code: 'STATION_QUARANTINED' } });
  });

  it('is not let in with a wrong code, nor under an id that is taken', async () => {
    const { folder, remove: removeFolder } = makeFolder();
    cleanUps.push(removeFolder);
    const station = await makeStation();
    const { store } = openStation(folder);
    cleanUps.push(() => store.close());
    const request = { store, serverUrl: server.url, stationId: 'stranger', stationName: '生站' };
    await expect(enrolStation({ ...request, code: 'not-the-code' })).rejects.toMatchObject({
      code: 'ENROLMENT_REFUSED',
    });
    const taken = { ...request, stationId: station.stationId, code: enrolmentCode };
    await expect(enrolStation(taken)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(store.identity().enrolment).toBeUndefined();
    await server.kill();
    await expect(enrolStation({ ...request, code: enrolmentCode })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    });
  });
});

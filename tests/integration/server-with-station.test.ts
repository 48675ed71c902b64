import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { enrolmentCode, makeDataFolder, queryStore, startTestServer } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let place: ReturnType<typeof makeFolder>;
let server: RunningServer;
let line: LineProxy;
let station: OpenedStore;
let link: Link;

beforeEach(async () => {
  data = makeDataFolder();
  place = makeFolder();
  server = await startTestServer(data.folder);
  line = await startLineProxy({ targetPort: server.port });
  station = openStation(place.folder);
  await enrolStation({
    store: station.store,
    serverUrl: line.url,
    code: enrolmentCode,
    stationId: 'S1',
    stationName: '测试采集站',
  });
  link = createLink({ ...station, appVersion: '0.1.0', catalogueHash: 'x', random: () => 0 });
});
afterEach(async () => {
  await link.close();
  station.store.close();
  await line.close();
  await server.close();
  data.remove();
  place.remove();
});

it('carries submissions of the real station over a line that keeps breaking, each once, and answers each', async () => {
  const queued: Awaited<ReturnType<typeof queueSubmission>>[] = [];
  for (let n = 0; n < 6; n += 1)
    queued.push(await queueSubmission(station, { pages: 2, pageBytes: 150_000, stationId: 'S1' }));
  for (const share of [0.2, 0.5, 0.8]) line.whenUp(share * 6 * 300_000, () => line.cut());
  link.start();

  await waitUntil(() => station.store.outboxCounts().queued === 0, {
    timeoutMs: 60_000,
    what: 'an empty queue',
  });
  expect(station.store.outboxCounts().parked).toBe(0);
  // what was sent is no real record: the server's refusal of each comes back down
  await waitUntil(
    () => queued.every(({ record }) => station.store.getRecord(record.id)?.state === 'rejected'),
    {
      timeoutMs: 60_000,
      what: 'an answer for every record',
    },
  );
  expect(await queryStore(data.folder, 'select count(*) as n from item')).toEqual([{ n: 6 }]);
  expect(
    await queryStore(data.folder, `select count(*) as n from effect where kind = 'item-received'`),
  ).toEqual([{ n: 6 }]);
  expect(
    await queryStore(data.folder, `select count(*) as n from effect where kind = 'record-rejected'`),
  ).toEqual([{ n: 6 }]);
});

it('is found again by the station after a restart of the server', async () => {
  link.start();
  await waitUntil(() => link.state().state === 'online', { what: 'the line' });
  const { port } = server;
  await server.close();
  await waitUntil(() => link.state().state !== 'online', { what: 'the break' });
  const { itemId } = await queueSubmission(station, { stationId: 'S1' });
  server = await startTestServer(data.folder, { port });
  await waitUntil(async () => (await queryStore(data.folder, 'select id from item')).length === 1, {
    timeoutMs: 60_000,
    what: 'the item',
  });
  expect(await queryStore(data.folder, 'select id from item')).toEqual([{ id: itemId }]);
});

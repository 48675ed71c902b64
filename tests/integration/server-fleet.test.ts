/** Stations' health at the desk and settings from the desk, over a real line between a real server and a real station. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fleetSchema } from '#domain/contracts/desk/fleet.ts';
import type { FleetStation } from '#domain/contracts/desk/fleet.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { eventually } from '#tests/support/whole-station.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import type { Surroundings } from '../../scanner-agent/sync/report-health.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { enrolmentCode, makeDataFolder, queryStore, startTestServer } from './server-support.ts';

const password = 'a-long-password';
const metricsToken = 'a-token-for-metrics';
let data: ReturnType<typeof makeDataFolder>;
let place: ReturnType<typeof makeFolder>;
let server: RunningServer;
let station: OpenedStore;
let link: Link;
let surroundings: Surroundings;
let clockMs = 0;

beforeEach(async () => {
  data = makeDataFolder();
  place = makeFolder();
  clockMs = 0;
  surroundings = { devices: [], modelPack: '识别模型 a', disk: { freeBytes: 90, totalBytes: 100 } };
  server = await startTestServer(data.folder, {
    metrics: { token: metricsToken },
    accounts: [
      { id: 'keeper', name: '运维', department: '', permissions: ['fleet'], password },
      { id: 'reviewer', name: '审核', department: '房建处', permissions: ['review'], password },
    ],
  });
  station = openStation(place.folder);
  await enrolStation({
    store: station.store,
    serverUrl: server.url,
    code: enrolmentCode,
    stationId: 'S1',
    stationName: '一号采集站',
  });
  link = createLink({
    ...station,
    appVersion: '1.2.3',
    catalogueHash: 'cat',
    surroundings: () => surroundings,
    healthEveryMs: 200,
    now: () => new Date(Date.now() + clockMs),
    random: () => 0,
  });
});
afterEach(async () => {
  await link.close();
  station.store.close();
  await server.close();
  data.remove();
  place.remove();
});

async function signIn(account: string) {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return (path: string, method = 'GET', body?: unknown): Promise<Response> =>
    fetch(`${server.url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

async function seen(): Promise<FleetStation> {
  const keeper = await signIn('keeper');
  const [row] = fleetSchema.parse(await (await keeper('/api/fleet')).json()).stations;
  if (!row) throw new Error('no station');
  return row;
}
const seenWhen = (what: string, test: (row: FleetStation) => boolean): Promise<FleetStation> =>
  eventually(what, async () => {
    const row = await seen();
    return test(row) ? row : undefined;
  });
const accepted = async (): Promise<number> => (await queryStore(data.folder, 'select id from item')).length;

it('shows what the station tells, and alarms as soon as a device fails, the disk is short or the clock is off', async () => {
  expect(await seen()).toMatchObject({ online: false, light: 'green', alarms: [] });
  link.start();
  const fine = await seenWhen('health', ({ health }) => health !== undefined);
  expect(fine).toMatchObject({ online: true, light: 'green', alarms: [], version: '1.2.3' });
  expect(fine.health).toMatchObject({ queued: 0, modelPack: '识别模型 a', catalogueHash: 'cat' });
  expect(Math.abs(fine.clockOffsetMs ?? Infinity)).toBeLessThan(60_000);

  surroundings = {
    devices: [{ kind: 'scanner', name: '扫描仪', state: 'fault', advice: '请检查电源' }],
    disk: { freeBytes: 4, totalBytes: 100 },
  };
  clockMs = 10 * 60_000;
  const bad = await seenWhen('alarms', ({ alarms }) => alarms.length === 3);
  expect(bad.light).toBe('red');
  expect(bad.alarms.map(({ code }) => code)).toEqual(['disk-short', 'device-fault', 'clock-off']);
});

it('answers those only who may, refuses settings that make no sense, and knows no unknown station', async () => {
  const reviewer = await signIn('reviewer');
  const keeper = await signIn('keeper');
  const settings = { name: '甲' };
  expect((await fetch(`${server.url}/api/fleet`)).status).toBe(401);
  expect((await reviewer('/api/fleet')).status).toBe(403);
  expect((await reviewer('/api/fleet/S1/settings', 'PUT', settings)).status).toBe(403);
  expect((await keeper('/api/fleet/S9/settings', 'PUT', settings)).status).toBe(404);
  for (const wrong of [
    { name: ' ' },
    { name: '甲', bandwidthKbps: 1 },
    { name: '甲', quietHours: { from: '08:00', to: '08:00' } },
    { name: '甲', quietHours: { from: '8', to: '25:00' } },
  ])
    expect((await keeper('/api/fleet/S1/settings', 'PUT', wrong)).status).toBe(400);
  expect(await queryStore(data.folder, 'select * from change')).toEqual([]);
});

it('sends settings down as a numbered change, also to a station that was away, and says when they are in force', async () => {
  const keeper = await signIn('keeper');
  const first = { name: '政务大厅一号', bandwidthKbps: 2000 };
  const answer = await keeper('/api/fleet/S1/settings', 'PUT', first);
  expect(await answer.json()).toMatchObject({ name: '政务大厅一号', isSettingsApplied: false });
  link.start();
  await seenWhen('the settings in force', ({ isSettingsApplied }) => isSettingsApplied);
  expect(station.store.settings()).toEqual({ revision: 1, settings: first });

  await keeper('/api/fleet/S1/settings', 'PUT', { name: '政务大厅二号' });
  await eventually('the second ones', () => (station.store.settings()?.revision === 2 ? true : undefined));
  expect(station.store.settings()?.settings).toEqual({ name: '政务大厅二号' });

  // the counter starts anew, and no server is there
  await link.close();
  station.store.close();
  station = openStation(place.folder);
  expect(station.store.settings()).toEqual({ revision: 2, settings: { name: '政务大厅二号' } });
});

it('keeps to the bandwidth limit between the pieces of an upload, and hurries once it is lifted', async () => {
  const keeper = await signIn('keeper');
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号', bandwidthKbps: 400 });
  link.start();
  await seenWhen('the limit in force', ({ isSettingsApplied }) => isSettingsApplied);
  const begun = performance.now();
  await queueSubmission(station, { pages: 2, pageBytes: 100_000, stationId: 'S1' });
  await eventually('the first item', async () => ((await accepted()) === 1 ? true : undefined));
  // 200 kB at 50 kB/s take 4 s; the last piece is sent without waiting for its own time
  expect(performance.now() - begun).toBeGreaterThan(1_800);

  await queueSubmission(station, { pages: 1, pageBytes: 6_000_000, stationId: 'S1' });
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号' });
  // 6 MB at the limit would take two minutes
  await eventually('the large item', async () => ((await accepted()) === 2 ? true : undefined));
});

it('lets large uploads rest in the quiet hours while small items, answers and settings go on', async () => {
  const minutes = (offset: number): string =>
    new Date(Date.now() + 8 * 3_600_000 + offset * 60_000).toISOString().slice(11, 16);
  const keeper = await signIn('keeper');
  const quietHours = { from: minutes(-60), to: minutes(60) };
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号', quietHours });
  link.start();
  await seenWhen('the quiet hours in force', ({ isSettingsApplied }) => isSettingsApplied);

  const large = await queueSubmission(station, { pages: 3, pageBytes: 200_000, stationId: 'S1' });
  const small = await queueSubmission(station, { pages: 1, pageBytes: 20_000, stationId: 'S1' });
  await eventually('an answer for the small one', () =>
    station.store.getRecord(small.record.id)?.state === 'rejected' ? true : undefined,
  );
  expect(await queryStore(data.folder, 'select id from item')).toEqual([{ id: small.itemId }]);
  expect(station.store.itemsOfRecord(large.record.id)[0]).toMatchObject({ state: 'ready', attempts: 0 });

  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号' });
  await eventually('the large one', async () => ((await accepted()) === 2 ? true : undefined));
});

it('stops a large upload where it is when the quiet hours begin, and loses nothing of it', async () => {
  const keeper = await signIn('keeper');
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号', bandwidthKbps: 800 });
  link.start();
  await seenWhen('the limit in force', ({ isSettingsApplied }) => isSettingsApplied);
  const { record } = await queueSubmission(station, { pages: 1, pageBytes: 3_000_000, stationId: 'S1' });
  const stateOf = () => station.store.itemsOfRecord(record.id)[0]?.state;
  await eventually('the upload', () => (stateOf() === 'uploading' ? true : undefined));

  const now = new Date(Date.now() + 8 * 3_600_000).toISOString();
  const quietHours = { from: now.slice(11, 16), to: `${now.slice(11, 13) === '00' ? '23' : '00'}:00` };
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号', bandwidthKbps: 800, quietHours });
  await eventually('the rest', () => (stateOf() === 'ready' ? true : undefined));
  expect(link.state().state).toBe('online');
  await keeper('/api/fleet/S1/settings', 'PUT', { name: '一号' });
  await eventually('the item', () => (stateOf() === 'accepted' ? true : undefined));
});

it('counts for Prometheus what came in, and shows it to the bearer of the token only', async () => {
  const scrape = (headers: Record<string, string> = {}) => fetch(`${server.url}/metrics`, { headers });
  expect((await scrape()).status).toBe(401);
  expect((await scrape({ authorization: 'Bearer a-token-for-metricS' })).status).toBe(401);
  link.start();
  await queueSubmission(station, { stationId: 'S1' });
  await eventually('the item', async () => ((await accepted()) === 1 ? true : undefined));
  const text = await eventually('the job done', async () => {
    const answer = await scrape({ authorization: `Bearer ${metricsToken}` });
    const body = await answer.text();
    return /ludeng_jobs_done_total\{kind="submission"\} 1/.test(body) ? body : undefined;
  });
  expect(text).toContain('ludeng_stations_online 1');
  expect(text).toContain('ludeng_stations{state="active"} 1');
  expect(text).toContain('ludeng_items_accepted_total{kind="submission"} 1');
  expect(text).toContain('ludeng_jobs{state="parked"} 0');
  expect(text).toMatch(/ludeng_receipt_seconds_count 1\n/);
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).not.toContain('S1');
});

/** Station and server compare what they hold, after losses that a backup, a disk or a copy may bring. */
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { auditFindingsSchema, fleetSchema, fleetStationSchema } from '#domain/contracts/desk/fleet.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  enrolmentCode,
  makeDataFolder,
  queryStore,
  startTestServer,
  testSettings,
} from './server-support.ts';

const undo: (() => Promise<void> | void)[] = [];
let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let station: OpenedStore;
let stationFolder: string;

beforeEach(async () => {
  data = makeDataFolder();
  undo.push(() => data.remove());
  server = await startTestServer(data.folder);
  undo.push(() => server.close());
  const place = makeFolder();
  undo.push(place.remove);
  stationFolder = place.folder;
  station = openStation(stationFolder);
  undo.push(() => station.store.close());
  await enrolStation({
    store: station.store,
    serverUrl: server.url,
    code: enrolmentCode,
    stationId: 'S1',
    stationName: '测试采集站',
  });
});
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

/** `random: 0`: the first audit is due at once. */
function startLink(): Link {
  const link = createLink({ ...station, appVersion: '1', catalogueHash: 'x', random: () => 0 });
  undo.push(() => link.close());
  link.start();
  return link;
}

async function deliver(count: number): Promise<string[]> {
  const ids = [];
  for (let n = 0; n < count; n += 1) ids.push((await queueSubmission(station, { pageBytes: 30_000 })).itemId);
  const link = startLink();
  await waitUntil(() => link.state().queued === 0, { what: 'delivery', timeoutMs: 60_000 });
  await link.close();
  return ids;
}

const itemsOn = async (folder: string): Promise<string[]> =>
  (await queryStore<{ id: string }>(folder, 'select id from item order by seq')).map(({ id }) => id);
const alarmsOn = (folder: string) =>
  queryStore<{ kind: string; ref_id: string }>(
    folder,
    `select kind, ref_id from alarm where kind <> 'job-parked' order by at`,
  );

const keeper = {
  ...{ id: 'keeper', name: '运维', department: '', permissions: ['fleet'] },
  password: 'a-long-password',
};
/** The fleet's API; throws the status of what it refuses. */
async function signInAsKeeper(): Promise<(path: string, body?: unknown) => Promise<unknown>> {
  const send = (path: string, headers: Record<string, string>, body?: unknown) =>
    fetch(`${server.url}/api${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    });
  const { id: account, password } = keeper;
  const signedIn = await send('/session', {}, { account, password });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path, body) => {
    const answer = await send(`/fleet${path}`, { cookie }, body);
    if (!answer.ok) throw new Error(String(answer.status));
    const told: unknown = await answer.json();
    return told;
  };
}

describe('a server restored from an older backup', () => {
  async function restoreBefore(work: () => Promise<void>): Promise<string> {
    const settings = async (folder: string) =>
      serverSettingsSchema.parse(testSettings(folder, await storeSettings(folder)));
    const file = join(stationFolder, 'backup.ludeng');
    await administer(await settings(data.folder), ['backup', file, '--plain']);
    await work();
    const { port } = server;
    await server.close();
    const fresh = makeDataFolder();
    undo.push(() => fresh.remove());
    await administer(await settings(fresh.folder), ['restore', file]);
    server = await startTestServer(fresh.folder, { port, accounts: [keeper] });
    return fresh.folder;
  }

  it('gets again what came after the backup, as long as the station has the pages, and has it once', async () => {
    const before = await deliver(1);
    const after: string[] = [];
    const fresh = await restoreBefore(async () => void after.push(...(await deliver(2))));
    expect(await itemsOn(fresh)).toEqual(before);
    const link = startLink();
    await waitUntil(async () => (await itemsOn(fresh)).length === 3, {
      what: 'the items',
      timeoutMs: 60_000,
    });
    await waitUntil(() => link.state().queued === 0);
    expect(await itemsOn(fresh)).toEqual([...before, ...after]);
    for (const id of after)
      expect(
        await queryStore(fresh, `select ref_id from effect where kind = 'item-received' and ref_id = ?`, id),
      ).toHaveLength(1);
    expect((await alarmsOn(fresh)).filter(({ kind }) => kind === 'item-lost')).toEqual([]);
  });

  it('raises an alarm, once, for what the station has no pages of any more', async () => {
    await deliver(1);
    let gone = '';
    const fresh = await restoreBefore(async () => {
      [gone = ''] = await deliver(1);
      station.store.purgeAccepted('9999');
    });
    startLink();
    await waitUntil(async () => (await alarmsOn(fresh)).length > 0, { what: 'the alarm', timeoutMs: 30_000 });
    startLink();
    expect(await alarmsOn(fresh)).toEqual([{ kind: 'item-lost', ref_id: gone }]);

    const fleet = await signInAsKeeper();
    const [row] = fleetSchema.parse(await fleet('')).stations;
    expect(row).toMatchObject({ light: 'red', alarms: [{ code: 'item-lost', level: 'red', amount: 1 }] });
    const findings = auditFindingsSchema.parse(await fleet('/S1/findings'));
    expect(findings).toMatchObject([{ kind: 'item-lost', itemId: gone }]);
    const acknowledgement = { findings: findings.map(({ id }) => id), reason: '已通知申请人重新提交' };
    await expect(fleet('/S1/acknowledgements', { ...acknowledgement, reason: ' ' })).rejects.toThrow('400');
    const after = fleetStationSchema.parse(await fleet('/S1/acknowledgements', acknowledgement));
    expect(after).toMatchObject({ light: 'green', alarms: [] });
    expect(auditFindingsSchema.parse(await fleet('/S1/findings'))).toEqual([]);
    expect(
      await queryStore(fresh, 'select settled_by, settled_reason from alarm where ref_id = ?', gone),
    ).toEqual([{ settled_by: 'keeper', settled_reason: '已通知申请人重新提交' }]);
    expect(
      await queryStore(fresh, `select account from log_line where action = 'alarm-acknowledged'`),
    ).toEqual([{ account: 'keeper' }]);
  });
});

it.skipIf(inject('s3') !== undefined)(
  'sets a page aside that its disk has spoilt, and gets it again from the station',
  async () => {
    const [id = ''] = await deliver(1);
    const [{ sha } = { sha: '' }] = await queryStore<{ sha: string }>(
      data.folder,
      'select sha from item_blob',
    );
    const path = join(data.folder, 'blobs', sha.slice(0, 2), sha);
    const spoilt = readFileSync(path);
    spoilt[100] = (spoilt[100] ?? 0) ^ 1;
    writeFileSync(path, spoilt);
    startLink();
    const isRight = () => existsSync(path) && hash('sha256', readFileSync(path)) === sha;
    await waitUntil(isRight, { what: 'the page', timeoutMs: 30_000 });
    await waitUntil(() => station.store.auditItems(0, 1)[0]?.state === 'kept', { what: 'the receipt' });
    expect(readdirSync(join(data.folder, 'blobs', 'damaged'))).toHaveLength(1);
    expect(
      await queryStore(
        data.folder,
        `select ref_id from effect where kind = 'item-received' and ref_id = ?`,
        id,
      ),
    ).toHaveLength(1);
  },
);

it('puts a station in quarantine that does not know an item of its own', async () => {
  await deliver(1);
  station.store.close();
  const db = new Database(join(stationFolder, 'store.db'));
  db.exec('drop trigger item_unchanged');
  db.pragma('foreign_keys = off');
  db.prepare(`update item set id = '01K00000000000000000000000' where seq = 1`).run();
  db.close();
  station = openStation(stationFolder);
  const link = startLink();
  await waitUntil(() => link.state().state === 'quarantined', { what: 'the quarantine', timeoutMs: 30_000 });
  expect((await alarmsOn(data.folder)).map(({ kind }) => kind)).toEqual(['station-quarantined']);
});

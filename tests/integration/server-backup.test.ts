import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, inject, it } from 'vitest';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import type { Receipt } from '#domain/sync/schema.ts';
import { readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettings } from '../../sync-server/settings.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  makeSubmission,
  queryStore,
  startTestServer,
  testSettings,
} from './server-support.ts';
import type { TestItem } from './server-support.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

function folder(): string {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  return data.folder;
}

async function settingsOf(dataFolder: string): Promise<ServerSettings> {
  return serverSettingsSchema.parse(testSettings(dataFolder, await storeSettings(dataFolder)));
}

async function start(dataFolder: string) {
  const server = await startTestServer(dataFolder, { secondReading: { enabled: false } });
  undo.push(() => server.close());
  return server;
}

it('has every item, receipt, page and change again after a backup of a busy server is restored elsewhere', async () => {
  const old = folder();
  const server = await start(old);
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  const sent: { item: TestItem; receipt: Receipt }[] = [];
  const send = async (seq: number): Promise<void> => {
    const item = makeSubmission(identity.stationId, seq, { blobBytes: 50_000 });
    await station.upload(item);
    sent.push({ item, receipt: await station.commit(item.commit) });
  };
  for (let seq = 1; seq <= 3; seq += 1) await send(seq);
  const before = [...sent];

  // the station goes on while the backup is made
  const file = join(folder(), 'backup.ludeng');
  let isDone = false;
  const backup = administer(await settingsOf(old), ['backup', file, '--plain']).finally(
    () => (isDone = true),
  );
  for (let seq = 4; !isDone; seq += 1) await send(seq);
  expect(await backup).toContain('已备份');
  await station.pullUntil((changes) => changes.length === sent.length);
  station.close();
  await server.close();

  const fresh = folder();
  expect(await administer(await settingsOf(fresh), ['restore', file])).toContain('已恢复');
  await expect(administer(await settingsOf(fresh), ['restore', file])).rejects.toThrow(
    '只能恢复到空的数据库',
  );
  for (const { item } of before) {
    for (const [sha, bytes] of item.bytes)
      expect(Buffer.from(await readStoredBlob(fresh, sha)).equals(bytes)).toBe(true);
  }
  const restored = await start(fresh);
  expect(restored.publicKey).toBe(server.publicKey);
  const again = await connectStation(restored.url, identity, { maxSeq: sent.length });
  undo.push(() => again.close());
  for (const { item, receipt } of before) expect(await again.commit(item.commit)).toEqual(receipt);
  // what came after the backup comes once more, and every receipt number is new
  expect(again.welcome.head.epoch).not.toBe(station.welcome.head.epoch);
  const numbers = new Set(sent.map(({ receipt }) => receipt.serverSeq));
  for (const { item } of sent) {
    if ((await again.offer(item.offer)).state === 'already') continue;
    await again.upload(item);
    expect(numbers).not.toContain((await again.commit(item.commit)).serverSeq);
  }
  const items = await queryStore<{ id: string }>(fresh, 'select id from item order by seq');
  expect(items.map(({ id }) => id)).toEqual(sent.map(({ item }) => item.commit.id));
  expect(await queryStore(fresh, `select ref_id from effect where kind = 'item-received'`)).toHaveLength(
    sent.length,
  );
  const changes = await again.pullUntil(
    (list) => new Set(list.map(({ change }) => 'recordId' in change && change.recordId)).size === sent.length,
  );
  expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_change, index) => index + 1));
});

it('goes on with numbers and cursors when the old server never ran again, on whichever store', async () => {
  const old = folder();
  const server = await startTestServer(old, { database: undefined, blobs: undefined });
  undo.push(() => server.close());
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  const { item } = makePush(1, '01K00000000000000000000000', 'f');
  const receipt = await station.commit(item.commit);
  station.close();
  await server.close();
  const file = join(folder(), 'backup.ludeng');
  const embedded = serverSettingsSchema.parse(testSettings(old));
  await administer(embedded, ['backup', file, '--plain']);

  // from SQLite and files into what this project of tests runs on: a county that became a province
  const fresh = folder();
  await administer(await settingsOf(fresh), ['restore', file, '--complete']);
  const moved = await start(fresh);
  expect(existsSync(join(fresh, 'server.sqlite'))).toBe(inject('postgres') === undefined);
  const again = await connectStation(moved.url, identity, { maxSeq: 1 });
  undo.push(() => again.close());
  expect(again.welcome.head.epoch).toBe(station.welcome.head.epoch);
  expect(await again.commit(item.commit)).toEqual(receipt);
  const next = await again.commit(makePush(2, '01K00000000000000000000000', 'f').item.commit);
  expect(next.serverSeq).toBe(receipt.serverSeq + 1);
});

it('makes no backup over another file, and restores nothing that is none', async () => {
  const old = folder();
  const server = await start(old);
  await server.close();
  const settings = await settingsOf(old);
  const file = join(folder(), 'backup.ludeng');
  await administer(settings, ['backup', file, '--plain']);
  await expect(administer(settings, ['backup', file, '--plain'])).rejects.toThrow('已存在');
  const fresh = await settingsOf(folder());
  await expect(administer(fresh, ['restore', import.meta.filename])).rejects.toThrow('不是绿灯站的备份文件');
  await expect(administer(fresh, ['restore', `${file}.gone`])).rejects.toThrow('没有找到备份文件');
});

it('refuses to start with another key than the one stations know', async () => {
  const old = folder();
  await (await start(old)).close();
  const other = join(folder(), 'server-key.pem');
  await expect(startTestServer(old, { keyFile: other })).rejects.toThrow('没有找到服务器密钥');
});

it('lets a quarantined station go on with a new store, and parked work be done again', async () => {
  const data = folder();
  const server = await start(data);
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const first = await connectStation(server.url, identity);
  await first.commit(makePush(1, '01K00000000000000000000000', 'f').item.commit);
  first.close();
  const replaced = { ...identity, installId: '01K0000000000000000000000Z' };
  await expect(connectStation(server.url, replaced)).rejects.toMatchObject({ code: 'STATION_QUARANTINED' });
  const settings = await settingsOf(data);
  expect(await administer(settings, ['alarms'])).toContain(`station-quarantined  ${identity.stationId}`);
  expect(await administer(settings, ['release', identity.stationId])).toContain('已解除隔离');
  await expect(administer(settings, ['release', identity.stationId])).rejects.toThrow('没有被隔离');
  expect(await administer(settings, ['alarms'])).toBe('没有未处理的告警');

  const station = await connectStation(server.url, replaced);
  undo.push(() => station.close());
  const { item } = makePush(1, '01K00000000000000000000001', 'f');
  expect((await station.commit(item.commit)).id).toBe(item.commit.id);
  await expect(administer(settings, ['resend', '--all'])).rejects.toThrow('没有这样的停放任务');
});

it('has a registration that is being filled in again, with its pictures, and nothing of one that was dropped', async () => {
  const old = folder();
  const server = await start(old);
  const path = '/api/registrations';
  const ask = (
    url: string,
    cookie: string,
    method: string,
    to: string,
    body?: object | Uint8Array<ArrayBuffer>,
  ) =>
    fetch(`${url}${path}${to}`, {
      method,
      headers: {
        cookie,
        ...(body === undefined
          ? {}
          : { 'content-type': body instanceof Uint8Array ? 'image/jpeg' : 'application/json' }),
      },
      body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
    });
  const jpeg = new Uint8Array(
    await sharp({ create: { width: 900, height: 700, channels: 3, background: '#e8e2d0' } })
      .jpeg()
      .toBuffer(),
  );
  const begin = async (): Promise<{ cookie: string; sha: string }> => {
    const begun = await ask(server.url, '', 'POST', '', {
      programme: 'yunnan-user-centre',
      type: 'enterprise',
    });
    const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const added = await ask(server.url, cookie, 'POST', '/own/attachments/authorisation?name=a.jpg', jpeg);
    expect(added.status).toBe(200);
    const own = registrationRoutes.ownRegistration.answer.parse(
      await (await ask(server.url, cookie, 'GET', '/own')).json(),
    );
    return { cookie, sha: own.registration?.files[0]?.sha ?? '' };
  };
  const kept = await begin();
  const dropped = await begin();
  await ask(server.url, dropped.cookie, 'DELETE', '/own');
  const file = join(folder(), 'backup.ludeng');
  await administer(await settingsOf(old), ['backup', file, '--plain']);
  await server.close();
  const fresh = folder();
  await administer(await settingsOf(fresh), ['restore', file]);
  const restored = await start(fresh);
  const shown = await ask(restored.url, kept.cookie, 'GET', `/own/attachments/authorisation/${kept.sha}`);
  expect(shown.status).toBe(200);
  expect((await shown.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
  expect(await (await ask(restored.url, dropped.cookie, 'GET', '/own')).json()).toEqual({});
});

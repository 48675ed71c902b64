import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import type { Change } from '#domain/sync/change.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { createFeedRows, dropOvertaken, dropUploads } from '../../sync-server/store/feed-rows.ts';
import { migrations } from '../../sync-server/store/migrations/all.ts';
import { bringUpToDate, openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createProofRows } from '../../sync-server/store/proof-rows.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const at = '2026-01-01T00:00:00.000Z';
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

function folder(): string {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  return data.folder;
}

async function open(place: string, options: { beside?: boolean } = {}): Promise<OpenStore> {
  const { database } = await storeSettings(place);
  const store = await openStore({ folder: place, database, ...options });
  undo.push(() => store.close());
  return store;
}

describe('a store of an earlier version', () => {
  const versions = Object.keys(migrations).slice(0, -1);

  it.each(versions)('is brought up to date from %s with what it holds', async (version) => {
    const place = folder();
    const old = await open(place, { beside: true });
    await bringUpToDate(old.db, version);
    const [recordId, pushId] = [ulid(), ulid()];
    const change = JSON.stringify({ kind: 'push-state', recordId, pushId, state: 'approved', at });
    await queryOld(old, [
      `insert into station (id, name, public_key, session_epoch, state, pending, app_version, enrolled_at)
       values ('S', 'S', 'k', 3, 'active', 0, '1', '${at}')`,
      version < '0014'
        ? `insert into feed_head (station_id, seq) values ('S', 1)`
        : `insert into feed_head (audience, seq) values ('station:S', 1)`,
      `insert into item (id, station_id, seq, kind, schema_version, payload, payload_sha, manifest_sha, server_seq,
         received_at, signature) values ('I', 'S', 1, 'push', 1, '{}', 'p', 'm', 1, '${at}', 's')`,
      `insert into blob (sha, size, mime, stored_at) values ('b1', 1, 'm', '${at}'), ('b2', 1, 'm', '${at}')`,
      `insert into item_blob (item_id, ord, sha, role)
       values ('I', 0, 'b1', 'page'), ('I', 1, 'b2', 'page'), ('I', 2, 'b1', 'page')`,
      `insert into alarm (id, at, kind, ref_id, detail) values ('A', '${at}', 'k', 'r', 'd')`,
    ]);
    await old.db
      .insertInto('change')
      .values({
        ...(version < '0014' ? { station_id: 'S' } : { audience: 'station:S', subject: `push:${pushId}` }),
        ...{ seq: 1, body: change, at },
      } as never)
      .execute();

    const { db } = await open(place);
    expect(await createStationRows(db).find('S')).toMatchObject({ sessionEpoch: 3, onlineUntilMs: 0 });
    const { changes } = await createFeedRows(db, 'e').pull({
      audience: 'station:S',
      epoch: 'e',
      after: 0,
      maxBytes: 1000,
    });
    expect(changes).toEqual([{ seq: 1, change: JSON.parse(change) as unknown }]);
    // what it delivered it has shown
    if (version < '0012') {
      const proofs = createProofRows(db);
      await dropUploads(db, '2999-01-01T00:00:00.000Z');
      expect([...(await proofs.proved('S', ['b1', 'b2', 'b3']))].toSorted()).toEqual(['b1', 'b2']);
      expect((await proofs.proved('T', ['b1'])).size).toBe(0);
    }
    if (version < '0004')
      expect(await queryStore(place, 'select subject from change')).toEqual([{ subject: `push:${pushId}` }]);
  });

  async function queryOld({ db }: OpenStore, statements: string[]): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  }
});

it('gives a station that was away for long the last word on each thing', async () => {
  const place = folder();
  const { db } = await open(place);
  await createStationRows(db).addKnown({ id: 'S', name: 'S', publicKey: 'k' }, at);
  const [record, other, pushId] = [ulid(), ulid(), ulid()];
  const say = (change: Change, when: string): Promise<void> =>
    db.transaction().execute((trx) => appendChanges(trx, [{ to: ['station:S'], changes: [change] }], when));
  const later = '2026-06-01T00:00:00.000Z';
  const rejected = { kind: 'record-rejected', code: 'X', message: '', at } as const;
  const pushed = { kind: 'push-state', recordId: record, pushId, at } as const;
  await say({ ...rejected, recordId: record }, at);
  await say({ ...rejected, recordId: other }, at);
  await say({ kind: 'record-stored', recordId: record, uniqueCode: 'U', storedAt: at }, at);
  await say({ ...pushed, state: 'under-review' }, at);
  await say({ ...pushed, state: 'approved' }, later);

  const feed = createFeedRows(db, 'e');
  const hear = async (after: number): Promise<Map<string, string>> => {
    const { changes, next, more } = await feed.pull({
      audience: 'station:S',
      epoch: 'e',
      after,
      maxBytes: 1e6,
    });
    expect([next, more]).toEqual([5, false]);
    return new Map(
      changes.map(({ change }) => [
        'pushId' in change ? change.pushId : 'recordId' in change ? change.recordId : change.kind,
        change.kind === 'push-state' ? change.state : change.kind,
      ]),
    );
  };
  const whole = await Promise.all([0, 1, 2, 3, 4].map(hear));
  expect(await dropOvertaken(db, '2026-03-01T00:00:00.000Z')).toBe(2);
  // whatever a reader knew before, it ends with the same
  expect(await Promise.all([0, 1, 2, 3, 4].map(hear))).toEqual(whole);
  expect(await queryStore(place, 'select seq from change order by seq')).toEqual([
    { seq: 2 },
    { seq: 3 },
    { seq: 5 },
  ]);
});

it('removes uploads that were given up and leaves those that go on', async () => {
  const place = folder();
  const incoming = join(place, 'blobs', 'incoming', 'S');
  mkdirSync(incoming, { recursive: true });
  const [old, fresh] = [join(incoming, 'a'.repeat(64)), join(incoming, 'b'.repeat(64))];
  for (const file of [old, fresh]) writeFileSync(file, 'begun');
  const longAgo = new Date(Date.now() - 40 * 24 * 3_600_000);
  utimesSync(old, longAgo, longAgo);
  const server = await startTestServer(place);
  undo.push(() => server.close());
  await expect.poll(() => existsSync(old)).toBe(false);
  expect(readFileSync(fresh, 'utf8')).toBe('begun');
});

it('says that it is ready, and why when it is not', async () => {
  const place = folder();
  const server = await startTestServer(place, { drainSeconds: 5 });
  const ask = async () => {
    const answer = await fetch(`${server.url}/readyz`);
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  expect(await ask()).toEqual({ status: 200, body: { ok: true, failed: [] } });
  const closed = server.close();
  expect(await ask()).toEqual({ status: 503, body: { ok: false, failed: ['draining'] } });
  await closed;
  await expect(ask()).rejects.toThrow();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Case, CaseDecision } from '#domain/cases/schema.ts';
import { createCaseRows } from './case-rows.ts';
import { createFleetRows } from './fleet-rows.ts';
import { createItemRows } from './item-rows.ts';
import { createJobRows } from './job-rows.ts';
import { openStore } from './open-store.ts';
import type { OpenStore } from './open-store.ts';
import { createStationRows } from './station-rows.ts';

const at = '2026-11-21T09:00:00.000Z';
const hash = 'a'.repeat(64);
let folder: string;
let store: OpenStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  store = await openStore({ folder });
  await createStationRows(store.db).addKnown({ id: 'S', name: 'S', publicKey: 'k' }, at);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function commit(sessionEpoch: number): Promise<string> {
  const jobId = ulid();
  await createItemRows(store.db, store.flush).commit(
    {
      id: ulid(),
      stationId: 'S',
      seq: 1,
      kind: 'push',
      schemaVersion: 1,
      payload: '{}',
      payloadSha: hash,
      manifestSha: hash,
      blobs: [],
    },
    { sessionEpoch, jobId, jobKind: 'push', at, sign: () => 'signature' },
  );
  return jobId;
}

const openSession = () =>
  createStationRows(store.db).openSession({
    stationId: 'S',
    installId: ulid(),
    maxSeq: 0,
    pending: 0,
    appVersion: '1',
    blobTokenSha: hash,
    at,
    onlineUntilMs: 0,
  });

it('refuses the commit of an older session, whatever process holds it', async () => {
  const older = await openSession();
  const newer = await openSession();
  await expect(commit(older.sessionEpoch)).rejects.toMatchObject({ code: 'STATION_FENCED' });
  await expect(commit(newer.sessionEpoch)).resolves.toBeTypeOf('string');
});

it('raises what the audit found once, not again while acknowledged, and anew once the item had been whole', async () => {
  const items = createItemRows(store.db, store.flush);
  const fleet = createFleetRows(store.db);
  const itemId = ulid();
  const note = (kind: 'page-lost' | 'item-lost' = 'page-lost') =>
    items.noteFinding({ kind, stationId: 'S', itemId, detail: 'd', at });
  const idsOpen = async () => (await fleet.findings('S')).map(({ id }) => id);
  await note();
  await note();
  const first = await idsOpen();
  expect(first).toHaveLength(1);
  expect((await fleet.countFindings()).get('S')).toEqual({ 'page-lost': 1 });

  await fleet.acknowledge('T', { findings: first, reason: 'r', accountId: 'a', at });
  expect(await idsOpen()).toEqual(first);
  await fleet.acknowledge('S', { findings: first, reason: 'r', accountId: 'a', at });
  await note();
  expect(await idsOpen()).toEqual([]);
  await note('item-lost');
  expect((await fleet.countFindings()).get('S')).toEqual({ 'item-lost': 1 });

  await items.forgetFindings({ stationId: 'S', itemIds: [ulid()] });
  await note();
  expect((await fleet.countFindings()).get('S')).toEqual({ 'item-lost': 1 });
  await items.forgetFindings({ stationId: 'S', itemIds: [itemId] });
  await note();
  expect((await fleet.countFindings()).get('S')).toEqual({ 'item-lost': 1, 'page-lost': 1 });
});

it('keeps no more findings of one station than the desk shows, however many items it names', async () => {
  const items = createItemRows(store.db, store.flush);
  for (let n = 0; n < 205; n += 1)
    await items.noteFinding({ kind: 'item-lost', stationId: 'S', itemId: ulid(), detail: 'd', at });
  expect((await createFleetRows(store.db).countFindings()).get('S')).toEqual({ 'item-lost': 200 });
});

it('keeps one of two decisions that both saw the same state of a case', async () => {
  const { sessionEpoch } = await openSession();
  const jobId = await commit(sessionEpoch);
  const [item] = await store.db.selectFrom('item').select('id').execute();
  const recordId = ulid();
  await store.db
    .insertInto('record')
    .values({
      id: recordId,
      station_id: 'S',
      item_id: item?.id ?? '',
      state: 'stored',
      programme: 'p',
      kind: 'k',
      subject_kind: 'organisation',
      subject_code: '',
      subject_name: '',
      light: 'yellow',
      unique_code: null,
      rejection: null,
      received_at: at,
      settled_at: at,
      superseded_at: null,
      body: '{}',
    })
    .execute();
  const opened: Case = {
    id: ulid(),
    about: { kind: 'record', id: recordId },
    recordId,
    pushId: ulid(),
    workflow: 'w',
    pushField: 'f',
    state: 'open',
    step: 's',
    parties: [{ step: 's', key: 'department:d', department: 'd' }],
    claims: [],
    openedAt: at,
    decisions: [],
  };
  const cases = createCaseRows(store.db, []);
  const place = { programme: 'p', kindTitle: '', subjectName: '', uniqueCode: '', light: 'yellow' as const };
  const before = { case: opened, revision: 0, stationId: 'S', catalogueHash: hash, ...place };
  await cases.open({
    jobId,
    stored: before,
    deeds: [],
    stepTitle: '',
    to: ['station:S'],
    changes: [],
    at,
  });
  const decision: CaseDecision = {
    step: 's',
    decision: 'd',
    label: 'l',
    outcome: 'approved',
    opinion: '',
    at,
    by: 'x',
    automatic: false,
  };
  // stays open: only its revision tells that somebody was first
  const next: Case = { ...opened, decisions: [decision] };
  const decide = () =>
    cases.proceed({
      before,
      to: ['station:S'],
      next,
      stepTitle: '',
      deeds: [],
      changes: [],
      at,
      actor: 'x',
      operation: 'case-decided',
    });
  expect(await Promise.all([decide(), decide()])).toEqual([true, false]);
});

it('leases a job to one worker until the lease ends', async () => {
  const { sessionEpoch } = await openSession();
  const id = await commit(sessionEpoch);
  const jobs = createJobRows(store.db);
  const claim = (owner: string, nowMs: number) =>
    jobs.claim({ owner, nowMs, leaseMs: 1000, againMs: () => 0 });
  const both = await Promise.all([claim('a', 0), claim('b', 0)]);
  expect(both.filter((job) => job?.id === id)).toHaveLength(1);
  expect(await claim('b', 999)).toBeUndefined();
  expect((await claim('b', 1000))?.id).toBe(id);
});

it('counts a job when it is claimed, takes the count back for one that waits, and lets others go before one that died', async () => {
  const { sessionEpoch } = await openSession();
  const id = await commit(sessionEpoch);
  const jobs = createJobRows(store.db);
  const claim = (nowMs: number) => jobs.claim({ owner: 'a', nowMs, leaseMs: 1000, againMs: (n) => n * 100 });
  const rowOf = () =>
    store.db
      .selectFrom('job')
      .select(['attempts', 'next_at_ms'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  expect((await claim(0))?.attempts).toBe(1);
  await jobs.releaseAll();
  expect(await rowOf()).toEqual({ attempts: 1, next_at_ms: 100 });
  expect(await claim(99)).toBeUndefined();
  expect((await claim(100))?.attempts).toBe(2);
  await jobs.putBack(id, { owner: 'a', nextAtMs: 200, reason: 'waits', failed: false, waitsFor: 'r' });
  expect(await rowOf()).toEqual({ attempts: 1, next_at_ms: 200 });
});

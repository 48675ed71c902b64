/** 退回补正 all the way: the real server gives a record back, the real station corrects it and hands it in, the case goes on. */
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { afterEdit } from '#domain/record/rules.ts';
import { applyEvent } from '#domain/record/lifecycle.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { applyChange } from '#domain/sync/apply-change.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import type { Link } from '../../scanner-agent/ports/link.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import type { Submission } from './server-fixtures.ts';
import { enrolmentCode, makeDataFolder, queryStore, startTestServer } from './server-support.ts';

const decision = (id: string, outcome: string) => ({ id, label: id, opinion: 'optional', outcome });
const catalogue = makeCatalogue({
  byHand: {
    workflow: 'look',
    form: [{ id: 'reason', label: '事由', kind: 'text' }],
    actions: { submit: { label: '上报', opens: 'look' } },
  },
  more: [
    {
      path: 'programmes/test-programme/workflows/look.yaml',
      data: {
        ...{ id: 'look', title: '审核' },
        steps: [
          {
            ...{ id: 'review', title: '住建厅审核', anyOf: [{ who: 'department', name: '住建厅' }] },
            decisions: [
              decision('approve', 'approved'),
              decision('refuse', 'refused'),
              decision('return', 'returned'),
            ],
          },
        ],
      },
    },
  ],
});
const password = 'a-long-password';
const account = { id: 'province', name: '省厅经办', department: '住建厅', permissions: ['review'], password };
const data = makeDataFolder();
const place = makeFolder();
let server: RunningServer;
let station: OpenedStore;
let link: Link;

beforeAll(async () => {
  server = await startTestServer(
    data.folder,
    { trustAnchors: [authorityPem], accounts: [account] },
    { catalogue },
  );
  station = openStation(place.folder);
  await enrolStation({
    ...{ store: station.store, serverUrl: server.url, code: enrolmentCode },
    ...{ stationId: 'S1', stationName: '测试采集站' },
  });
  link = createLink({ ...station, appVersion: '0.1.0', catalogueHash: catalogue.hash, random: () => 0 });
  link.start();
}, 60_000);
afterAll(async () => {
  await link.close();
  station.store.close();
  await server.close();
  data.remove();
  place.remove();
});

const soon = { timeout: 30_000, interval: 100 };
const make = (seq: number, more: object) =>
  makeSealedSubmission({ catalogue, stationId: 'S1', seq, light: 'green', ...more });

/** As 提交 queues it: the very record that the station keeps, and what was sealed of it. */
async function queue({ record, pdf, jpeg }: Submission, kept: LudengRecord): Promise<void> {
  const page = await station.blobs.put(jpeg, 'image/jpeg');
  const sealed = await station.blobs.put(pdf, 'application/pdf');
  const { materials, form, recordSeal, light } = record;
  const submitted: LudengRecord = {
    ...applyEvent(kept, 'submit', { at: new Date().toISOString(), by: '经办人' }),
    ...{ materials, form },
    ...(recordSeal ? { recordSeal } : {}),
    ...(light ? { light } : {}),
  };
  station.store.enqueueSubmission({
    record: submitted,
    itemId: ulid(),
    payload: JSON.stringify({
      ...{ record: record.id, action: 'submit' },
      payload: { record: submitted, stationId: 'S1' },
    }),
    blobs: [
      { ...page, role: 'page' },
      { ...sealed, role: 'sealed-pdf' },
    ],
  });
}
const here = (id: string): LudengRecord => {
  const record = station.store.getRecord(id);
  if (!record) throw new Error('the station has lost the record');
  return record;
};
const reaches = (id: string, state: LudengRecord['state']) =>
  vi.waitFor(() => {
    expect(here(id)).toMatchObject({ state });
    return here(id);
  }, soon);
const caseOf = (id: string, state: string) =>
  vi.waitFor(async () => {
    const rows = await queryStore<{ id: string; light: string }>(
      data.folder,
      `select id, light from case_file where record_id = '${id}' and state = '${state}'`,
    );
    expect(rows).toHaveLength(1);
    return rows[0] ?? { id: '', light: '' };
  }, soon);

async function ask(path: string, body?: unknown): Promise<Response> {
  const send = (to: string, sent: unknown, cookie: string) =>
    fetch(`${server.url}${to}`, {
      ...(sent === undefined ? {} : { method: 'POST', body: JSON.stringify(sent) }),
      headers: { cookie, ...(sent === undefined ? {} : { 'content-type': 'application/json' }) },
    });
  const signedIn = await send('/api/session', { account: 'province', password }, '');
  return send(path, body, (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '');
}
const decide = async (caseId: string, given: string, opinion = ''): Promise<number> =>
  (await ask(`/api/cases/${caseId}/decisions`, { step: 'review', decision: given, opinion })).status;
async function enter(seq: number): Promise<{ id: string; stored: LudengRecord; caseId: string }> {
  const first = await make(seq, { form: { reason: '初稿' } });
  const { recordSeal: _seal, ...unsealed } = first.record;
  const draft: LudengRecord = { ...unsealed, state: 'draft', materials: [], operations: [] };
  station.store.insertRecord(draft);
  await queue(first, draft);
  const stored = await reaches(draft.id, 'stored');
  return { id: draft.id, stored, caseId: (await caseOf(draft.id, 'open')).id };
}
const correct = (id: string): LudengRecord => {
  const edit = { at: new Date().toISOString(), by: '经办人', action: '修改' };
  const draft = afterEdit(here(id), edit);
  station.store.updateRecord(draft);
  return draft;
};

it('comes with its reason, is corrected, keeps its unique code, and its case goes on to the end', async () => {
  const { id, stored, caseId } = await enter(1);
  expect(stored.digitalCertificate?.uniqueCode).toBe(stored.uniqueCode);
  expect(await decide(caseId, 'return', '请补充说明材料')).toBe(200);
  const returned = await reaches(id, 'rejected');
  expect(returned.rejection).toMatchObject({ code: 'RETURNED', message: '请补充说明材料' });
  expect(returned.operations.at(-1)).toMatchObject({
    ...{ action: '退回补正', detail: '请补充说明材料' },
    by: expect.stringContaining('省厅经办') as string,
  });
  expect(returned.uniqueCode).toBe(stored.uniqueCode);

  const draft = correct(id);
  expect(draft).toMatchObject({ state: 'draft', rejection: { message: '请补充说明材料' } });
  await queue(await make(2, { recordId: id, form: { reason: '补正稿' }, light: 'yellow' }), draft);
  const again = await reaches(id, 'stored');
  expect(again).toMatchObject({ uniqueCode: stored.uniqueCode, light: 'yellow' });
  expect([again.rejection, again.digitalCertificate]).toEqual([undefined, undefined]);
  // the old word, told once more, takes nothing back
  const { at, by, detail: reason = '' } = returned.operations.at(-1) ?? { at: '', by: '' };
  expect(applyChange(again, { kind: 'record-returned', recordId: id, caseId, at, by, reason })).toBe(again);

  expect(await caseOf(id, 'open')).toEqual({ id: caseId, light: 'yellow' });
  const rows = await queryStore(
    data.folder,
    `select r.state, r.body, m.pdf_sha from record r join material m on m.record_id = r.id where r.id = '${id}'`,
  );
  expect(rows).toMatchObject([
    {
      state: 'stored',
      body: expect.stringContaining('补正稿') as string,
      pdf_sha: again.materials[0]?.seal?.pdfSha,
    },
  ]);
  const seen = (await (await ask(`/api/cases/${caseId}`)).json()) as CaseDetail;
  expect(seen.correction).toMatchObject({
    ...{ reason: '请补充说明材料', changes: [{ label: '事由', before: '初稿', after: '补正稿' }] },
  });
  expect(await decide(caseId, 'approve')).toBe(200);
  await caseOf(id, 'approved');
}, 90_000);

it('stays given back, with what was stored, where the correction itself is refused', async () => {
  const { id, stored, caseId } = await enter(3);
  expect(await decide(caseId, 'return', '请改')).toBe(200);
  await reaches(id, 'rejected');
  const draft = correct(id);
  // the seal of the whole says another form than the one that is sent
  const other = await make(4, {
    recordId: id,
    spoilSealed: (record: LudengRecord) => ({ ...record, form: { reason: '篡改' } }),
  });
  await queue(other, draft);
  const refused = await reaches(id, 'rejected');
  expect(refused.rejection?.code).not.toBe('RETURNED');
  await caseOf(id, 'returned');
  const rows = await queryStore(
    data.folder,
    `select state, unique_code, body from record where id = '${id}'`,
  );
  expect(rows).toMatchObject([
    {
      state: 'rejected',
      unique_code: stored.uniqueCode,
      body: expect.stringContaining('初稿') as string,
    },
  ]);

  await queue(await make(5, { recordId: id, form: { reason: '补正稿' } }), correct(id));
  expect((await reaches(id, 'stored')).digitalCertificate?.uniqueCode).toBe(stored.uniqueCode);
  await caseOf(id, 'open');
}, 90_000);

it('goes on at each of the departments that gave it back, by one workflow too', async () => {
  const { id } = await enter(6);
  const at = new Date().toISOString();
  const pushId = ulid();
  const push = {
    id: pushId,
    field: 'housing',
    fieldName: '房建领域',
    pushedAt: at,
    state: 'queued' as const,
  };
  station.store.enqueueAction('push', {
    record: { ...applyEvent(here(id), 'push', { at, by: '经办人' }), pushes: [push] },
    itemId: pushId,
    payload: JSON.stringify({
      ...{ record: id, action: 'push' },
      payload: { id: pushId, recordId: id, field: 'housing', requestedAt: at, requestedBy: '经办人' },
    }),
  });
  const idsIn = (state: string) =>
    vi.waitFor(async () => {
      const rows = await queryStore<{ id: string }>(
        data.folder,
        `select id from case_file where record_id = '${id}' and state = '${state}' order by id`,
      );
      expect(rows).toHaveLength(2);
      return rows.map((row) => row.id);
    }, soon);
  const opened = await idsIn('open');
  for (const [n, one] of opened.entries()) expect(await decide(one, 'return', `意见${n}`)).toBe(200);
  await vi.waitFor(() => {
    const given = here(id).operations.filter(({ action }) => action === '退回补正');
    expect(given.map(({ detail }) => detail)).toEqual(['意见0', '意见1']);
  }, soon);
  await queue(await make(7, { recordId: id, form: { reason: '补正稿' } }), correct(id));
  await reaches(id, 'stored');
  expect(await idsIn('open')).toEqual(opened);
}, 90_000);

/** 投诉 about what was pushed: who may lodge one and when, how it is decided, what it takes away, and what a department may rely on. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { usableRecordsSchema } from '#domain/contracts/desk/usable-records.ts';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { Change } from '#domain/sync/change.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const password = 'a-long-password';
const decision = { opinion: 'required' } as const;
const catalogue = makeCatalogue({
  programme: { complaints: { workflow: 'complaint', permission: 'complain' } },
  more: [
    {
      path: 'programmes/test-programme/workflows/complaint.yaml',
      data: {
        id: 'complaint',
        title: '投诉',
        steps: [
          {
            ...{ id: 'look', title: '核查中', permission: 'review' },
            decisions: [
              { ...decision, id: 'uphold', label: '成立', outcome: 'approved' },
              { ...decision, id: 'reject', label: '不成立', outcome: 'refused' },
            ],
          },
        ],
        results: { approved: '投诉成立', refused: '投诉不成立' },
        effects: { approved: [{ effect: 'notify', to: 'applicant', text: '投诉成立，不能再使用' }] },
      },
    },
  ],
});
const staff = (id: string, department: string, permissions: string[]) => ({
  ...{ id, name: id, department, permissions, password },
});
const data = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let station: TestStation;
let seq = 0;
const cookies: Record<string, string> = {};

beforeAll(async () => {
  const accounts = [
    staff('housing', '房建处', ['review', 'approve', 'complain']),
    staff('reader', '房建处', ['review']),
    staff('water', '水利处', ['review', 'approve', 'complain']),
  ];
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem], accounts }, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
  for (const { id } of accounts) {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: id, password }),
    });
    cookies[id] = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  }
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

const ask = (who: string, path: string, body?: unknown) =>
  fetch(`${server.url}${path}`, {
    headers: { cookie: cookies[who] ?? '', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
const codeOf = async (answer: Response) => z.object({ code: z.string() }).parse(await answer.json()).code;
const usable = async (who: string, search = '') =>
  usableRecordsSchema.parse(
    await (await ask(who, `/api/usable-records?search=${encodeURIComponent(search)}`)).json(),
  );
const caseOf = async (who: string, id: string) =>
  caseDetailSchema.parse(await (await ask(who, `/api/cases/${id}`)).json());
const complain = (who: string, id: string, reason = '业绩造假') =>
  ask(who, `/api/cases/${id}/complaints`, { reason });
async function waitFor<K extends Change['kind']>(
  kind: K,
  isIt: (change: Extract<Change, { kind: K }>) => boolean,
): Promise<Extract<Change, { kind: K }>> {
  const matches = (change: Change): change is Extract<Change, { kind: K }> =>
    change.kind === kind && isIt(change as Extract<Change, { kind: K }>);
  const changes = await station.pullUntil((list) => list.some(({ change }) => matches(change)));
  const found = changes.map(({ change }) => change).find(matches);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}
async function store() {
  const { item, record } = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (seq += 1) },
  });
  await station.upload(item);
  await station.commit(item.commit);
  const { uniqueCode, digitalCertificate } = await waitFor(
    'record-stored',
    ({ recordId }) => recordId === record.id,
  );
  return { id: record.id, uniqueCode, identifier: digitalCertificate?.identifier ?? '' };
}
async function push(recordId: string, field: string): Promise<{ pushId: string; caseId: string }> {
  const { item, pushId } = makePush((seq += 1), recordId, field);
  await station.upload(item);
  await station.commit(item.commit);
  await waitFor('push-state', (one) => one.pushId === pushId && one.state === 'under-review');
  const [found] = await queryStore<{ id: string }>(
    data.folder,
    `select id from case_file where push_id = '${pushId}'`,
  );
  return { pushId, caseId: found?.id ?? '' };
}
async function decide(who: string, id: string, outcome: 'approved' | 'refused', opinion = '属实') {
  let detail: CaseDetail = await caseOf(who, id);
  while (detail.case.state === 'open') {
    const choice = detail.decisions.find((one) => one.outcome === outcome);
    const body = { step: detail.step?.id, decision: choice?.id, opinion };
    const answer = await ask(who, `/api/cases/${id}/decisions`, body);
    detail = caseDetailSchema.parse(await answer.json());
  }
  return detail;
}
const credential = async (identifier: string) =>
  publicRoutes.identifiedCredential.answer.parse(
    await (await ask('nobody', `/api/credentials/${identifier}`)).json(),
  );
const usesOf = async (who: string, search: string) =>
  (await usable(who, search)).records.map(({ field, use }) => [field, use]);

it('is lodged by the department that relies on the push, decided with an opinion, and takes the field away when it is upheld', async () => {
  const record = await store();
  const housing = await push(record.id, 'housing');
  // nothing is approved yet
  expect(await codeOf(await complain('housing', housing.caseId))).toBe('COMPLAINT_NOT_POSSIBLE');
  await decide('housing', housing.caseId, 'approved');
  const water = await push(record.id, 'water');
  await decide('water', water.caseId, 'approved');

  expect((await complain('reader', housing.caseId)).status).toBe(403);
  expect((await complain('water', housing.caseId)).status).toBe(404);
  expect((await complain('nobody', housing.caseId)).status).toBe(401);
  expect((await complain('housing', housing.caseId, '  ')).status).toBe(400);
  expect((await complain('housing', housing.caseId, '\u00ad\u200b\u00a0')).status).toBe(400);
  expect((await complain('housing', housing.caseId, '长'.repeat(501))).status).toBe(400);
  expect((await caseOf('reader', housing.caseId)).mayComplain).toBeUndefined();
  expect((await caseOf('housing', housing.caseId)).mayComplain).toBe(true);

  const pasted = '\u00a0业绩\u00ad造\u200b假\v';
  const lodged = caseDetailSchema.parse(await (await complain('housing', housing.caseId, pasted)).json());
  expect(lodged).toMatchObject({
    title: '投诉',
    case: {
      state: 'open',
      pushField: 'housing',
      complaint: { push: housing.pushId, reason: '业绩造假', by: '房建处' },
    },
  });
  // the applicant hears of it, and the field says that it is disputed
  expect(
    (await waitFor('case-state', (one) => one.case.id === lodged.case.id && one.case.state === 'open')).case,
  ).toMatchObject({ text: '核查中', complaint: { field: 'housing', reason: '业绩造假' } });
  expect(await usesOf('housing', record.uniqueCode)).toEqual([['housing', 'disputed']]);
  expect(await codeOf(await complain('housing', housing.caseId))).toBe('COMPLAINT_WAITS');
  // it is no push of its own
  expect((await caseOf('housing', lodged.case.id)).pushes).toHaveLength(1);
  // the other field knows nothing of it
  expect((await caseOf('water', water.caseId)).complaints).toEqual([]);
  expect((await ask('water', `/api/cases/${lodged.case.id}`)).status).toBe(404);

  const without = await ask('housing', `/api/cases/${lodged.case.id}/decisions`, {
    ...{ step: 'look', decision: 'uphold', opinion: ' ' },
  });
  expect(await codeOf(without)).toBe('OPINION_REQUIRED');
  const upheld = await decide('reader', lodged.case.id, 'approved', '经查属实');
  expect(upheld.notices).toMatchObject([{ text: '投诉成立，不能再使用' }]);
  expect(
    (await waitFor('case-state', (one) => one.case.id === lodged.case.id && one.case.state === 'approved'))
      .case,
  ).toMatchObject({ text: '投诉成立', opinion: '经查属实' });
  expect(await usesOf('housing', record.uniqueCode)).toEqual([['housing', 'complained']]);
  expect(await usesOf('water', record.uniqueCode)).toEqual([['water', 'usable']]);
  expect((await credential(record.identifier)).fields).toEqual([
    { name: '房建领域', text: '投诉成立，不能在本领域使用', isUsable: false },
    { name: '水利领域', text: '可以在本领域使用', isUsable: true },
  ]);
  expect(await codeOf(await complain('housing', housing.caseId))).toBe('COMPLAINT_NOT_POSSIBLE');
  expect((await caseOf('housing', housing.caseId)).complaints).toMatchObject([
    { state: 'approved', text: '投诉成立', opinion: '经查属实' },
  ]);

  // pushed and approved again, it counts there again
  const again = await push(record.id, 'housing');
  await decide('housing', again.caseId, 'approved');
  expect(await usesOf('housing', record.uniqueCode)).toEqual([['housing', 'usable']]);
});

it('changes nothing when it is rejected, and may be lodged once more; the list of cases tells it from a push', async () => {
  const record = await store();
  const { caseId } = await push(record.id, 'housing');
  await decide('housing', caseId, 'approved');
  const first = caseDetailSchema.parse(await (await complain('housing', caseId)).json());
  await decide('housing', first.case.id, 'refused', '查无实据');
  expect(await usesOf('housing', record.uniqueCode)).toEqual([['housing', 'usable']]);
  const second = caseDetailSchema.parse(await (await complain('housing', caseId)).json());
  const list = caseListSchema.parse(
    await (await ask('housing', `/api/cases?state=all&search=${record.uniqueCode}`)).json(),
  );
  const ofComplaints = [first.case.id, second.case.id];
  for (const one of list.cases) expect(one.isComplaint ?? false).toBe(ofComplaints.includes(one.id));
  expect(list.total).toBe(3);
});

it('is there once, of many that are lodged at one moment', async () => {
  const record = await store();
  const { caseId, pushId } = await push(record.id, 'housing');
  await decide('housing', caseId, 'approved');
  const answers = await Promise.all(Array.from({ length: 6 }, () => complain('housing', caseId)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  for (const answer of answers) if (!answer.ok) expect(await codeOf(answer)).toBe('COMPLAINT_WAITS');
  const rows = await queryStore(data.folder, `select id from case_file where complaint_push = '${pushId}'`);
  expect(rows).toHaveLength(1);
});

it('two who decide at one moment: one decision counts, and the other is told', async () => {
  const record = await store();
  const { caseId } = await push(record.id, 'housing');
  const decisionOf = (id: string) => ({ step: 'first', decision: id, opinion: '意见' });
  const both = await Promise.all([
    ask('housing', `/api/cases/${caseId}/decisions`, decisionOf('approve')),
    ask('reader', `/api/cases/${caseId}/decisions`, decisionOf('refuse')),
  ]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  const late = both.find(({ ok }) => !ok);
  expect(late && (await codeOf(late))).toBe('CASE_CLOSED');
  expect((await caseOf('housing', caseId)).case.decisions).toHaveLength(1);
});

it('a department lists what was pushed to it alone, and learns of anything else no more than that it was not', async () => {
  const record = await store();
  const nothing = await usable('housing', record.uniqueCode);
  expect(nothing).toEqual({
    ...{ records: [], total: 0 },
    notPushed: { uniqueCode: record.uniqueCode, text: '未推送至本领域，不能在本领域使用' },
  });
  expect((await usable('housing', 'TEST202600000000X')).notPushed).toBeUndefined();
  const { caseId } = await push(record.id, 'water');
  expect((await usable('housing', record.uniqueCode)).records).toEqual([]);
  const [own] = (await usable('water', record.uniqueCode)).records;
  expect(own).toMatchObject({ caseId, use: 'under-review', fieldName: '水利领域', light: 'green' });
  await decide('water', caseId, 'refused', '不符');
  expect(await usesOf('water', record.uniqueCode)).toEqual([['water', 'refused']]);
  // pushed twice, it stands there once, and a text with signs is looked for as it is
  await push(record.id, 'water');
  expect((await usable('water', record.uniqueCode)).total).toBe(1);
  expect((await usable('water', '%')).total).toBe(0);
  expect((await ask('nobody', '/api/usable-records')).status).toBe(401);
});

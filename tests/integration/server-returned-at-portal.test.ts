/** 退回补正 of what was handed in at a portal: its applicant corrects it there, its case goes on, nobody loses what it said before. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { PortalDraft, PortalRecord, PortalRow } from '#domain/contracts/portal/records.ts';
import { contractor, newPerson, openQuality } from '#tests/support/quality-portal.ts';
import type { Quality, RegisteredOne } from '#tests/support/quality-portal.ts';
import { waitUntil } from '#tests/support/wait-until.ts';

let quality: Quality;
beforeAll(async () => {
  quality = await openQuality();
});
afterAll(() => quality?.close());

const opinion = '申请表未盖章，请盖章后重新上报';
const kind = 'person-unlock';
let works = 0;
/** Locked by a work of his own. */
async function locked(name: string): Promise<RegisteredOne> {
  const one = newPerson(name);
  works += 1;
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work(`R${works}`));
  return one;
}
async function reported(name: string): Promise<string> {
  const record = await quality.unlockOf('contractor', await locked(name));
  expect((await quality.report('contractor', record)).told['problems']).toEqual({});
  return record;
}
async function returned(name: string): Promise<string> {
  const record = await reported(name);
  expect((await quality.decide('supervisor', record, 'return', opinion)).status).toBe(200);
  return record;
}
const read = async (record: string, query = ''): Promise<PortalRecord> =>
  (await quality.read('contractor', `${record}${query}`)).told as unknown as PortalRecord;
const correct = (record: string, cookie = quality.cookies.contractor) =>
  quality.ask('POST', `${quality.at}/records/${record}/draft`, cookie);
async function begun(record: string): Promise<PortalDraft> {
  const answer = await correct(record);
  expect(answer.status).toBe(200);
  return answer.told as unknown as PortalDraft;
}
const detailOf = async (id: string): Promise<CaseDetail> =>
  (await quality.ask('GET', `/api/cases/${id}`, quality.desks.supervisor)).told as unknown as CaseDetail;
/** As its bodies see it once it waits for them again. */
const resumed = async (record: string): Promise<CaseDetail> => {
  const { id } = await quality.caseOf('supervisor', record);
  return waitUntil(async () => {
    const detail = await detailOf(id);
    return detail.case.state === 'open' ? detail : undefined;
  });
};
const namesOf = (files: readonly { name: string }[]): string[] => files.map(({ name }) => name);

it('tells the opinion, opens everything in a form, and is the same record once it is handed in again', async () => {
  const record = await returned('退回甲');
  const before = await read(record);
  expect(before).toMatchObject({
    summary: { state: 'rejected' },
    returned: { reason: opinion },
    deeds: { correct: true, change: false },
  });
  expect(before.deeds.reason).toBeUndefined();
  const draft = await begun(record);
  expect(draft).toMatchObject({
    ...{ changes: record, form: before.summary.form, mayCarry: false },
    returned: { reason: opinion },
  });
  expect(namesOf(draft.files)).toEqual(['申请表.png']);
  await quality.fill('contractor', draft.id, { reason: '工程已完工，申请表已盖章' });
  expect((await quality.report('contractor', draft.id)).told).toEqual({ problems: {}, record });
  const after = await read(record);
  expect(after).toMatchObject({
    summary: { id: record, state: 'stored', uniqueCode: before.summary.uniqueCode },
    deeds: { correct: false },
  });
  expect(after.summary.form['reason']).toBe('工程已完工，申请表已盖章');
  expect(after.returned).toBeUndefined();
  expect(
    (await quality.ask('GET', `${quality.at}/drafts/${draft.id}`, quality.cookies.contractor)).code,
  ).toBe('NOT_FOUND');
});

it('goes on with the same case, in which its reviewer sees what is otherwise, and is decided', async () => {
  const record = await returned('退回乙');
  const draft = await begun(record);
  await quality.fill('contractor', draft.id, { reason: '项目经理已离岗' });
  const [{ sha = '' } = {}] = draft.files;
  const at = `${quality.at}/drafts/${draft.id}/files/application`;
  await quality.ask('DELETE', `${at}/${sha}`, quality.cookies.contractor);
  const stamped = await fetch(`${quality.server.url}${at}?name=${encodeURIComponent('盖章的申请表.pdf')}`, {
    method: 'POST',
    headers: { cookie: quality.cookies.contractor, 'content-type': 'application/pdf' },
    body: '%PDF-1.7\n盖章的申请表\n%%EOF\n',
  });
  expect(stamped.status).toBe(200);
  await quality.report('contractor', draft.id);
  const detail = await resumed(record);
  expect(detail.correction).toMatchObject({
    reason: opinion,
    changes: [
      { label: '解锁原因', before: '工程已完工', after: '项目经理已离岗' },
      { label: '建设工程项目人员解锁申请表', before: '申请表.png', after: '盖章的申请表.pdf' },
    ],
  });
  expect(detail.case.decisions.map(({ outcome }) => outcome)).toEqual(['returned', 'handed-in']);
  expect((await quality.decide('authority', record, 'approve')).status).toBe(200);
  expect(await read(record)).toMatchObject({ summary: { cases: [{ text: '业务办结' }] } });
});

it('keeps what it said before, for its applicant to read, files and all', async () => {
  const record = await returned('退回丙');
  const draft = await begun(record);
  const [{ sha = '' } = {}] = draft.files;
  const files = `${quality.at}/drafts/${draft.id}/files/application`;
  await quality.ask('DELETE', `${files}/${sha}`, quality.cookies.contractor);
  await fetch(`${quality.server.url}${files}?name=new.pdf`, {
    method: 'POST',
    headers: { cookie: quality.cookies.contractor, 'content-type': 'application/pdf' },
    body: '%PDF-1.7\n另一份申请表\n%%EOF\n',
  });
  await quality.fill('contractor', draft.id, { reason: '第二次填写的原因' });
  await quality.report('contractor', draft.id);
  const now = await read(record);
  expect(now.versions).toMatchObject([
    { id: record, isCurrent: true },
    { id: record, isCurrent: false, returned: 1 },
  ]);
  const first = await read(record, '?version=1');
  expect(first).toMatchObject({
    summary: { form: { reason: '工程已完工' } },
    ...{ returned: { reason: opinion }, deeds: { correct: false } },
  });
  expect(namesOf(first.files)).toEqual(['申请表.png']);
  const old = await fetch(`${quality.server.url}${quality.at}/records/${record}/files/application/${sha}`, {
    headers: { cookie: quality.cookies.contractor },
  });
  expect(old.status).toBe(200);
  expect((await quality.read('contractor', `${record}?version=2`)).code).toBe('NOT_FOUND');
  expect((await quality.read('supervision', `${record}?version=1`)).code).toBe('NOT_FOUND');
});

it('may be given back as often as it must be: the log tells each hand-in and each opinion in their order', async () => {
  const record = await returned('退回丁');
  for (const [text, next] of [
    ['第一次修改', '还缺工程竣工证明'],
    ['第二次修改', ''],
  ] as const) {
    const draft = await begun(record);
    await quality.fill('contractor', draft.id, { reason: text });
    await quality.report('contractor', draft.id);
    await resumed(record);
    if (next !== '') expect((await quality.decide('supervisor', record, 'return', next)).status).toBe(200);
  }
  const told = await read(record);
  expect(told.log.map(({ action, opinion: said }) => [action, said])).toEqual([
    ['上报', ''],
    ['审核不通过', opinion],
    ['上报', ''],
    ['审核不通过', '还缺工程竣工证明'],
    ['上报', ''],
  ]);
  expect(told.versions.map((version) => version.returned)).toEqual([undefined, 2, 1]);
  expect((await resumed(record)).correction).toMatchObject({
    reason: '还缺工程竣工证明',
    changes: [{ before: '第一次修改', after: '第二次修改' }],
  });
});

it('is handed in once, whatever two tabs press at one moment', async () => {
  const record = await returned('退回戊');
  const [one, other] = [await begun(record), await begun(record)];
  expect(other.id).toBe(one.id);
  const answers = await Promise.all([
    quality.report('contractor', one.id),
    quality.report('contractor', one.id),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.some(({ code }) => code === 'CONFLICT' || code === 'NOT_FOUND')).toBe(true);
  const told = await read(record);
  expect(told.versions).toHaveLength(2);
  expect((await resumed(record)).case.decisions).toHaveLength(2);
  // and it is not corrected while it is being looked at again
  expect((await correct(record)).code).toBe('RECORD_NOT_EDITABLE');
});

it('stays as it was given back where its correction was thrown away meanwhile, and is begun anew', async () => {
  const record = await returned('退回己');
  const draft = await begun(record);
  await quality.fill('contractor', draft.id, { reason: '写了一半' });
  await quality.ask('DELETE', `${quality.at}/drafts/${draft.id}`, quality.cookies.contractor);
  expect((await quality.report('contractor', draft.id)).code).toBe('NOT_FOUND');
  expect(await read(record)).toMatchObject({
    summary: { state: 'rejected', form: { reason: '工程已完工' } },
  });
  const again = await begun(record);
  expect(again.id).not.toBe(draft.id);
  expect(again.form['reason']).toBe('工程已完工');
});

it('is corrected by nobody else, nor by whoever does not sign in as surely as its kind needs', async () => {
  const record = await returned('退回庚');
  expect((await correct(record, quality.cookies.supervision)).code).toBe('NOT_FOUND');
  const draft = await begun(record);
  expect((await quality.report('supervision', draft.id)).code).toBe('NOT_FOUND');
  const password = await quality.portal.withProof(contractor, 'ukey', 'password');
  const handing = `${quality.at}/drafts/${draft.id}/handing-in`;
  expect((await quality.ask('POST', handing, password)).code).toBe('ASSURANCE_TOO_LOW');
  expect((await read(record)).summary.state).toBe('rejected');
  expect((await quality.report('contractor', draft.id)).told).toEqual({ problems: {}, record });
});

it('is not handed in by an account that was closed meanwhile, and waits for it with all that was entered', async () => {
  const record = await returned('退回辛');
  const draft = await begun(record);
  await quality.fill('contractor', draft.id, { reason: '停用之前填写' });
  const close = (at: string | null) =>
    quality.db.updateTable('account').set({ disabled_at: at }).where('id', '=', contractor.id).execute();
  await close(new Date().toISOString());
  try {
    const refused = await quality.report('contractor', draft.id);
    expect([refused.status, refused.code]).toEqual([401, 'UNAUTHENTICATED']);
  } finally {
    await close(null);
    quality.cookies.contractor = await quality.portal.withKey(contractor);
  }
  expect(await read(record)).toMatchObject({ summary: { state: 'rejected' } });
  expect((await quality.report('contractor', draft.id)).told).toEqual({ problems: {}, record });
  expect((await read(record)).summary.form['reason']).toBe('停用之前填写');
});

it('is not deleted, changed or voided by way of being corrected: lists offer the one thing', async () => {
  const record = await returned('退回壬');
  const rows = (await quality.list(kind, 'contractor')).told as unknown as PortalRow[];
  expect(rows.find(({ summary }) => summary.id === record)?.deeds).toEqual({
    ...{ change: false, correct: true, void: false, restore: false },
  });
  const draft = await begun(record);
  const listed = (await quality.list(kind, 'contractor')).told as unknown as PortalRow[];
  expect(listed.find(({ summary }) => summary.id === draft.id)).toMatchObject({
    isDraft: true,
    changes: record,
  });
  const voiding = `${quality.at}/records/${record}/voiding`;
  expect((await quality.ask('POST', voiding, quality.cookies.contractor)).code).toBe('RECORD_NOT_EDITABLE');
});

/** Records in a browser: drafts, 提交, 变更, 作废, versions, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalDraft, PortalRecord, PortalRow } from '#domain/contracts/portal/records.ts';
import { codeOf, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';
import { achievementOf, basicInfo, idCard, onePixel, qualification } from '#tests/support/portal-forms.ts';

const hunan = 'hunan-unified-registration';
const unit = { id: 'xiang', name: '湘江建设有限公司', code: codeOf('91430100MA4K00001') };
const other = { id: 'zi', name: '资江建设有限公司', code: codeOf('91430100MA4K00002') };
let portal: PortalServer;
let password: string;
let key: string;
let foreign: string;
beforeAll(async () => {
  portal = await openPortalServer();
  await portal.openUnit(unit);
  await portal.openUnit(other);
  password = await portal.withPassword(unit);
  key = await portal.withKey(unit);
  foreign = await portal.withKey(other);
});
afterAll(() => portal.close());

const ask = <T>(method: string, path: string, cookie: string, body?: unknown) =>
  portal.ask(method, `/api/portals/${hunan}${path}`, cookie, body) as unknown as Promise<{
    status: number;
    code: unknown;
    told: T;
  }>;
async function attach(draft: string, slot: string, cookie: string, name = '证件.png') {
  const answer = await fetch(
    `${portal.server.url}/api/portals/${hunan}/drafts/${draft}/files/${slot}?name=${encodeURIComponent(name)}`,
    { method: 'POST', headers: { cookie, 'content-type': 'image/png' }, body: onePixel },
  );
  return (await answer.json()) as PortalDraft;
}
const begin = async (kind: string, cookie: string) =>
  (await ask<PortalDraft>('POST', '/drafts', cookie, { kind, role: 'unit' })).told;
const entries = (draft: PortalDraft) => ({ answers: draft.answers, form: draft.form, papers: draft.papers });
const save = async (draft: PortalDraft, change: Partial<PortalDraft>, cookie: string) => {
  const { told: now } = await ask<PortalDraft>('GET', `/drafts/${draft.id}`, cookie);
  return ask<PortalDraft>('PUT', `/drafts/${draft.id}`, cookie, {
    ...{ ...entries(now), ...change, revision: now.revision },
  });
};
const handIn = (id: string, cookie: string) =>
  ask<{ problems: Record<string, string>; record?: string }>('POST', `/drafts/${id}/handing-in`, cookie);
const rowsOf = async (kind: string, cookie: string) =>
  (await ask<PortalRow[]>('GET', `/records?kind=${kind}`, cookie)).told;

async function storeQualification(certificate: string): Promise<string> {
  const draft = await begin('unit-qualification', key);
  await attach(draft.id, 'certificate', key);
  await save(draft, qualification(unit, certificate), key);
  const { told } = await handIn(draft.id, key);
  expect(told.problems).toEqual({});
  return told.record ?? '';
}

describe('basic information at a portal', () => {
  it('keeps what is typed at the server, tells what is missing, and is handed in by an account', async () => {
    const draft = await begin('basic-info', password);
    expect(draft.form).toMatchObject({ unitName: unit.name, creditCode: unit.code });
    // one there is only: beginning again goes on with it
    expect((await begin('basic-info', password)).id).toBe(draft.id);
    const missing = (await handIn(draft.id, password)).told.problems;
    expect(Object.keys(missing)).toEqual(
      expect.arrayContaining(['form.unitKind', 'form.contactPhone', 'files.business-licence']),
    );
    await save(draft, basicInfo(unit, '李经办'), password);
    await attach(draft.id, 'business-licence', password);
    const ready = await attach(draft.id, 'legal-representative-id', password);
    expect(ready.files).toHaveLength(2);
    const read = await ask<PortalDraft>('GET', `/drafts/${draft.id}`, key);
    expect(read.told.form['contactName']).toBe('李经办');
    const { told } = await handIn(draft.id, password);
    expect(told).toEqual({ problems: {}, record: draft.id });
    const stored = await ask<PortalRecord>('GET', `/records/${draft.id}`, password);
    expect(stored.told.summary).toMatchObject({ state: 'stored', form: { contactName: '李经办' } });
    expect(stored.told.files.map(({ attachment }) => attachment)).toEqual([
      'business-licence',
      'legal-representative-id',
    ]);
    expect((await ask('GET', `/drafts/${draft.id}`, password)).code).toBe('NOT_FOUND');
    expect((await ask('POST', '/drafts', password, { kind: 'basic-info', role: 'unit' })).code).toBe(
      'RECORD_EXISTS',
    );
  });

  it('is changed as often as wanted; each version keeps its content', async () => {
    const [row] = await rowsOf('basic-info', password);
    const id = row?.summary.id ?? '';
    const change = await ask<PortalDraft>('POST', `/records/${id}/draft`, password);
    expect(change.told).toMatchObject({ changes: id, form: { contactName: '李经办' } });
    expect((await ask<PortalDraft>('POST', `/records/${id}/draft`, key)).told.id).toBe(change.told.id);
    await save(change.told, { form: { ...change.told.form, contactName: '赵新来' } }, password);
    const { told } = await handIn(change.told.id, password);
    const now = await ask<PortalRecord>('GET', `/records/${told.record}`, password);
    expect(now.told.versions.map((version) => version.id)).toEqual([told.record, id]);
    expect(now.told.summary.form['contactName']).toBe('赵新来');
    const before = await ask<PortalRecord>('GET', `/records/${id}`, password);
    expect(before.told.summary).toMatchObject({ state: 'superseded', form: { contactName: '李经办' } });
    expect((await ask('POST', `/records/${id}/draft`, password)).code).toBe('RECORD_NOT_EDITABLE');
    expect((await rowsOf('basic-info', password)).map(({ summary }) => summary.id)).toEqual([told.record]);
  });
});

describe('what takes a key', () => {
  it('is filled in by an account and refused at 提交 in the words of its kind; the key hands it in', async () => {
    const draft = await begin('unit-qualification', password);
    expect(draft.hindrance).toBe('用CA锁登录才可以提交信息');
    await attach(draft.id, 'certificate', password);
    await save(draft, qualification(unit, 'D143000001'), password);
    const refused = await handIn(draft.id, password);
    expect([refused.code, (refused.told as { message?: string }).message]).toEqual([
      'ASSURANCE_TOO_LOW',
      '用CA锁登录才可以提交信息',
    ]);
    expect((await handIn(draft.id, key)).told).toEqual({ problems: {}, record: draft.id });
  });

  it('takes several lines of answers, all of which stand in the record', async () => {
    const draft = await begin('unit-qualification', key);
    await attach(draft.id, 'certificate', key);
    const one = qualification(unit, 'D143000009');
    const second = { ...one.answers[0], qualificationType: '市政公用工程施工总承包' };
    await save(draft, { ...one, answers: [...one.answers, second] }, key);
    await handIn(draft.id, key);
    const stored = await ask<PortalRecord>('GET', `/records/${draft.id}`, key);
    expect(stored.told.answers.map(({ qualificationType }) => qualificationType)).toEqual([
      '建筑工程施工总承包',
      '市政公用工程施工总承包',
    ]);
  });
});

describe('作废', () => {
  it('voids what stands and restores it; a void one is not changed', async () => {
    const id = await storeQualification('D143000002');
    expect((await ask('POST', `/records/${id}/voiding`, password)).code).toBe('ASSURANCE_TOO_LOW');
    expect((await ask('POST', `/records/${id}/voiding`, key)).status).toBe(200);
    expect((await ask('POST', `/records/${id}/voiding`, key)).code).toBe('RECORD_VOID');
    expect((await ask('POST', `/records/${id}/draft`, key)).code).toBe('RECORD_VOID');
    const row = (await rowsOf('unit-qualification', key)).find(({ summary }) => summary.id === id);
    expect([row?.deeds, row?.summary.voided?.by]).toEqual([
      { change: false, correct: false, void: false, restore: true },
      unit.name,
    ]);
    expect((await ask('DELETE', `/records/${id}/voiding`, key)).status).toBe(200);
    expect((await ask('DELETE', `/records/${id}/voiding`, key)).code).toBe('RECORD_NOT_EDITABLE');
    expect((await ask('POST', `/records/${id}/draft`, key)).status).toBe(200);
  });

  it('of a person whom an achievement names is refused, until that names another', async () => {
    const draft = await begin('practising-person', key);
    await attach(draft.id, 'id-card', key);
    await save(draft, { form: { phone: '13800138007' }, papers: { 'id-card': idCard('钱经理') } }, key);
    expect((await handIn(draft.id, key)).told.problems).toEqual({});
    const achievement = await begin('unit-achievement', key);
    await attach(achievement.id, 'award-notice', key);
    await attach(achievement.id, 'construction-contract', key);
    await save(achievement, achievementOf(unit, '钱经理'), key);
    expect((await handIn(achievement.id, key)).told.problems).toEqual({});
    const refused = await ask<{ message: string }>('POST', `/records/${draft.id}/voiding`, key);
    expect([refused.code, refused.told.message]).toEqual([
      'RECORD_RELIED_ON',
      '该信息正被其他信息使用，不能作废：单位业绩',
    ]);
    const change = (await ask<PortalDraft>('POST', `/records/${achievement.id}/draft`, key)).told;
    await save(change, achievementOf(unit, '孙接任'), key);
    expect((await handIn(change.id, key)).told.problems).toEqual({});
    expect((await ask('POST', `/records/${draft.id}/voiding`, key)).status).toBe(200);
  });
});

describe('whoever else comes', () => {
  it('finds neither drafts nor records of another unit', async () => {
    const draft = await begin('unit-award', key);
    const id = await storeQualification('D143000003');
    expect((await ask('GET', `/drafts/${draft.id}`, foreign)).code).toBe('NOT_FOUND');
    expect((await ask('GET', `/records/${id}`, foreign)).code).toBe('NOT_FOUND');
    expect((await ask('POST', `/records/${id}/voiding`, foreign)).code).toBe('NOT_FOUND');
    expect(await rowsOf('unit-qualification', foreign)).toEqual([]);
    expect((await ask('POST', '/drafts', key, { kind: 'no-kind', role: 'unit' })).code).toBe('NOT_FOUND');
    expect((await ask('POST', '/drafts', key, { kind: 'unit-award', role: 'tenderer' })).code).toBe(
      'FORBIDDEN',
    );
  });

  it('hears that a draft was changed in another window, and loses nothing by it', async () => {
    const draft = await begin('unit-award', key);
    const stale = { ...entries(draft), revision: draft.revision };
    await save(draft, { papers: { certificate: { honour: '芙蓉奖' } } }, key);
    expect((await ask('PUT', `/drafts/${draft.id}`, key, stale)).code).toBe('DRAFT_CHANGED');
    const now = await ask<PortalDraft>('GET', `/drafts/${draft.id}`, key);
    expect(now.told.papers['certificate']).toEqual({ honour: '芙蓉奖' });
    expect((await ask('DELETE', `/drafts/${draft.id}`, key)).status).toBe(200);
    expect((await ask('GET', `/drafts/${draft.id}`, key)).code).toBe('NOT_FOUND');
  });

  it('hands a draft in once, whatever is pressed twice', async () => {
    const draft = await begin('unit-qualification', key);
    await attach(draft.id, 'certificate', key);
    await save(draft, qualification(unit, 'D143000007'), key);
    const answers = await Promise.all([handIn(draft.id, key), handIn(draft.id, key)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.some(({ code }) => code === 'CONFLICT' || code === 'NOT_FOUND')).toBe(true);
  });
});

/** 变更 and 作废 at a portal while departments look at the record, and of what others rely on: with Hunan's kinds, one of which opens a case. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configFolder } from '#config/load-catalogue.ts';
import type { PortalDraft, PortalRow } from '#domain/contracts/portal/records.ts';
import { achievementOf, idCard, onePixel, qualification } from '#tests/support/portal-forms.ts';
import { codeOf, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { addJob } from '../../sync-server/store/bookkeeping.ts';

const hunan = 'hunan-unified-registration';
const unit = { id: 'lishui', name: '澧水建设有限公司', code: codeOf('91430100MA4K00031') };
const password = 'a-long-password';
const reviewer = { id: 'hall', name: '省厅经办', department: '省住建厅', permissions: ['review'], password };
const workflow = `
id: look
title: 资质审核
steps:
  - id: review
    title: 省住建厅审核
    anyOf: [{ who: department, name: 省住建厅 }]
    decisions:
      - { id: approve, label: 审核通过, opinion: optional, outcome: approved }
      - { id: return, label: 退回补正, opinion: required, outcome: returned }
`;
const folder = mkdtempSync(join(tmpdir(), 'ludeng-config-'));
let portal: PortalServer;
let key: string;
let desk: string;
beforeAll(async () => {
  const own = join(folder, 'programmes', hunan);
  cpSync(configFolder, folder, { recursive: true });
  mkdirSync(join(own, 'workflows'), { recursive: true });
  writeFileSync(join(own, 'workflows', 'look.yaml'), workflow);
  const kind = join(own, 'records', 'unit-qualification.yaml');
  const opens = 'actions: { submit: { label: 提交, opens: look } }\n';
  writeFileSync(kind, `${readFileSync(kind, 'utf8')}${opens}`);
  portal = await openPortalServer({ catalogueFolder: folder, accounts: [reviewer] });
  await portal.openUnit(unit);
  key = await portal.withKey(unit);
  desk = (await portal.ask('POST', '/api/session', '', { account: reviewer.id, password })).cookie;
});
afterAll(async () => {
  await portal?.close();
  rmSync(folder, { recursive: true });
});

const ask = <T>(method: string, path: string, body?: unknown) =>
  portal.ask(method, `/api/portals/${hunan}${path}`, key, body) as unknown as Promise<{
    status: number;
    code: unknown;
    told: T;
  }>;
async function fill(draft: PortalDraft, entered: object, slots: readonly string[]): Promise<string> {
  for (const slot of slots)
    await fetch(`${portal.server.url}/api/portals/${hunan}/drafts/${draft.id}/files/${slot}?name=1.png`, {
      ...{ method: 'POST', headers: { cookie: key, 'content-type': 'image/png' }, body: onePixel },
    });
  const { answers, form, papers, revision } = (await ask<PortalDraft>('GET', `/drafts/${draft.id}`)).told;
  await ask('PUT', `/drafts/${draft.id}`, { answers, form, papers, revision, ...entered });
  const { told } = await ask<{ problems: object; record: string }>('POST', `/drafts/${draft.id}/handing-in`);
  expect(told.problems).toEqual({});
  return told.record;
}
const begin = async (kind: string) =>
  (await ask<PortalDraft>('POST', '/drafts', { kind, role: 'unit' })).told;
const change = async (id: string) => (await ask<PortalDraft>('POST', `/records/${id}/draft`)).told;
const rowOf = async (kind: string, id: string) =>
  (await ask<PortalRow[]>('GET', `/records?kind=${kind}`)).told.find(({ summary }) => summary.id === id);
const voiding = (id: string) => ask<{ message: string }>('POST', `/records/${id}/voiding`);

let certificates = 0;
/** Under review: its case waits. */
async function underReview(): Promise<{ id: string; caseId: string }> {
  certificates += 1;
  const entered = qualification(unit, `D1430030${certificates}`);
  const id = await fill(await begin('unit-qualification'), entered, ['certificate']);
  const opened = await waitUntil(async () => {
    const { told } = await portal.ask('GET', '/api/cases?state=open&pageSize=100', desk);
    return (told['cases'] as { id: string; recordId: string }[]).find(({ recordId }) => recordId === id);
  });
  return { id, caseId: opened.id };
}
const decide = (caseId: string, decision: string) =>
  portal.ask('POST', `/api/cases/${caseId}/decisions`, desk, {
    ...{ step: 'review', decision, opinion: '请补充证书附页' },
  });

it('refuses 变更 and 作废 while a case is open, says why beside it, and lets both through once it has ended', async () => {
  const { id, caseId } = await underReview();
  expect((await ask('POST', `/records/${id}/draft`)).code).toBe('RECORD_UNDER_REVIEW');
  expect((await voiding(id)).code).toBe('RECORD_UNDER_REVIEW');
  const row = await rowOf('unit-qualification', id);
  expect(row?.deeds).toEqual({
    ...{ change: false, correct: false, void: false, restore: false },
    reason: '该信息正在审核，审核结束前不能变更或作废',
  });
  expect(row?.summary.voided).toBeUndefined();
  expect((await decide(caseId, 'approve')).status).toBe(200);
  expect((await rowOf('unit-qualification', id))?.deeds).toMatchObject({ change: true, void: true });
  expect((await ask('POST', `/records/${id}/draft`)).status).toBe(200);
  expect((await voiding(id)).status).toBe(200);
});

it('refuses a 变更 that was begun before another case about the record was opened, and keeps what was typed', async () => {
  const { id, caseId } = await underReview();
  await decide(caseId, 'approve');
  const draft = await change(id);
  // as another decision's effect does it
  const job = { id: ulid(), kind: 'case', refId: `look ${id}`, at: new Date().toISOString() } as const;
  await portal.units.db.transaction().execute((trx) => addJob(trx, job));
  // another one wakes whoever opens cases
  await underReview();
  await waitUntil(async () => (await ask('POST', `/records/${id}/draft`)).code === 'RECORD_UNDER_REVIEW');
  expect((await ask('POST', `/drafts/${draft.id}/handing-in`)).code).toBe('RECORD_UNDER_REVIEW');
  expect((await ask('GET', `/drafts/${draft.id}`)).status).toBe(200);
  expect((await rowOf('unit-qualification', id))?.summary.state).toBe('stored');
});

it('offers what was given back for correction alone: neither 变更 nor 作废', async () => {
  const { id, caseId } = await underReview();
  await decide(caseId, 'return');
  expect((await rowOf('unit-qualification', id))?.deeds).toEqual({
    ...{ change: false, correct: true, void: false, restore: false },
  });
  expect((await voiding(id)).code).toBe('RECORD_NOT_EDITABLE');
  // its lines of answers and its papers come along, and it is the very record afterwards
  const draft = await change(id);
  expect([draft.answers.length, draft.files.length]).toEqual([1, 1]);
  expect(await fill(draft, {}, [])).toBe(id);
  expect((await ask('POST', `/records/${id}/draft`)).code).toBe('RECORD_UNDER_REVIEW');
});

let people = 0;
it('refuses 作废 of a person on whom an achievement relies, not for a mere draft that names him, and lets it through once that names another', async () => {
  people += 1;
  const name = `陈经理${'一二三四'.charAt(people)}`;
  const entered = { form: { phone: '13800138017' }, papers: { 'id-card': idCard(name) } };
  const person = await fill(await begin('practising-person'), entered, ['id-card']);
  const papers = ['award-notice', 'construction-contract'];
  const achievement = await fill(await begin('unit-achievement'), achievementOf(unit, name), papers);
  const refused = await voiding(person);
  expect([refused.code, refused.told.message]).toEqual([
    'RECORD_RELIED_ON',
    '该信息正被其他信息使用，不能作废：单位业绩',
  ]);
  expect((await rowOf('practising-person', person))?.summary.voided).toBeUndefined();
  await fill(await change(achievement), achievementOf(unit, '接任者'), []);
  const { answers, form, revision, id } = await begin('unit-achievement');
  await ask('PUT', `/drafts/${id}`, { answers, form, revision, ...achievementOf(unit, name) });
  expect((await voiding(person)).status).toBe(200);
  expect((await rowOf('practising-person', person))?.summary.voided?.by).toBe(unit.name);
});

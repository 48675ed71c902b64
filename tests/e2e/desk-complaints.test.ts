/** 投诉 in a real browser: a department's staff registers one about what it relies on, and the applicant at the counter reads it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { decideComplaint, findUsable, lodgeComplaint, openDesk } from '#tests/support/desk-complaints.ts';
import { pushQualification } from '#tests/support/pushed-record.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { buildConsolePages, buildKioskPage } from '../../scripts/build-pages.ts';

const field = { id: 'construction-tendering', name: '辽宁省建设工程招标投标领域' };
const reason = '证书编号与住房城乡建设部门公布的不符';
const applicant = createApplicant(() => whole);
let whole: WholeStation;
let browser: Browser;
let desk: Page;
let kiosk: Page;
let complaints: string[];

beforeAll(async () => {
  await buildConsolePages();
  await buildKioskPage();
  whole = await startWholeStation();
  await applicant.login();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});
beforeEach(async () => {
  ({ desk, complaints } = await openDesk(browser, whole.serverUrl()));
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name, value, url: whole.agent.url }]);
  kiosk = await context.newPage();
  kiosk.setDefaultTimeout(30_000);
});
afterEach(async () => {
  await desk.close();
  await kiosk.context().close();
  expect(complaints).toEqual([]);
});

async function approvedRecord(): Promise<LudengRecord & { uniqueCode: string }> {
  const { id } = await pushQualification(applicant, field.id);
  const api = await signInAtDesk(whole.serverUrl());
  await api.decide(await api.caseOf(id), 'approve', '');
  return eventually('the approval is back', async () => {
    const { uniqueCode = '', ...record } = await applicant.record(id);
    return record.pushes[0]?.state === 'approved' ? { ...record, uniqueCode } : undefined;
  });
}
/** What the list of cases says of the complaint about that record. */
async function complaintLine(tab: string, uniqueCode: string): Promise<string> {
  await desk.getByRole('link', { name: '推送核验' }).click();
  await desk.getByRole('tab', { name: tab }).click();
  await desk.getByRole('searchbox').fill(uniqueCode);
  const line = desk
    .locator('[data-case]', { hasText: uniqueCode })
    .filter({ hasText: `投诉（${field.name}）` });
  await line.waitFor();
  return line.innerText();
}

test('a complaint is registered with its reason, shown in every list while it is looked into, and upheld it takes the field away', async () => {
  const { id, uniqueCode } = await approvedRecord();
  const usable = await findUsable(desk, uniqueCode);
  expect(await usable.getAttribute('data-use')).toBe('usable');
  expect(await usable.innerText()).toContain('可以在本领域使用');

  // without a reason it is not registered
  await usable.getByRole('link', { name: uniqueCode }).click();
  await desk.getByRole('button', { name: '登记投诉' }).click();
  const dialog = desk.getByRole('dialog', { name: '登记投诉' });
  await dialog.getByRole('button', { name: '登记', exact: true }).click();
  await dialog.getByRole('alert').waitFor();
  await screenshot(desk, 'complaint-no-reason');
  await dialog.getByRole('button', { name: '取消' }).click();
  await dialog.waitFor({ state: 'hidden' });

  await lodgeComplaint(desk, uniqueCode, reason);
  await screenshot(desk, 'complaint-lodged');
  expect(await complaintLine('待审核', uniqueCode)).toContain('核查中');
  await screenshot(desk, 'complaint-list');
  const disputed = await findUsable(desk, uniqueCode);
  expect(await disputed.innerText()).toContain('有投诉正在核查');
  await screenshot(desk, 'complaint-usable');

  await kiosk.goto(`${whole.agent.url}#/record/${id}`);
  const told = kiosk.locator('[data-case-state]', { hasText: reason });
  await told.getByText('投诉核查中').waitFor();
  await screenshot(kiosk, 'complaint-kiosk-open');

  // who looks into it has to say what was found
  await desk.getByRole('link', { name: '推送核验' }).click();
  await desk.locator('[data-case]', { hasText: uniqueCode }).first().click();
  await desk.getByRole('button', { name: '投诉成立', exact: true }).click();
  await desk.getByText('请填写投诉成立的原因').waitFor();
  await desk.getByRole('group', { name: '常用意见' }).getByText('投诉事由没有证据证明').waitFor();
  // neither of them is a go-ahead
  expect(await desk.locator('.decide.btn-go').count()).toBe(0);
  expect(await desk.locator('[data-test="accept"]').count()).toBe(0);
  await decideComplaint(desk, '投诉成立', '证书编号查无此证');
  await screenshot(desk, 'complaint-upheld');
  expect(await (await findUsable(desk, uniqueCode)).getAttribute('data-use')).toBe('complained');
  await screenshot(desk, 'complaint-usable-lost');
  await told.getByText('投诉成立', { exact: true }).waitFor();
  await told.getByText('证书编号查无此证').waitFor();
  await kiosk.getByRole('tab', { name: '推送记录' }).click();
  await kiosk.locator('tr[data-complaint=approved]', { hasText: reason }).waitFor();
  await screenshot(kiosk, 'complaint-kiosk-upheld');
});

test('a complaint that is not upheld leaves the information usable, and another can be registered', async () => {
  const { uniqueCode } = await approvedRecord();
  await lodgeComplaint(desk, uniqueCode, reason);
  await decideComplaint(desk, '投诉不成立', '经核查与公布的一致');
  expect(await complaintLine('全部', uniqueCode)).toContain('投诉不成立');
  expect(await (await findUsable(desk, uniqueCode)).getAttribute('data-use')).toBe('usable');
  await lodgeComplaint(desk, uniqueCode, '另有举报');
  expect(await (await findUsable(desk, uniqueCode)).getAttribute('data-use')).toBe('disputed');
});

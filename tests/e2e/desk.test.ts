/** The departments' desk in a real browser, before a real server with cases that a real station pushed. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { formatVerificationCode } from '#domain/record/verification-code.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import { demoQualification } from '#tests/support/documents.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { openPage } from '#tests/support/desk-browser.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';
import { pushQualification } from '#tests/support/pushed-record.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const pushField = 'construction-tendering';
const fieldName = '辽宁省建设工程招标投标领域';
let whole: WholeStation;
let browser: Browser;
let page: Page;
let complaints: string[];
const applicant = createApplicant(() => whole);

beforeAll(async () => {
  await buildConsolePages();
  whole = await startWholeStation();
  await applicant.login();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});
beforeEach(async () => {
  ({ page, complaints } = await openPage(browser, whole.serverUrl()));
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const shot = (name: string): Promise<void> => screenshot(page, name);

const pushedRecord = (): Promise<LudengRecord> => pushQualification(applicant, pushField);

async function signIn(password = 'ludeng-demo'): Promise<void> {
  await page.getByLabel('账号').fill('demo');
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
}

async function openCaseOf({ uniqueCode }: LudengRecord): Promise<void> {
  await page.getByRole('link', { name: uniqueCode ?? '' }).click();
  await page.getByRole('button', { name: '返回列表' }).waitFor();
}

const decided = (id: string, state: 'approved' | 'refused') =>
  eventually(`the station hears ${state}`, async () => {
    const [push] = (await applicant.record(id)).pushes;
    return push?.state === state ? push : undefined;
  });

test('a wrong password is refused with words, and the right one opens the list', async () => {
  await signIn('not-the-password');
  expect(await page.getByRole('alert').innerText()).toContain('账号或密码不正确');
  await signIn();
  await page.getByRole('tab', { name: '待审核' }).waitFor();
});

test('a case that comes while the list is open appears by itself and can be found', async () => {
  await signIn();
  await page.getByText('实时更新').waitFor();
  const record = await pushedRecord();
  const row = page.getByRole('row').filter({ hasText: record.uniqueCode ?? '' });
  await row.waitFor();
  const text = await row.innerText();
  for (const part of [record.subject.name, fieldName, '绿灯', '一号采集站', '待审核'])
    expect(text).toContain(part);

  await page.getByRole('searchbox').fill('没有这样的单位');
  await page.getByText('没有找到与').waitFor();
  await page.getByRole('searchbox').fill(record.uniqueCode ?? '');
  await row.waitFor();
});

test('the case shows scan, marks, comparison and the server’s seal report, and a field leads to its mark', async () => {
  const record = await pushedRecord();
  await signIn();
  await openCaseOf(record);
  expect(await page.locator('[data-test="deadline"]').innerText()).toContain('还有 5 个工作日');

  await page.waitForFunction(() => {
    const picture_ = document.querySelector<HTMLImageElement>('.frame img');
    return picture_ !== null && picture_.complete && picture_.naturalWidth > 500;
  });
  const marks = page.locator('[data-mark]');
  expect(await marks.count()).toBeGreaterThanOrEqual(Object.keys(qualificationValues).length);

  const row = page.locator('tr[data-field="certificateNumber"]');
  expect(await row.innerText()).toContain(demoQualification.certificateNumber);
  expect(await row.innerText()).toContain('绿灯');
  const mark = page.locator('[data-mark="证书编号的标记"]');
  const before = await mark.boundingBox();
  await row.click();
  await eventually('the view goes to the mark', async () => {
    const now = await mark.boundingBox();
    return now && before && now.width > before.width * 1.5 ? now : undefined;
  });
  for (const side of ['站端', '服务端'])
    expect(await page.getByText(`与证件相符的把握（${side}）`).isVisible()).toBe(true);

  await shot('case');
  const seal = page.locator('[data-test="seal"]');
  expect(await seal.innerText()).toMatch(/签章有效[\s\S]*模拟/);
  await page.keyboard.press('2');
  expect(await page.getByText('证书序列号').isVisible()).toBe(true);
  await page.keyboard.press('5');
  expect(await page.getByRole('tabpanel').innerText()).toMatch(/辽宁省建设工程招标投标领域\s+核验中/);

  const address = await page.locator('[data-test="open-pdf"]').getAttribute('href');
  const pdf = await page.request.get(new URL(address ?? '', whole.serverUrl()).href);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
});

test('a refusal needs its reason; with one the station hears it, and the next open case is offered', async () => {
  const other = await pushedRecord();
  const record = await pushedRecord();
  await signIn();
  await openCaseOf(record);

  await page.getByRole('button', { name: '审核不通过' }).click();
  await page.getByText('请填写审核不通过的原因').waitFor();
  expect(await page.getByRole('dialog').isVisible()).toBe(false);

  await page.getByRole('button', { name: '证件图片不清晰，请重新扫描上传' }).click();
  await page.getByRole('button', { name: '审核不通过' }).click();
  await page.locator('[data-test="accept"]').click();
  await page.locator('[data-test="case-state"]').getByText('不通过').waitFor();
  const push = await decided(record.id, 'refused');
  expect(push).toMatchObject({ opinion: '证件图片不清晰，请重新扫描上传', decidedBy: '演示审核员（模拟）' });

  await page.locator('[data-test="open-next"]').click();
  await page.getByText(other.uniqueCode ?? '').waitFor();
});

test('a case is approved with the keyboard alone', async () => {
  const record = await pushedRecord();
  await signIn();
  await page.getByRole('searchbox').fill(record.uniqueCode ?? '');
  await page.getByText('共 1 件').waitFor();
  await page.getByRole('searchbox').blur();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '审核不通过' }).waitFor();
  await page.keyboard.press('a');
  await page.locator('[data-test="accept"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-test="decided"]').waitFor();
  expect((await decided(record.id, 'approved')).state).toBe('approved');
});

test('a case that a colleague decides meanwhile says so, and takes no second decision', async () => {
  const record = await pushedRecord();
  await signIn();
  await openCaseOf(record);
  await page.getByRole('button', { name: '审核不通过' }).waitFor();
  const id = page.url().split('/').at(-1) ?? '';
  const answer = await page.request.post(`${whole.serverUrl()}/api/cases/${id}/decisions`, {
    data: { step: 'manual-review', decision: 'refuse', opinion: '同事先办理' },
  });
  expect(answer.ok()).toBe(true);
  await page.locator('[data-test="taken"]').waitFor();
  expect(await page.locator('[data-test="decided"]').innerText()).toContain('同事先办理');
  expect(await page.getByRole('button', { name: '审核不通过' }).count()).toBe(0);
});

test('an ended session leads to the sign-in page, and back to the case', async () => {
  const record = await pushedRecord();
  await signIn();
  await openCaseOf(record);
  await page.request.delete(`${whole.serverUrl()}/api/session`);
  await page.getByRole('button', { name: '下一件' }).click();
  await page.getByText('登录已过期').waitFor();
  await signIn();
  await page.getByRole('button', { name: '返回列表' }).waitFor();
});

test('whoever has the 查验码 too sees what a unique code stands for and that its signature holds', async () => {
  const record = await pushedRecord();
  expect(record.light).toBe('green');
  const told = async () => (await applicant.record(record.id)).digitalCertificate?.verificationCode;
  const code = formatVerificationCode(await eventually('the 查验码 has arrived', told));
  // the desk shows the same
  await signIn();
  await openCaseOf(record);
  expect(await page.locator('[data-test=verification-code]').innerText()).toBe(code);
  await shot('case-with-code');

  const address = `${whole.serverUrl()}/certificates/${record.uniqueCode}`;
  await page.goto(address);
  await page.getByText('请再输入查验码').waitFor();
  await shot('certificate-no-code');
  expect(await page.locator('body').innerText()).not.toContain(record.subject.name);
  await page.getByLabel('查验码').fill('K7QF-3MWT-9XHR-20AB');
  await page.keyboard.press('Enter');
  await page.getByText('没有查到数字证照').waitFor();
  await shot('certificate-wrong-code');
  expect(await page.locator('body').innerText()).not.toContain(record.subject.name);
  await page.getByLabel('查验码').fill(code.toLowerCase());
  await page.keyboard.press('Enter');
  const shown = page.locator('[data-signature]');
  await shown.waitFor();
  expect(await shown.getAttribute('data-signature')).toBe('holds');
  expect(await shown.innerText()).toContain(record.subject.name);
  expect(await shown.innerText()).toContain('资质等级证书');
  await shot('certificate');
  // the address that holds both may be handed on
  await page.reload();
  await shown.waitFor();
  expect(page.url()).toBe(`${address}/${code.replaceAll('-', '')}`);
});

test('the stations page says in words how a station is, and renames it at its own counter', async () => {
  await signIn();
  await page.getByRole('link', { name: '采集站' }).click();
  const row = page.locator('[data-station="station-1"]');
  await row.waitFor();
  expect(await row.innerText()).toMatch(/一号采集站[\s\S]*在线[\s\S]*正常/);
  await row.getByText('识别模型').waitFor();

  await row.getByRole('button', { name: '设置' }).click();
  await page.getByLabel('名称').fill('政务大厅甲');
  await page.getByLabel('上传限速').fill('12');
  await page.getByRole('button', { name: '保存并下发' }).click();
  expect(await page.getByRole('dialog').getByRole('alert').innerText()).toContain('64');
  await page.getByLabel('上传限速').fill('20000');
  await page.getByRole('button', { name: '保存并下发' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await row.innerText()).toContain('政务大厅甲');
  await eventually('the new name at the counter', async () =>
    (await whole.station.call('station')).stationName === '政务大厅甲' ? true : undefined,
  );
});

test('an administrator adds an account, hands its password on, and disables it; his own he cannot', async () => {
  await signIn();
  await page.getByRole('link', { name: '账号管理' }).click();
  const own = page.locator('[data-account=demo]');
  expect(await own.getByRole('button', { name: '停用' }).isDisabled()).toBe(true);

  await page.getByRole('button', { name: '添加账号' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('姓名').fill('赵新');
  await dialog.getByLabel('监督机构或主管部门审核').check();
  await page.keyboard.press('Enter');
  expect(await dialog.getByRole('alert').innerText()).toContain('请填写账号');
  const id = `zhao-${Date.now()}`;
  await dialog.getByLabel('账号（').fill(id);
  await dialog.getByRole('combobox').selectOption({ index: 1 });
  await page.keyboard.press('Enter');
  const password = await page.locator('[data-test=password]').innerText();
  await page.getByRole('button', { name: '我已记下' }).click();

  const session = await page.context().browser()?.newContext();
  const api = `${whole.serverUrl()}/api/session`;
  expect((await session?.request.post(api, { data: { account: id, password } }))?.status()).toBe(200);
  const row = page.locator(`[data-account="${id}"]`);
  await row.getByRole('button', { name: '停用' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-test=accept]:focus').waitFor();
  await page.keyboard.press('Enter');
  await row.getByText('已停用').waitFor();
  expect((await session?.request.get(api))?.status()).toBe(401);
  await session?.close();
});

test('shows the pixels a light rests on, says that the server looked too, and lets a reviewer overrule with a reason', async () => {
  const record = await pushedRecord();
  await signIn();
  await openCaseOf(record);
  expect(await page.locator('[data-test=recheck]').innerText()).toContain('服务端复核');

  const row = page.locator('tr[data-field=companyName]');
  expect(await row.getAttribute('data-light')).toBe('green');
  await row.click();
  const crop = page.locator('.rests-on img');
  await crop.waitFor();
  expect(
    await crop.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth)),
  ).toBeGreaterThan(200);
  await page.locator('[data-test=overrule]').click();
  await page.getByRole('radio').nth(1).check();
  await page.locator('[data-test=save-overrule]').click();
  expect(await page.locator('.overrule [role=alert]').innerText()).toContain('理由');
  await page.locator('.overrule textarea').fill('名称与营业执照不一致');
  await page.locator('[data-test=save-overrule]').click();
  await page.locator('tr[data-field=companyName][data-light=red]').waitFor();
  expect(await page.locator('[data-test=overruled]').innerText()).toContain('名称与营业执照不一致');

  const operation = await eventually('the applicant hears of it', async () =>
    (await applicant.record(record.id)).operations.find(({ action }) => action === '改判核验结果'),
  );
  expect(operation.detail).toContain('绿灯改为红灯，理由：名称与营业执照不一致');
});

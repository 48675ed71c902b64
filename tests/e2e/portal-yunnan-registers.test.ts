/** 锁定/解锁 in a browser: a contractor asks for an unlock and for a change of persons, from the menu to what the bodies decided. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/desk-browser.ts';
import { onePixel } from '#tests/support/portal-forms.ts';
import { contractor, newPerson, openQuality, quality as programme } from '#tests/support/quality-portal.ts';
import type { Quality } from '#tests/support/quality-portal.ts';
import { unnoted } from '#tests/support/walks.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

let quality: Quality;
let browser: Browser;
let page: Page;
const locked = newPerson('李解锁');
const free = newPerson('王自由');
const before = newPerson('陈变更');
const after = newPerson('周接任');

beforeAll(async () => {
  await buildConsolePages();
  quality = await openQuality();
  for (const one of [locked, free, before, after]) await quality.person(one);
  await quality.appoint(locked, 'project-manager', await quality.work('P1', { name: '滇池大桥' }));
  await quality.appoint(before, 'project-manager', await quality.work('P2', { name: '翠湖学校' }));
  await quality.qualify(after, 'registered-constructor', 'safety-certificate-b');
  browser = await startBrowser();
  page = await unnoted(async () => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
    const [name = '', value = ''] = quality.cookies.contractor.split('=');
    await context.addCookies([{ name, value, url: quality.server.url }]);
    const made = await context.newPage();
    made.setDefaultTimeout(15_000);
    return made;
  });
  await page.goto(`${quality.server.url}/portal/${programme}/home`);
  await page.getByRole('button', { name: '施工单位' }).click();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await quality?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const rowOf = (text: string) => page.locator('tr[data-record]', { hasText: text });
const heads = (place: string) => page.locator(`${place} th`).allTextContents();
/** By the menu, level by level. */
async function goTo(title: string): Promise<void> {
  await page.getByRole('link', { name: '人员管理' }).or(button('人员管理')).first().click();
  await page.getByText('锁定/解锁').first().waitFor();
  await page.getByRole('link', { name: title, exact: true }).click();
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
}
async function attach(): Promise<void> {
  const place = page.locator('[data-attachment="application"]');
  const file = { name: '申请表.png', mimeType: 'image/png', buffer: onePixel };
  await place.locator('input[type=file]').setInputFiles(file);
  await place.locator('[data-file]').waitFor();
}
/** Its case is opened a moment after 上报: the list shows it from then on. */
async function reported(name: string): Promise<string> {
  const row = rowOf(name);
  await row.getByRole('button', { name: '上报' }).click();
  await row.getByRole('link', { name: '查看' }).waitFor();
  const record = (await row.getAttribute('data-record')) ?? '';
  await quality.caseOf('supervisor', record);
  await page.reload();
  await row.getByText('监督机构或主管部门审核').waitFor();
  return record;
}

test('YNQ-026 人员管理 → 锁定/解锁 → 人员解锁申请 opens the list', async () => {
  await goTo('人员解锁申请');
  await page.locator('[data-kind="person-unlock"]').waitFor();
});

test('YNQ-027 YNQ-028 添加 opens a dialog of locked persons, 确定 in it the page of the application', async () => {
  await button('添加').click();
  await dialog().locator(`[data-candidate="${locked.name}"]`).waitFor();
  expect(await dialog().locator(`[data-candidate="${free.name}"]`).count()).toBe(0);
  await dialog().getByRole('button', { name: '确定' }).click();
  await dialog().getByText('请先选择一名人员').waitFor();
  await dialog().locator(`[data-candidate="${locked.name}"] input`).check();
  await dialog().getByRole('button', { name: '确定' }).click();
  await page.waitForURL(/\/drafts\//);
});

test('YNQ-029 the page shows who is locked in what, and takes 建设工程项目人员解锁申请表', async () => {
  await page.locator('#field-personName').waitFor();
  const text = await page.locator('[data-part="form"]').innerText();
  for (const shown of [locked.name, locked.id, '项目经理', '滇池大桥', contractor.name])
    expect(`${text} ${await valuesOf('[data-part="form"]')}`).toContain(shown);
  await page.getByText('建设工程项目人员解锁申请表').first().waitFor();
  await attach();
  await page.locator('#field-reason').fill('工程已完工');
});
const valuesOf = async (place: string): Promise<string> =>
  (
    await page
      .locator(`${place} :is(input, textarea, select)`)
      .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  ).join(' ');

test('YNQ-030 确定 keeps the application and goes back to the list', async () => {
  await button('确定').click();
  await rowOf(locked.name).waitFor();
  expect(await rowOf(locked.name).innerText()).toContain('草稿');
});

test('YNQ-084 the list has its columns and the state of each, 添加 above and 上报 under 操作', async () => {
  expect(await heads('[data-kind="person-unlock"]')).toEqual([
    ...['序号', '锁定人员姓名', '锁定岗位', '锁定工程', '解锁原因', '申请单位', '上报时间', '状态', '操作'],
  ]);
  expect(await button('添加').count()).toBe(1);
  expect(await rowOf(locked.name).getByRole('button', { name: '上报' }).count()).toBe(1);
});

test('YNQ-031 上报 under 操作 reports it, and the first approval is 业务办结', async () => {
  const record = await reported(locked.name);
  await quality.decide('authority', record, 'approve');
  await page.reload();
  await rowOf(locked.name).getByText('业务办结').waitFor();
  expect(await quality.locksOf(locked)).toEqual([]);
});

test('YNQ-037 人员管理 → 锁定/解锁 → 项目主要管理人员变更 opens the list', async () => {
  await goTo('项目主要管理人员变更');
  await page.locator('[data-kind="manager-change"]').waitFor();
});

test('YNQ-038 添加 asks who is changed, and 确定 opens the page', async () => {
  await button('添加').click();
  const one = dialog().locator(`[data-candidate="${before.name}"]`);
  expect(await one.innerText()).toContain('翠湖学校');
  expect(await one.innerText()).toContain('项目经理');
  await one.locator('input').check();
  await dialog().getByRole('button', { name: '确定' }).click();
  await page.waitForURL(/\/drafts\//);
});

test('YNQ-057 YNQ-058 the log has its columns, and says 暂无数据 while it is empty', async () => {
  await page.locator('[data-part="log"]').waitFor();
  expect(await heads('[data-part="log"]')).toEqual(['序号', '操作时间', '操作人', '操作', '意见']);
  expect(await page.locator('[data-part="log"] tbody').innerText()).toContain('暂无数据');
});

test('YNQ-039 the page has the fields of the change, the choice of the new person, and attachments', async () => {
  await button('选择变更后人员').click();
  await dialog().locator(`[data-candidate="${after.name}"] input`).check();
  await dialog().getByRole('button', { name: '确定' }).click();
  await dialog().waitFor({ state: 'detached' });
  const shown = `${await page.locator('[data-part="form"]').innerText()} ${await valuesOf('[data-part="form"]')}`;
  for (const text of ['翠湖学校', before.name, before.id, after.name, after.id])
    expect(shown).toContain(text);
  await page.locator('#field-reason').fill('岗位调整');
  await attach();
});

test('YNQ-040 YNQ-062 暂存 keeps it, and its row offers 上报', async () => {
  await button('暂存').click();
  await rowOf(before.name).waitFor();
  expect(await rowOf(before.name).getByRole('button', { name: '上报' }).count()).toBe(1);
});

test('YNQ-061 the list has the columns of the manual', async () => {
  expect(await heads('[data-kind="manager-change"]')).toEqual([
    ...[
      '序号',
      '工程名称',
      '变更类型',
      '变更前人员',
      '变更后人员',
      '变更原因',
      '申请单位',
      '上报时间',
      '状态',
      '操作',
    ],
  ]);
  const row = await rowOf(before.name).innerText();
  for (const text of ['翠湖学校', '项目经理', before.name, after.name, '岗位调整', contractor.name])
    expect(row).toContain(text);
});

test('YNQ-059 YNQ-060 上报 under 操作 reports it to both bodies, and the first approval closes it, as its log tells', async () => {
  const record = await reported(before.name);
  expect((await quality.caseOf('supervisor', record)).id).toBe(
    (await quality.caseOf('authority', record)).id,
  );
  await quality.decide('supervisor', record, 'approve', '同意变更');
  await page.reload();
  await rowOf(before.name).getByText('业务办结').waitFor();
  await rowOf(before.name).getByRole('link', { name: '查看' }).click();
  const log = page.locator('[data-part="log"] tr[data-entry]');
  await log.nth(1).waitFor();
  expect(await log.nth(0).innerText()).toContain('上报');
  expect(await log.nth(1).innerText()).toContain('同意变更');
});

test('what a body gives back shows its opinion, is mended in the form with all that was entered, and the body sees what is otherwise', async () => {
  const one = newPerson('秦退回');
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work(`P-${one.id}`, { name: '抚仙湖泵站' }));
  const record = await quality.unlockOf('contractor', one);
  await quality.report('contractor', record);
  const { id: caseId } = await quality.caseOf('supervisor', record);
  await quality.decideCase('supervisor', caseId, 'return', '申请表未盖章');
  await page.goto(`${quality.server.url}/portal/${programme}/home`);
  await goTo('人员解锁申请');
  const row = page.locator(`tr[data-record="${record}"]`);
  await row.getByText('已退回').waitFor();
  await row.getByRole('link', { name: '查看' }).click();
  const told = page.locator('[data-test="returned"]');
  await told.getByText('退回意见：申请表未盖章').waitFor();
  await button('修改并重新上报').click();
  await page.waitForURL(/\/drafts\//);
  await told.getByText('申请表未盖章').waitFor();
  expect(await valuesOf('[data-part="form"]')).toContain('抚仙湖泵站');
  await page.locator('[data-attachment="application"] [data-file]').waitFor();
  await page.locator('#field-reason').fill('工程已完工，申请表已补盖公章');
  await button('上报').click();
  await page.waitForURL(new RegExp(`/records/${record}$`));
  const versions = page.locator('[data-part="versions"] [data-version]');
  await versions.nth(1).waitFor();
  await versions.nth(1).getByRole('link', { name: '查看' }).click();
  await page.getByText('这是退回前提交的内容，只能查看').waitFor();
  expect(await page.locator('#field-reason').inputValue()).toBe('工程已完工');

  const [name = '', value = ''] = quality.desks.supervisor.split('=');
  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  await desk.addCookies([{ name, value, url: quality.server.url }]);
  const seen = await desk.newPage();
  await seen.goto(`${quality.server.url}/cases/${caseId}`);
  const change = seen.locator('[data-test="correction"] [data-change]', { hasText: '解锁原因' });
  await change.getByText('工程已完工，申请表已补盖公章').waitFor();
  await desk.close();
});

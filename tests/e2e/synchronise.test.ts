/**
 * 同步全国建筑市场监管公共服务平台数据 at a counter: what comes into the list, what is removed from it, and what happens where
 * the platform gives half, nothing, or there is no line. Real browser, server, sandbox; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createApplicant } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { button, heads, labels, open, texts, upload } from '#tests/support/counter-walk.ts';
import { demoLicence, demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { openPersonFile } from '#tests/support/person-file.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const synchronise = '同步全国建筑市场监管公共服务平台数据';
const { creditCode } = demoLicence;
let services: TestOutsideServices;
let whole: WholeStation;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  services = await startOutsideServices();
  whole = await startWholeStation({ serverSettings: { services: services.settings } });
  await createApplicant(() => whole).login();
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name, value, url: whole.agent.url }]);
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${whole.agent.url}#/section/qualifications`);
  await page.locator('[data-subject-records=complete]').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
  await services?.close();
});
/** Each test begins at the list, with nothing open over it that another left. */
beforeEach(async () => {
  await services.setBehaviour({ service: 'all', mode: 'normal' });
  await whole.startServer();
  await eventually('the records are here', async () =>
    (await whole.station.call('station')).subjectRecords?.state === 'complete' ? true : undefined,
  );
  await page.goto('about:blank');
  await page.goto(`${whole.agent.url}#/section/qualifications`);
  await open(page, '经营资质', '资质等级证书');
});

const line = ({ name, validUntil }: MarketRow) =>
  page
    .locator('tbody tr', { hasText: name })
    .filter({ hasText: new RegExp(`2029.0?6.${validUntil.slice(-2)}`) });
const result = () => page.getByRole('dialog', { name: '同步结果' });
async function run(): Promise<void> {
  await button(page, synchronise).click();
  await result().locator('.count').first().waitFor();
}
async function close(): Promise<void> {
  await button(result(), '关闭').click();
  await result().waitFor({ state: 'hidden' });
}
interface MarketRow {
  id: string;
  name: string;
  number: string;
  /** The list shows it: of rows of one name it tells those of another try apart. */
  validUntil: string;
}
let lastDay = 10;
async function addMarket(name: string, more: { isHeldBack?: boolean } = {}): Promise<MarketRow> {
  const day = String((lastDay += 1));
  const row = { id: `QY-10000${day}`, name, number: `D2210000${day}`, validUntil: `2029-06-${day}` };
  await putMarket(row, more);
  return row;
}
const putMarket = (row: MarketRow, more: { isHeldBack?: boolean }) =>
  services.addMarketCertificate({
    ...{ creditCode, grade: '二级', lines: `${row.name}贰级`, isMain: 'no' },
    ...{ authority: '辽宁省住房和城乡建设厅', scope: '全国通用' },
    ...row,
    ...more,
  });

test('LNC-045 LNC-068 LNC-070 one button enters by hand and one brings the platform’s rows, each with nothing but 查看 and 删除', async () => {
  const brought = await addMarket('机电工程施工总承包');
  await button(page, '增加资质').waitFor();
  expect(await line(brought).count()).toBe(0);
  await run();
  await close();
  const row = line(brought);
  await row.waitFor();
  const shown = await heads(page);
  const cells = await texts(row.locator('td'));
  const at = (title: string) => cells[shown.indexOf(title)];
  expect(at('资质等级')).toBe('二级');
  expect(at('资质名称')).toBe('机电工程施工总承包');
  expect(['智能核验', '是否签章', '提交时间', '推送领域情况'].map(at)).toEqual(['—', '未签章', '—', '—']);
  expect(await texts(row.locator('.actions .btn'))).toEqual(['查看', '删除']);
  // once more brings nothing twice
  await run();
  await result().getByText('新增 0 条').waitFor();
  await close();
  expect(await line(brought).count()).toBe(1);
});

test('LNC-071 LNC-072 LNC-073 查看 opens it in 人工模式 under its category, filled in, with 去标记, and the mode can be changed', async () => {
  const row = await addMarket('通信工程施工总承包');
  await run();
  await close();
  await line(row).getByRole('link', { name: '查看' }).click();
  await page.getByRole('heading', { name: '建筑业企业资质证书-施工总承包资质-通信工程' }).waitFor();
  await page.getByText('还没有上传电子文件').waitFor();
  await button(page, '上传图片').waitFor();
  const manual = page.getByRole('radio', { name: '人工模式', exact: true });
  const smart = page.getByRole('radio', { name: '智能模式', exact: true });
  expect(await manual.isChecked()).toBe(true);

  const required = ['单位名称', '资质名称', '等级', '资质类别及等级', '证书编号', '发证机关', '有效期至'];
  expect((await labels(page)).slice(0, 8)).toEqual([...required.map((label) => `${label}*`), '通用范围']);
  expect(await page.locator('.form #field-certificateNumber').inputValue()).toBe(row.number);
  expect(await page.locator('.form #field-generalScope').inputValue()).toBe('全国通用');
  expect(await page.locator('.form #field-companyName').inputValue()).toBe(demoLicence.companyName);
  await smart.click();
  await page.locator('.form #field-certificateNumber:disabled').waitFor();
  await manual.click();
  await page.locator('.form #field-certificateNumber:enabled').waitFor();
  // 去标记 needs a picture to go to
  await upload(page, await drawConstructionQualification(demoQualification));
  const fields = page.locator('.form .field', { has: page.locator('.go-mark') });
  const marked = await texts(fields.locator('.head label'));
  for (const label of required) expect(marked.some((text) => text.includes(`${label}*`))).toBe(true);
  expect(marked.some((text) => text.includes('通用范围'))).toBe(false);
});

test('LNC-211 a row that was removed comes back by no synchronisation, and by the person’s wish', async () => {
  const row = await addMarket('矿山工程施工总承包');
  await run();
  await close();
  await button(line(row), '删除').click();
  await page.getByRole('dialog').getByText('下次同步不会自动恢复').waitFor();
  await button(page.getByRole('dialog'), '删除').click();
  await line(row).waitFor({ state: 'hidden' });
  await run();
  const removed = result().locator('label', { hasText: row.number });
  await removed.waitFor();
  expect(await line(row).count()).toBe(0);
  await removed.locator('input').check();
  await button(result(), '恢复所选').click();
  await result().getByText('新增 1 条').waitFor();
  await close();
  await line(row).waitFor();
});

test('LNC-091 in the file of a person it brings what is registered for that person, and adding by hand stands beside it', async () => {
  const person = { name: '王建国', idNumber: '210103197506120014' };
  const practice = page.locator('tbody tr', { hasText: '一级建造师注册证书' });
  await openPersonFile(page, person, '注册执业资格');
  await button(page, '增加注册执业资格证书').waitFor();
  await run();
  await close();
  await practice.waitFor();
  const asked = (await services.requests('buildingMarket'))[0]?.body;
  expect(asked).toEqual({ creditCode, idNumber: person.idNumber });
  // a person of whom the platform has nothing gets nothing
  await openPersonFile(page, { name: '周晓梅', idNumber: '210102199003075525' }, '注册执业资格');
  await run();
  await result().getByText('平台上没有本单位的信息').waitFor();
  await close();
  expect(await practice.count()).toBe(0);
});

test('half of a result is taken and said to be half; the rest comes the next time', async () => {
  const given = await addMarket('铁路工程施工总承包');
  const held = await addMarket('港口与航道工程施工总承包', { isHeldBack: true });
  try {
    await run();
    await result()
      .getByText(/平台共有 \d+ 条，本次只收到 \d+ 条/)
      .waitFor();
    await close();
    await line(given).waitFor();
    expect(await line(held).count()).toBe(0);
  } finally {
    await putMarket(held, { isHeldBack: false });
  }
  await run();
  expect(await result().getByText('本次只收到').count()).toBe(0);
  await close();
  await line(held).waitFor();
});

test('a platform that is down, slow or babbles changes nothing, and is named', async () => {
  await run();
  await close();
  const before = await page.locator('tbody tr').count();
  for (const mode of ['fail', 'garbage', 'slow'] as const) {
    await services.setBehaviour({ service: 'buildingMarket', mode, delayMs: 8_000 });
    await button(page, synchronise).click();
    await page
      .locator('[data-code=SERVICE_UNREACHABLE]', { hasText: '全国建筑市场监管公共服务平台' })
      .waitFor();
    await button(page, synchronise).and(page.locator(':enabled')).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(before);
    await services.setBehaviour({ service: 'buildingMarket', mode: 'normal' });
    await run();
    await close();
  }
  // the station's own line outlives a slow platform
  expect((await whole.station.call('station')).line.state).toBe('online');
});

test('without a line nothing is brought and nothing removed, and both say why', async () => {
  const row = await addMarket('冶金工程施工总承包');
  await run();
  await close();
  await whole.stopServer();
  await eventually('the line is gone', async () =>
    (await whole.station.call('station')).line.state === 'online' ? undefined : true,
  );
  await button(page, synchronise).click();
  await page.locator('[data-code=SYNCHRONISE_NO_LINE]').waitFor();
  await button(line(row), '删除').click();
  await button(page.getByRole('dialog'), '删除').click();
  // beside what the first attempt said
  await expect.poll(() => page.locator('[data-code=SYNCHRONISE_NO_LINE]').count()).toBe(2);
  await line(row).waitFor();
});

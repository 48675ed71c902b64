/** Every section of the bidder's menu in a real browser: tabs, lists, questions, forms and tables of papers. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { test } from '#tests/support/row-test.ts';

/** By the menu; from the page of a record or a paper, which has none, by 返回. */
async function open(page: Page, section: string): Promise<void> {
  const link = page.getByRole('link', { name: section, exact: true });
  const back = page.getByRole('button', { name: '返回', exact: true });
  for (;;) {
    await link.or(back).first().waitFor();
    if (await link.isVisible()) break;
    await back.click();
    await page.waitForTimeout(200);
  }
  await link.click();
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heads = (page: Page) => page.locator('table th').allTextContents();

test.concurrent('LNC-020 LNC-021 no module of the menu is shut', async ({ page }) => {
  const sections = [
    '经营资质',
    '企业人员',
    '企业认证荣誉',
    '企业业绩',
    '经营管理信息',
    '在建工程',
    '企业诉讼',
    '外埠入辽',
  ];
  for (const section of sections) {
    await open(page, section);
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
    await page.locator('.bar .btn-main').waitFor();
    expect(await page.getByText('未开通').count()).toBe(0);
  }
});

test.concurrent(
  'LNC-079 LNC-087 LNC-090 the parts of 企业人员 are tabs with an add button of their own',
  async ({ page }) => {
    await open(page, '企业人员');
    await button(page, '增加人员').waitFor();
    await page.getByRole('link', { name: '社会保险', exact: true }).click();
    await button(page, '增加社会保险').click();
    await page.getByText('智能模式 上传电子文件').waitFor();
    expect(await page.locator('[data-field=idNumber]').count()).toBe(1);
  },
);

async function addAchievement(page: Page): Promise<void> {
  await open(page, '企业业绩');
  await button(page, '增加业绩').click();
  await page.getByRole('dialog').locator('.el-select').click();
  await page.getByRole('option', { name: /EPC项目设计单位请选择此项增加设计业绩/ }).waitFor();
  await page.getByRole('option', { name: '施工类' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await page.getByRole('heading', { name: '施工类' }).waitFor();
}
test.concurrent(
  'LNC-121 LNC-122 LNC-123 LNC-124 the category is asked first, with the remark beside EPC',
  ({ page }) => addAchievement(page),
);

test.concurrent(
  'LNC-125 LNC-126 LNC-130 the page of an achievement has its form, and its papers with what is missing',
  async ({ page }) => {
    await addAchievement(page);
    for (const label of ['业绩类型', '项目地区', '资金来源', '项目类别', '工程专业', '标段编号', '建设性质'])
      expect(await page.getByText(label, { exact: true }).count()).toBeGreaterThan(0);
    const rows = await page.locator('tr[data-slot]').allTextContents();
    expect(rows.slice(0, 3).map((row) => row.includes('【必要材料】'))).toEqual([true, true, true]);
    expect(rows.at(-1)).toContain('总体补充说明');
    expect(rows.at(-1)).not.toContain('【必要材料】');
  },
);

test.concurrent('LNC-152 LNC-153 the contract asks whether it was changed, and what', async ({ page }) => {
  await addAchievement(page);
  await page.locator('tr[data-slot=construction-contract]').getByRole('link', { name: '新增' }).click();
  await page.getByRole('radio', { name: '人工模式' }).click();
  await page.locator('[data-field=hasChanged]').getByText('是', { exact: true }).click();
  for (const item of ['标段名称', '承包人', '发包人', '项目经理', '合同金额', '合同内容'])
    await page.locator('[data-field=changedItems]').getByText(item, { exact: true }).waitFor();
});

test.concurrent(
  'LNC-179 LNC-180 a lawsuit is described and dated in its form, and the list shows it',
  async ({ page }) => {
    await open(page, '企业诉讼');
    await button(page, '增加').click();
    await page.locator('#field-description').fill('与某公司的合同纠纷，已判决');
    await page.getByText('已自动保存').waitFor();
    await open(page, '企业诉讼');
    await page.getByRole('cell', { name: '与某公司的合同纠纷，已判决' }).waitFor();
    expect(await heads(page)).toEqual(expect.arrayContaining(['描述', '发生时间']));
  },
);

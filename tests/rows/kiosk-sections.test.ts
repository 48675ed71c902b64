/** Every module of the bidder's menu opens, and an achievement asks what it is. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { answer, button, open, texts } from '#tests/support/counter-walk.ts';
import { test } from '#tests/support/row-test.ts';

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

async function addAchievement(page: Page): Promise<void> {
  await open(page, '企业业绩');
  await button(page, '增加业绩').click();
  await answer(page, { achievementCategory: '施工类' }, '选择此项目类型');
  await page.getByRole('heading', { name: '施工类', exact: true }).waitFor();
  await page.locator('tr[data-slot]').first().waitFor();
}

test.concurrent(
  'LNC-121 LNC-122 LNC-123 增加业绩 asks 业绩类别 among seven, with the remark beside EPC, and opens the entry',
  async ({ page }) => {
    await open(page, '企业业绩');
    await button(page, '增加业绩').click();
    await page.getByRole('dialog').locator('.el-select').click();
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect((await texts(options)).filter((text) => text !== '')).toEqual([
      '施工类',
      '监理类',
      '项目管理(含监理)',
      '设计类(非EPC类)',
      '材料设备类',
      '其他服务类',
      '工程总承包(EPC)（EPC项目设计单位请选择此项增加设计业绩）',
    ]);
    await options.filter({ hasText: '材料设备类' }).click();
    await button(page.getByRole('dialog'), '选择此项目类型').click();
    await page.getByRole('heading', { name: '材料设备类', exact: true }).waitFor();
    await page.locator('#field-sectionNumber').waitFor();
  },
);

test.concurrent(
  'LNC-130 an achievement wants three papers before 提交, and takes 总体补充说明 without wanting it',
  async ({ page }) => {
    await addAchievement(page);
    const rows = await texts(page.locator('tr[data-slot] td:nth-child(2)'));
    const wanted = ['中标通知书', '合同', '（竣工）验收报告'];
    expect(rows.slice(0, 3)).toEqual(wanted.map((title) => `${title}【必要材料】`));
    expect(rows.at(-1)).toBe('总体补充说明');
    const missing = await texts(page.locator('.submit .missing li strong'));
    expect(missing).toEqual(expect.arrayContaining(wanted));
    expect(missing).not.toContain('总体补充说明');
  },
);

test.concurrent(
  'LNC-152 LNC-153 the contract asks 合同内容是否发生变更, 否 or 是, and what was changed is ticked and kept',
  async ({ page }) => {
    await addAchievement(page);
    await page.locator('tr[data-slot=construction-contract]').getByRole('link', { name: '新增' }).click();
    await page.getByRole('radio', { name: '人工模式' }).click();
    const asked = page.locator('[data-field=hasChanged]');
    expect(await asked.locator('label').first().innerText()).toContain('合同内容是否发生变更');
    expect((await texts(asked.locator('.choices label'))).toSorted()).toEqual(['否', '是'].toSorted());
    await asked.getByText('是', { exact: true }).click();
    const items = page.locator('[data-field=changedItems] .choices label');
    const all = ['标段名称', '承包人', '发包人', '项目经理', '合同金额', '合同内容'];
    expect(await texts(items)).toEqual(all);
    for (const item of ['项目经理', '合同金额']) await items.filter({ hasText: item }).click();
    await page.getByText('已自动保存').waitFor();
    await page.reload();
    await items.and(page.locator('.chosen')).first().waitFor();
    expect(await texts(items.and(page.locator('.chosen')))).toEqual(['项目经理', '合同金额']);
    expect(await texts(asked.locator('.choices label.chosen'))).toEqual(['是']);
  },
);

/** The further papers of an achievement: 佐证材料 beside 中标通知书, a sealed material for every change of the contract, and their list. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  answer,
  button,
  confirm,
  heads,
  open,
  row,
  seal,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoAward, drawAwardNotice, drawLabelledPaper } from '#tests/support/documents.ts';
import { test } from '#tests/support/row-test.ts';

async function addAchievement(page: Page, sectionName?: string): Promise<void> {
  await open(page, '企业业绩');
  await button(page, '增加业绩').click();
  const answers = { ...(sectionName ? { sectionName } : {}), achievementCategory: '施工类' };
  await answer(page, answers, '选择此项目类型');
  await page.getByRole('heading', { name: '业绩材料', exact: true }).waitFor();
}
const cells = (page: Page, slot: string): Promise<string[]> => texts(row(page, slot).locator('td'));
const missing = (page: Page): Promise<string[]> => texts(page.locator('.submit .missing li strong'));
const note = (title: string) =>
  drawLabelledPaper({ title, lines: [['事项', '见附件所列各项']], authority: '辽宁沈北建设工程有限公司' });

test.concurrent(
  'LNC-124 LNC-212 选择项目类型 holds the block 项目标段信息, and what stands there goes into 业绩总体信息 by 选择此项目类型',
  async ({ page }) => {
    await open(page, '企业业绩');
    await button(page, '增加业绩').click();
    const dialog = page.getByRole('dialog', { name: '选择项目类型' });
    const block = dialog.locator('section', {
      has: page.getByRole('heading', { name: '项目标段信息', exact: true }),
    });
    await block.locator('[data-field=sectionName]').waitFor();
    await block.locator('[data-field=achievementCategory]').waitFor();
    await answer(
      page,
      { sectionName: '沈北新区道路三标段', achievementCategory: '监理类' },
      '选择此项目类型',
    );
    await page.getByRole('heading', { name: '业绩总体信息', exact: true }).waitFor();
    expect(await page.locator('.form #field-sectionName').inputValue()).toBe('沈北新区道路三标段');
  },
);

test.concurrent(
  'LNC-129 LNC-131 业绩材料 has its six columns; what is new says so, and 总体补充说明 is not checked',
  async ({ page }) => {
    await addAchievement(page, '沈北新区管网一标段');
    expect(await heads(page.locator('section.materials'))).toEqual([
      ...['序号', '证照名称', '唯一标识码', '智能核验', '是否签章', '操作'],
    ]);
    expect(await cells(page, 'award-notice')).toEqual([
      ...['1', '中标通知书【必要材料】', '—', '未核验', '—', '新增'],
    ]);
    expect(await cells(page, 'overall-note')).toEqual(['4', '总体补充说明', '—', '—', '—', '新增']);
  },
);

test.concurrent(
  'LNC-128 LNC-135 LNC-146 LNC-148 LNC-149 LNC-150 A 类 demands 佐证材料, entered beside the sealed 中标通知书 and saved with it',
  async ({ page }) => {
    await addAchievement(page);
    expect(await missing(page)).not.toContain('佐证材料');
    await page.locator('[data-field=achievementType]').getByText('A 类', { exact: true }).click();
    await page.locator('.submit .missing li', { hasText: '佐证材料' }).waitFor();
    await row(page, 'award-notice').getByRole('link', { name: '新增' }).click();
    const own = page.locator('[data-paper=award-notice]');
    const beside = page.locator('[data-beside=evidence]');
    await own.getByRole('heading', { name: '材料信息', exact: true }).waitFor();
    await beside.getByRole('heading', { name: '佐证材料', exact: true }).waitFor();
    // before 中标通知书 is sealed nothing of it can be entered
    await beside.getByText('请先完成中标通知书的填写、标记、上传和签章').waitFor();
    expect(await beside.locator('#field-materialName').isDisabled()).toBe(true);
    await beside.getByText('未签署', { exact: true }).waitFor();
    await beside.getByText('证明材料来源标准化、规范化、数字化技术标准要求').waitFor();
    await upload(page, await drawAwardNotice(demoAward));
    await confirm(page);
    await button(await seal(page), '确认提交').click();
    expect(await button(page, '保存').isDisabled()).toBe(true);
    for (const [field, value] of Object.entries({
      materialType: '图纸',
      materialName: '规模证明',
      description: '见附件',
    }))
      await beside.locator(`#field-${field}`).fill(value);
    for (const way of ['上传图片', '高拍仪拍照']) await button(beside, way).waitFor();
    const { png } = await note('佐证材料');
    await beside
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ name: '佐证.png', mimeType: 'image/png', buffer: Buffer.from(png) }]);
    await beside.locator('.mark-view img').waitFor({ timeout: 60_000 });
    await beside.locator('.beside-seal').click();
    const dialog = page.getByRole('dialog', { name: '电子签章' });
    await dialog.locator('.token').first().click();
    await dialog.getByLabel('UKey密码', { exact: true }).fill(demoPin);
    await page.keyboard.press('Enter');
    await dialog.locator('.state.done').waitFor({ timeout: 60_000 });
    await button(dialog, '确认提交').click();
    await beside.getByText('已签章', { exact: true }).waitFor();
    await button(page, '保存').click();
    const result = page.getByRole('dialog', { name: '智慧校验结果' });
    await result.getByRole('heading', { name: '智能核验', exact: true }).waitFor({ timeout: 60_000 });
    await button(result, '确认').click();
    await button(page, '关闭').click();
    await row(page, 'award-notice').getByText('已签章').waitFor();
    await page.locator('.submit .missing li', { hasText: '佐证材料' }).waitFor({ state: 'hidden' });
  },
);

test.concurrent(
  'LNC-153 LNC-154 LNC-155 LNC-156 every ticked change of the contract stands in 合同变更记录 and has a sealed material of its own',
  async ({ page }) => {
    await addAchievement(page, '沈北新区绿化二标段');
    await row(page, 'construction-contract').getByRole('link', { name: '新增' }).click();
    await page.getByRole('radio', { name: '人工模式' }).click();
    const asked = page.locator('[data-field=hasChanged]');
    await asked.getByText('否', { exact: true }).click();
    expect(await page.locator('[data-field=changedItems]').count()).toBe(0);
    await asked.getByText('是', { exact: true }).click();
    const items = page.locator('[data-field=changedItems] .choices label');
    for (const item of ['项目经理', '合同金额']) await items.filter({ hasText: item }).click();
    const records = page.locator('section', {
      has: page.getByRole('heading', { name: '合同变更记录', exact: true }),
    });
    const line = records.locator('tbody tr', { hasText: '项目经理变更' });
    await line.getByText('未签章', { exact: true }).waitFor();
    expect(await texts(records.locator('tbody tr td:first-child'))).toEqual(['项目经理变更', '合同金额变更']);
    await button(line, '编辑').click();
    const dialog = page.getByRole('dialog', { name: '项目经理变更' });
    await dialog.getByText('注：为了保证您上传的材料智能识别通过率，请按规范化技术指标标准上传').waitFor();
    await button(dialog, '查看标准').waitFor();
    expect(await dialog.locator('#field-change').getAttribute('placeholder')).toBe('请输入变更内容');
    await dialog.locator('#field-change').fill('项目经理由甲变更为乙');
    await button(dialog, '高拍仪拍照').waitFor();
    expect(await button(dialog, '确定').isDisabled()).toBe(true);
    const { png } = await note('合同变更协议');
    await dialog
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ name: '变更.png', mimeType: 'image/png', buffer: Buffer.from(png) }]);
    await dialog.locator('.mark-view img').waitFor({ timeout: 60_000 });
    await dialog.locator('.beside-seal').click();
    const sealing = page.getByRole('dialog', { name: '电子签章' });
    await sealing.locator('.token').first().click();
    await sealing.getByLabel('UKey密码', { exact: true }).fill(demoPin);
    await page.keyboard.press('Enter');
    await sealing.locator('.state.done').waitFor({ timeout: 60_000 });
    await button(sealing, '确认提交').click();
    await button(dialog, '确定').click();
    await line.getByText('已签章', { exact: true }).waitFor();
    await button(page, '返回').click();
    const left = await missing(page);
    expect(left).toContain('合同金额变更');
  },
);

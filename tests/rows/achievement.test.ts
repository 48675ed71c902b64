/** The papers of an achievement on their own pages: what stands there, from 新增 to 已签章, and what is kept meanwhile. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  answer,
  button,
  checked,
  confirm,
  correct,
  open,
  row,
  seal,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import {
  demoAward,
  demoCompletion,
  drawAwardNotice,
  drawCompletionReport,
  drawLabelledPaper,
} from '#tests/support/documents.ts';
import { test } from '#tests/support/row-test.ts';

async function addAchievement(page: Page): Promise<void> {
  await open(page, '企业业绩');
  await button(page, '增加业绩').click();
  await answer(page, { achievementCategory: '施工类' }, '选择此项目类型');
  await page.getByRole('heading', { name: '业绩材料', exact: true }).waitFor();
}
const missing = (page: Page): Promise<string[]> => texts(page.locator('.submit .missing li strong'));
const add = (page: Page, slot: string) => row(page, slot).getByRole('link', { name: '新增' }).click();

test.concurrent(
  'LNC-033 LNC-133 LNC-134 LNC-162 中标通知书 is entered by 新增, marked and sealed by 签章 over its preview; unfinished, the achievement is kept by 保存 and 关闭 and not submitted',
  async ({ page }) => {
    await addAchievement(page);
    await add(page, 'award-notice');
    await upload(page, await drawAwardNotice(demoAward));
    await confirm(page);
    expect(await page.locator('#field-sectionName').inputValue()).toBe(demoAward.sectionName);
    await page.locator('.field[data-field=sectionName] .marked').waitFor();
    await page.locator('.actions .seal-state', { hasText: '未签章' }).waitFor();
    await button(page, '签章').click();
    const dialog = page.getByRole('dialog', { name: '电子签章' });
    await dialog.getByText('资料：1 / 1', { exact: true }).waitFor();
    await dialog.locator('.el-dialog__headerbtn').click();
    await dialog.waitFor({ state: 'hidden' });
    await button(await seal(page), '确认提交').click();
    await page.locator('.actions .seal-state.done', { hasText: '已签章' }).waitFor();
    expect(await checked(page)).not.toBe('red');
    await button(page, '关闭').click();
    await row(page, 'award-notice').getByText('已签章').waitFor();
    await row(page, 'award-notice').getByRole('link', { name: '查看' }).waitFor();
    // two papers and the form are missing
    expect(await button(page, '提交').isDisabled()).toBe(true);
    expect(await missing(page)).toEqual(expect.arrayContaining(['合同', '（竣工）验收报告', '业绩类型']));
    await open(page, '企业业绩');
    const draft = page.locator('tbody tr', { hasText: demoAward.sectionName });
    await draft.first().getByRole('link', { name: '查看' }).click();
    await row(page, 'award-notice').getByText('已签章').waitFor();
  },
);

test.concurrent(
  'LNC-157 LNC-159 竣工验收报告 goes from 新增 over upload, marks and 签章 to 已签章',
  async ({ page }) => {
    await addAchievement(page);
    await add(page, 'completion-report');
    await upload(page, await drawCompletionReport(demoCompletion));
    await confirm(page);
    for (const field of ['sectionName', 'owner', 'acceptedOn'])
      await page.locator(`.field[data-field=${field}] .marked`).waitFor();
    await button(await seal(page), '确认提交').click();
    await page.locator('.actions .seal-state.done', { hasText: '已签章' }).waitFor();
    await button(page, '返回').click();
    await row(page, 'completion-report').getByText('已签章').waitFor();
    await row(page, 'overall-note').getByText('—', { exact: true }).first().waitFor();
  },
);

test.concurrent(
  'LNC-160 LNC-161 总体补充说明 goes from 新增 over upload and 签章 to 已签章, with nothing to mark',
  async ({ page }) => {
    await addAchievement(page);
    await add(page, 'overall-note');
    const lines = [['情况如下', '本工程分两期验收']] as const;
    await upload(page, await drawLabelledPaper({ title: '总体补充说明', lines, authority: '辽宁沈北' }));
    await correct(page, 'materialName', '分期验收说明');
    await correct(page, 'description', '本工程分两期验收');
    await confirm(page);
    expect(await page.locator('#field-materialName').inputValue()).toBe('分期验收说明');
    expect(await page.locator('.go-mark, .marked').count()).toBe(0);
    await button(await seal(page), '确认提交').click();
    await page.locator('.actions .seal-state.done', { hasText: '已签章' }).waitFor();
    await checked(page);
    await button(page, '返回').click();
    await row(page, 'overall-note').getByText('已签章').waitFor();
  },
);

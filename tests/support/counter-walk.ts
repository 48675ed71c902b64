/** What a person does at the kiosk's page, in few words, for the tests of rows. */
import type { Locator, Page } from 'playwright-core';
import type { Values } from '#domain/primitives.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import type { DocumentPicture } from './documents.ts';

export const button = (at: Page | Locator, name: string): Locator =>
  at.getByRole('button', { name, exact: true });
export const row = (page: Page, slot: string): Locator => page.locator(`tr[data-slot=${slot}]`);
export const texts = async (at: Locator): Promise<string[]> =>
  (await at.allTextContents()).map((text) => text.replace(/\s+/g, ''));
export const heads = (at: Page | Locator): Promise<string[]> => texts(at.locator('th'));
/** The labels of a form, with the asterisk of what is required. */
export const labels = (at: Page | Locator): Promise<string[]> =>
  at.locator('.field .head label').evaluateAll((all) =>
    // without the name of the sign before it
    all.map((label) =>
      [...label.childNodes]
        .filter(({ nodeName }) => nodeName !== 'svg')
        .map(({ textContent }) => textContent?.trim())
        .join(''),
    ),
  );

/** By the menu; from the page of a record or a paper, which has none, by 返回. */
export async function open(page: Page, section: string, part?: string): Promise<void> {
  const link = page.getByRole('link', { name: section, exact: true });
  const back = button(page, '返回');
  for (;;) {
    await link.or(back).first().waitFor();
    if (await link.isVisible()) break;
    await back.click();
    await page.waitForTimeout(200);
  }
  await link.click();
  await page.getByRole('heading', { name: section, exact: true }).waitFor();
  if (part === undefined) return;
  const tab = page.locator('.tabs').getByRole('link', { name: part, exact: true });
  await tab.click();
  await page.locator('.tabs a[aria-current=page]', { hasText: part }).waitFor();
}

/** The answers of the dialog before a record's page, by field id; a list is opened, a button pressed, a text typed. */
export async function answer(page: Page, answers: Values, enter = '确定'): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [id, value] of Object.entries(answers)) {
    const field = dialog.locator(`[data-field=${id}]`);
    await field.waitFor();
    if (await field.locator('.el-select').count()) {
      await field.locator('.el-select').click();
      await page.getByRole('option', { name: value, exact: true }).click();
    } else if (await field.locator('.el-date-editor--month').count()) await chooseMonth(page, field, value);
    else if (await field.locator('.choices').count()) await field.getByText(value, { exact: true }).click();
    else await field.locator('input').fill(value);
  }
  await button(dialog, enter).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** From the panel of months, for it takes no typing: 2025年6月. */
export async function chooseMonth(page: Page, field: Locator, month: string): Promise<void> {
  const [, year = '', number = ''] = /^(\d{4})年(\d{1,2})月$/.exec(month) ?? [];
  await field.locator('input').click();
  const panel = page.locator('.el-date-picker:visible');
  const shown = panel.locator('.el-date-picker__header-label');
  for (let left = 100; left > 0 && !(await shown.first().textContent())?.includes(year); left -= 1)
    await panel.getByRole('button', { name: '前一年' }).click();
  await panel
    .locator('.el-month-table td')
    .nth(Number(number) - 1)
    .click();
  await panel.waitFor({ state: 'hidden' });
}

/** 上传图片 in 智能模式, until what was read stands beside the picture. */
export async function upload(page: Page, ...pictures: DocumentPicture[]): Promise<void> {
  await button(page, '上传图片').waitFor();
  const files = pictures.map(({ png }, index) => ({
    name: `第${index + 1}页.png`,
    mimeType: 'image/png',
    buffer: Buffer.from(png),
  }));
  await page.locator('input[type=file]').first().setInputFiles(files);
  await button(page, '确认信息').or(page.locator('.mark-view img')).first().waitFor({ timeout: 60_000 });
}
/** By a double click on what was read, as 核对识别结果 says. */
export async function correct(page: Page, id: string, value: string): Promise<void> {
  const reading = page.locator(`.reading[data-field=${id}]`);
  await reading.dblclick();
  await reading.locator('input, textarea').fill(value);
  await button(reading, '完成').click();
}
export async function confirm(page: Page): Promise<void> {
  await button(page, '确认信息').click();
  await page.locator('.halves.fixed').waitFor();
}
/** 签章 with the key of the company, until the dialog says 已签章; 确认提交 is left to the caller. */
export async function seal(page: Page): Promise<Locator> {
  await button(page, '签章').click();
  const dialog = page.getByRole('dialog', { name: '电子签章' });
  await dialog.locator('.token').first().click();
  await dialog.getByLabel('UKey密码', { exact: true }).fill(demoPin);
  await page.keyboard.press('Enter');
  await dialog.locator('.state.done').waitFor({ timeout: 60_000 });
  return dialog;
}
export async function sealAndConfirm(page: Page): Promise<void> {
  await button(await seal(page), '确认提交').click();
  await page.locator('.seal-state.done', { hasText: '已签章' }).waitFor();
}
/** 保存: the result of the check. */
export async function check(page: Page): Promise<Locator> {
  await button(page, '保存').click();
  const result = page.getByRole('dialog', { name: '智慧校验结果' });
  await result.locator('.overall').waitFor({ timeout: 60_000 });
  return result;
}
/** The check of what is not red: its light, and 确认. */
export async function checked(page: Page): Promise<string> {
  const result = await check(page);
  const light = (await result.locator('.overall [data-light]').getAttribute('data-light')) ?? '';
  await button(result, '确认').click();
  await result.waitFor({ state: 'hidden' });
  return light;
}
/** 提交, until the server has it. */
export async function submit(page: Page): Promise<void> {
  await button(page, '提交').click();
  await button(page.getByRole('dialog'), '提交').click();
  await page.locator('[data-upload=received]').waitFor({ timeout: 60_000 });
}
/** 读取身份证, instead of a picture. */
export async function readCard(page: Page): Promise<void> {
  await button(page, '读取身份证').click();
  await page.getByText('芯片读取').first().waitFor();
}
/** From the open page of a paper to its 已签章. */
export async function bring(page: Page, picture: DocumentPicture, corrections: Values = {}): Promise<void> {
  await upload(page, picture);
  for (const [id, value] of Object.entries(corrections)) await correct(page, id, value);
  await confirm(page);
  await sealAndConfirm(page);
}

/** 提交 asks for the key once more where the station no longer holds it: for the form and all materials together. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { photograph } from '#tests/support/photograph.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const slot = 'certificate';
let whole: WholeStation;
let browser: Browser;
let page: Page;
let id: string;

beforeAll(async () => {
  whole = await startWholeStation();
  const applicant = createApplicant(() => whole);
  await applicant.login();
  ({ id } = await applicant.addQualification());
  const picture = await photograph(await drawConstructionQualification(demoQualification), { seed: 21 });
  await applicant.upload(id, slot, picture.jpeg);
  await applicant.fill(id, slot, qualificationValues);
  await applicant.seal(id, slot);
  await applicant.save(id, slot);
  // with the session the station forgets the key that sealed
  await applicant.logout();
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(60_000);
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const shot = (name: string): Promise<void> => screenshot(page, name);
async function typePin(pin: string): Promise<void> {
  for (const digit of pin) await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
}
const state = async (): Promise<string> => (await whole.station.call('record', { params: { id } })).state;

test('a wrong PIN loses nothing, the right one seals the whole record and sends it', async () => {
  await page.goto(whole.agent.openingUrl());
  await page.getByText(demoQualification.companyName).first().click();
  await page.getByText('请输入UKey密码').waitFor();
  await typePin(demoPin);
  await page.getByText('投标人').first().click();
  await page.getByText('经营资质').first().click();
  await page.getByText('查看', { exact: true }).first().click();
  await page.getByRole('button', { name: '提交', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '提交', exact: true }).click();
  const dialog = page.locator('[data-test="record-seal"]');
  await dialog.getByText('对整份信息').waitFor();
  await shot('record-seal-key');
  await dialog.getByText(demoQualification.companyName).first().click();
  await dialog.getByText('请输入UKey密码').waitFor();
  await typePin('00000000');
  await dialog.getByText('UKey密码错误').waitFor();
  await shot('record-seal-wrong-pin');
  expect(await state()).toBe('saved');
  await typePin(demoPin);
  await page.getByText('已对整份信息签章').first().waitFor();
  await shot('record-seal-done');
  await eventually('the record is stored', async () => ((await state()) === 'stored' ? true : undefined));
});

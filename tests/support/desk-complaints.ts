/** 投诉 as a department's staff registers and decides them on the desk's pages. */
import type { Browser, Page } from 'playwright-core';
import { openPage } from './desk-browser.ts';

/** The desk, signed in as whoever may review; `complaints` is what the browser complained about. */
export async function openDesk(
  browser: Browser,
  origin: string,
): Promise<{ desk: Page; complaints: string[] }> {
  const { page: desk, complaints } = await openPage(browser, origin);
  desk.setDefaultTimeout(30_000);
  await desk.getByLabel('账号').fill('demo');
  await desk.getByLabel('密码', { exact: true }).fill('ludeng-demo');
  await desk.getByRole('button', { name: '登录' }).click();
  await desk.getByRole('tab', { name: '待审核' }).waitFor();
  return { desk, complaints };
}

/** 可用信息 by the unique code: the record's line. */
export async function findUsable(desk: Page, uniqueCode: string) {
  await desk.getByRole('link', { name: '可用信息' }).click();
  await desk.getByRole('heading', { name: '可用信息' }).waitFor();
  await desk.getByRole('searchbox').fill(uniqueCode);
  await desk.getByText('共 1 条').waitFor();
  return desk.locator('tbody tr', { hasText: uniqueCode });
}

/** From 可用信息 to the case that was approved, and there 登记投诉; ends on the complaint's own page. */
export async function lodgeComplaint(desk: Page, uniqueCode: string, reason: string): Promise<void> {
  const line = await findUsable(desk, uniqueCode);
  await line.getByRole('link', { name: uniqueCode }).click();
  await desk.getByRole('button', { name: '登记投诉' }).click();
  const dialog = desk.getByRole('dialog', { name: '登记投诉' });
  await dialog.getByRole('textbox', { name: '投诉事由' }).fill(reason);
  await dialog.getByRole('button', { name: '登记', exact: true }).click();
  await desk.locator('[data-complaint=open]', { hasText: reason }).waitFor();
  await desk.locator('[data-test="case-state"]').getByText('核查中').waitFor();
}

/** On the complaint's own page. */
export async function decideComplaint(
  desk: Page,
  decision: '投诉成立' | '投诉不成立',
  opinion: string,
): Promise<void> {
  await desk.getByRole('textbox', { name: '核查意见' }).fill(opinion);
  await desk.getByRole('button', { name: decision, exact: true }).click();
  await desk.locator('[data-test="accept"]').click();
  await desk.locator('[data-test="case-state"]').getByText(decision, { exact: true }).waitFor();
}

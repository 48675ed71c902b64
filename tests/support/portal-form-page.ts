/** Forms and lists of a portal as a person goes through them. */
import type { Page } from 'playwright-core';
import type { Values } from '#domain/primitives.ts';
import { onePixel } from './portal-forms.ts';

export async function fillForm(page: Page, values: Values, prefix = ''): Promise<void> {
  for (const [id, value] of Object.entries(values)) {
    const entry = page.locator(`#field-${prefix}${id}`);
    if ((await entry.evaluate((element) => element.tagName)) === 'SELECT') await entry.selectOption(value);
    else await entry.fill(value);
  }
}
export async function attachPicture(page: Page, slot: string): Promise<void> {
  const place = page.locator(`[data-attachment="${slot}"]`);
  const file = { name: `${slot}.png`, mimeType: 'image/png', buffer: onePixel };
  await place.locator('input[type=file]').setInputFiles(file);
  await place.locator('[data-file]').waitFor();
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const menuOf = (page: Page) => page.getByRole('navigation', { name: '功能菜单' });
export const openSection = (page: Page, title: string) =>
  menuOf(page).getByRole('link', { name: title, exact: true }).click();
export const submit = (page: Page) => button(page, '提交').click();

export async function isReadOnly(page: Page): Promise<boolean> {
  await page.locator('[data-part=form], [data-paper]').first().waitFor();
  const open = '.record input:enabled, .record select:enabled, .record textarea:enabled';
  return (await page.locator(open).count()) === 0;
}

export const listRow = (page: Page, text: string) => page.locator('tbody tr', { hasText: text });
/** What the first row with that text offers. */
export async function actionsIn(page: Page, text: string): Promise<string[]> {
  await listRow(page, text).first().waitFor();
  return listRow(page, text).first().locator('td:last-child .btn').allInnerTexts();
}

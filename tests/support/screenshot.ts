import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['LUDENG_SCREENSHOTS'];

/** Keeps what the page shows as `name`.png where LUDENG_SCREENSHOTS names a folder, for whoever wants to look at it. */
export async function screenshot(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}

/** The page's address opens it once: what the browser keeps of it, a reload, a second window. `npm run build:pages` first. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let browser: Browser;
beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

test('the address opens the page, a reload goes on with who was logged in, and scripts see no secret', async () => {
  const address = whole.agent.openingUrl();
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(30_000);
  await page.goto(address);
  await page.locator('.token').click();
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(demoPin);
  await page.keyboard.press('Enter');
  await page.getByText('请选择登录主体').waitFor();
  await page.reload();
  await page.getByText('请选择登录主体').waitFor();
  const seen = await page.evaluate(() =>
    JSON.stringify([
      location.href,
      document.cookie,
      { ...sessionStorage },
      { ...localStorage },
      document.referrer,
    ]),
  );
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', expires: -1 });
  expect(seen).not.toContain(new URL(address).hash.slice('#code='.length));
  expect(seen).not.toContain(cookie?.value);

  const second = await (await browser.newContext()).newPage();
  second.setDefaultTimeout(30_000);
  await second.goto(address);
  await second.getByText('这个页面需要新的打开地址').waitFor();
  if (process.env['LUDENG_SHOTS'])
    await second.screenshot({ path: join(process.env['LUDENG_SHOTS'], 'refused.png') });
  await second.goto(whole.agent.openingUrl());
  // opened anew, it is another person's: the session of the first window has ended
  await second.locator('.token').waitFor();
  await page.locator('.token').waitFor();
});

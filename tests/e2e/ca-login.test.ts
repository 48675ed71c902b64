/**
 * CA登录 as a person does it: an ordinary browser, the station program of the same computer, a simulated key in it. Real browser,
 * server and station; `npm run build:pages` first.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { freePort } from '#tests/support/free-port.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import type { UnitAccounts } from '#tests/support/unit-accounts.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const unit = { name: demoLicence.companyName, creditCode: demoLicence.creditCode };
const main = { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' };

let whole: WholeStation;
let accounts: UnitAccounts;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const port = await freePort();
  whole = await startWholeStation({
    profile: { port },
    serverSettings: { stationProgram: `http://127.0.0.1:${port}` },
  });
  accounts = await openUnitAccounts(join(whole.folder, 'server'));
  browser = await startBrowser();
  page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await accounts?.close();
  await whole?.close();
});

const shot = (name: string): Promise<unknown> =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/ca-login-${name}.png`, fullPage: true })
    : Promise.resolve();

async function openCaLogin(): Promise<void> {
  await page.goto(`${whole.serverUrl()}/user-centre/login`);
  await page.getByRole('button', { name: 'CA登录' }).click();
  await page.getByRole('img', { name: '验证码图片' }).waitFor();
}
async function submit({ pin, code }: { pin: string; code?: string }): Promise<void> {
  await page.getByLabel('密码', { exact: true }).fill(pin);
  if (code !== undefined) await page.getByLabel('验证码', { exact: true }).fill(code);
  else {
    await page.getByRole('button', { name: '看不清图片？由电脑代为验证' }).click();
    await page.getByText('已由电脑完成验证').waitFor();
  }
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

test('YNU-015 YNU-095 YNU-097: 「CA登录」 switches to the CA page, which offers 下载/更新CA驱动', async () => {
  await openCaLogin();
  expect(await page.getByRole('img', { name: '登录二维码' }).count()).toBe(0);
  await page.getByLabel(unit.name).waitFor();
  await shot('page');
  await page.getByRole('button', { name: '下载/更新CA驱动' }).click();
  await page.getByRole('cell', { name: /飞天诚信 ePass3003/u }).waitFor();
  expect(await page.getByRole('link', { name: /OpenSC/u }).getAttribute('href')).toMatch(/^https:/u);
  await shot('drivers');
  await page.getByRole('button', { name: '返回CA登录' }).click();
  await page.getByLabel('密码', { exact: true }).waitFor();
  await page.getByRole('button', { name: '扫码登录' }).click();
  await page.getByRole('img', { name: '登录二维码' }).waitFor();
});

test('YNU-098: 密码 and 验证码 are demanded, a wrong one of either is told, and the picture is another one', async () => {
  await openCaLogin();
  await page.getByLabel(unit.name).waitFor();
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('请输入CA密码').waitFor();
  await page.getByText('请输入验证码').waitFor();
  const picture = () => page.getByRole('img', { name: '验证码图片' }).getAttribute('src');
  const before = await picture();
  await submit({ pin: demoPin, code: '0000' });
  await page.getByText('验证码不正确').waitFor();
  await expect.poll(picture).not.toBe(before);
  await submit({ pin: '87654321' });
  await page.getByText('UKey密码错误').waitFor();
  await shot('wrong-pin');
  expect(new URL(page.url()).pathname).toBe('/user-centre/login');
});

test('YNU-016 YNU-096: with the CA inserted, its password and the code, the unit that has a CA is in its back end', async () => {
  await whole.counter.token.setFault({ trouble: 'removed' });
  await openCaLogin();
  await page.getByText('请将CA插入电脑的USB口').waitFor();
  await shot('no-key');
  expect(await page.getByRole('button', { name: '登录', exact: true }).isEnabled()).toBe(false);
  await whole.counter.token.setFault();
  await page.getByRole('button', { name: '重新查找' }).click();
  await page.getByLabel(unit.name).waitFor();
  await submit({ pin: demoPin });
  await page.getByText('本单位尚未注册账号，不能用CA登录').waitFor();

  const id = await accounts.open({ unit, person: main, kind: 'main', type: 'enterprise' });
  await submit({ pin: demoPin });
  await page.waitForURL(/\/user-centre\/home/u);
  const me = await page.request.get(`${whole.serverUrl()}/api/session`);
  expect(await me.json()).toMatchObject({ id });
  await shot('home');
});

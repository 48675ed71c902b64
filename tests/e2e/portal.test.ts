/** The portal of a programme in a browser: its entrance, the ways in, the menu, 退出. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { codeOf, openPortalServer, ownPassword } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

const hunan = 'hunan-unified-registration';
const unit = { id: 'xiangjiang', name: '湘江建设有限公司', code: codeOf('91430100MA4K00001') };
let portal: PortalServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  await buildConsolePages();
  portal = await openPortalServer();
  await portal.openUnit(unit);
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

describe('the portal of a programme', () => {
  test('shows how one comes to it, how things go and whom to ask, and leads to its ways in', async () => {
    await page.goto(`${portal.server.url}/portal/${hunan}`);
    await page.getByRole('heading', { name: '湖南省公共资源交易统一注册系统' }).waitFor();
    await page.getByText('0731-82210013/82210016').waitFor();
    await picture(page, 'portal-entrance');
    await page.getByRole('link', { name: '登录', exact: true }).click();
    await page.getByRole('tab', { name: '账号登录' }).waitFor();
  });

  test('refuses a wrong password in place, opens the menu for the right one, and 退出 leads back to the login page', async () => {
    await page.goto(`${portal.server.url}/portal/${hunan}/login`);
    await page.getByLabel('账号').last().fill(unit.id);
    await page.getByLabel('密码').fill('not the password');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('alert').getByText('账号或密码不正确').waitFor();
    await page.getByLabel('密码').fill(ownPassword);
    await picture(page, 'portal-login');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText(`${unit.name}，您好`).waitFor();
    const menu = page.getByRole('navigation', { name: '功能菜单' });
    expect(await menu.getByRole('link').allInnerTexts()).toEqual([
      ...['基本信息', '单位资质', '单位业绩', '执业人员', '获奖信息', '变更历史总览'],
    ]);
    await picture(page, 'portal-home');
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('tab', { name: '账号登录' }).waitFor();
    await page.goto(`${portal.server.url}/portal/${hunan}/home`);
    await page.waitForURL(`${portal.server.url}/portal/${hunan}/login`);
  });
});

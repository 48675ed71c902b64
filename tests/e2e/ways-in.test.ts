/**
 * The ways in, as a person goes them: a computer that shows a code and a phone that scans it. What the phone sees is a
 * photograph of the screen. Real browsers, real server; `npm run build:pages` first.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { createPhone } from '#tests/support/phone.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import type { UnitAccounts } from '#tests/support/unit-accounts.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const programme = 'yunnan-user-centre';
const unit = { name: '云南滇池建设工程有限公司', creditCode: '91530100MA6K3T5A1W' };
const otherUnit = { name: '昆明翠湖监理有限公司', creditCode: '91530100MA6K3T5A2U' };
const main = { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' };
const clerk = { name: '阿依古丽·买买提', idNumber: '530102198812122344', mobile: '13800000003' };

const data = makeDataFolder();
let outside: TestOutsideServices;
let server: RunningServer;
let accounts: UnitAccounts;
let browser: Browser;
let phone: BrowserContext;
let ids: { main: string; other: string; clerk: string };

beforeAll(async () => {
  outside = await startOutsideServices();
  server = await startTestServer(data.folder, { services: outside.settings });
  accounts = await openUnitAccounts(data.folder);
  browser = await startBrowser();
  ids = {
    main: await accounts.open({ unit, person: main, kind: 'main', type: 'enterprise' }),
    other: await accounts.open({
      ...{ unit: otherUnit, person: main, kind: 'handler', type: 'ordinary', systems: [programme] },
    }),
    clerk: await accounts.open({
      ...{ unit, person: clerk, kind: 'handler', type: 'bidding-manager', systems: [programme] },
    }),
  };
  phone = await phoneOf(main);
});
afterAll(async () => {
  await browser?.close();
  await accounts?.close();
  await server?.close();
  await outside?.close();
  data.remove();
});

/** Signed in by a short message, with the real name proved by face, as everybody on a phone is. */
async function phoneOf(person: typeof main): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    permissions: [],
  });
  const holder = createPhone(server.url, outside, person);
  await holder.proveName();
  const [name = '', value = ''] = holder.cookie.split('=');
  await context.addCookies([{ name, value, url: server.url }]);
  return context;
}

async function computer(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}
/** The login page, as far as its code. */
async function openLogin(): Promise<Page> {
  const page = await computer();
  await page.goto(`${server.url}/user-centre/login`);
  await page.getByRole('img', { name: '登录二维码' }).waitFor();
  return page;
}
/** 扫一扫 of the phone's first page, with a photograph of the whole screen. */
async function scan(page: Page, by = phone): Promise<Page> {
  const onPhone = await by.newPage();
  onPhone.setDefaultTimeout(20_000);
  await onPhone.goto(`${server.url}/m/`);
  await onPhone.locator('.entries').getByText('扫一扫').click();
  await onPhone.getByRole('heading', { name: '扫一扫' }).waitFor();
  const buffer = await page.screenshot();
  await onPhone
    .locator('input[type=file]')
    .setInputFiles({ name: 'screen.png', mimeType: 'image/png', buffer });
  return onPhone;
}
const shot = (page: Page, name: string): Promise<unknown> =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/ways-in-${name}.png`, fullPage: true })
    : Promise.resolve();
const close = async (...pages: Page[]): Promise<void> => {
  for (const page of pages) await (page.context() === phone ? page.close() : page.context().close());
};

describe('the entrance', () => {
  test('YNU-012 YNU-013 YNU-017 YNQ-002 YNQ-003 YNQ-007: names the browsers, the site and the use of the mini program, and leads to login and registration', async () => {
    const page = await computer();
    await page.goto(`${server.url}/user-centre/`);
    await page.getByText('谷歌浏览器（Chrome）').waitFor();
    expect(await page.getByText(/360浏览器/u).count()).toBe(1);
    expect(await page.getByRole('link', { name: 'https://www.ynjzjgcx.com/' }).getAttribute('href')).toBe(
      'https://www.ynjzjgcx.com/',
    );
    await page.getByText('云南省建筑市场监管与诚信信息网').waitFor();
    const guide = page.locator('section', { has: page.getByRole('heading', { name: '小程序使用说明' }) });
    for (const part of ['短信验证码登录', '完成实名认证', '“扫一扫”，对准电脑上的二维码'])
      expect(await guide.innerText()).toContain(part);
    await shot(page, 'entrance');
    await page.getByRole('link', { name: '登录入口' }).click();
    await page.getByRole('img', { name: '登录二维码' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/user-centre/login');
    await page.getByText('谷歌浏览器（Chrome）').waitFor();
    await page.getByText('打开“云南建管”小程序，用“扫一扫”扫描二维码').waitFor();
    await page.getByRole('link', { name: '立即注册' }).click();
    await page.getByRole('heading', { name: '请选择注册的帐号类型' }).waitFor();
    // and 注册 of the entrance leads there at once
    await page.goto(`${server.url}/user-centre/`);
    await page.getByRole('link', { name: '注册', exact: true }).click();
    await page.getByRole('heading', { name: '请选择注册的帐号类型' }).waitFor();
    await close(page);
  });
});

describe('扫码登录', () => {
  test('YNU-014 YNU-088 YNU-089 YNU-093 YNU-094: scanned, the accounts are listed on the phone, and the chosen one’s back end opens', async () => {
    const page = await openLogin();
    await shot(page, 'scan-login');
    const onPhone = await scan(page);
    // which computer asks, before anything is done
    await onPhone.getByText(/在 Linux 电脑，谷歌浏览器（127\.0\.0\.1）登录/u).waitFor();
    await page.getByText('已扫描').waitFor();
    const yes = onPhone.getByRole('button', { name: '确认登录' });
    expect(await yes.isEnabled()).toBe(false);
    expect(await onPhone.locator('input[name=account]').count()).toBe(2);
    await onPhone.getByLabel(unit.name).check();
    await onPhone.getByLabel('用户中心').check();
    await shot(onPhone, 'phone-choice');
    await shot(page, 'scanned');
    expect(new URL(page.url()).pathname).toBe('/user-centre/login');
    await yes.click();
    await page.waitForURL(/\/user-centre\/home/u);
    await onPhone.getByText('已确认').waitFor();
    await shot(onPhone, 'phone-done');
    const me = await page.request.get(`${server.url}/api/session`);
    expect(await me.json()).toMatchObject({ id: ids.main, name: main.name });
    await close(page, onPhone);
  });

  test('YNQ-001 YNQ-009 YNQ-010 YNQ-011 YNQ-079 YNQ-080 YNQ-081 YNQ-082 YNQ-083: the role is chosen on the phone, and 「质量安全」 of the system page, which says whom to ask, enters the system', async () => {
    const page = await openLogin();
    const onPhone = await scan(page);
    await onPhone.getByLabel(otherUnit.name).check();
    // this role has no tick for it
    expect(await onPhone.getByLabel('质量安全').isDisabled()).toBe(true);
    await onPhone.getByText('未授权').waitFor();
    await onPhone.getByLabel(unit.name).check();
    await onPhone.getByLabel('质量安全').check();
    await onPhone.getByRole('button', { name: '确认登录' }).click();
    await page.waitForURL(/\/user-centre\/systems\/yunnan-quality-safety$/u);
    await page
      .getByRole('heading', { name: '云南省建筑市场监管与诚信一体化平台（质量安全管理）系统', exact: true })
      .waitFor();
    expect(await page.getByTestId('edition').innerText()).toBe(
      '建设单位版，2022年7月，云南省住房和城乡建设厅工程质量安全监管处发布',
    );
    const contacts = (await page.getByTestId('contacts').innerText()).split(/\s*\n\s*/u);
    for (const [label, told] of [
      ['QQ群（云南省质量安全管理咨询）', '群1 641805811，群2 768158740，群3 674588137'],
      ['系统技术支持服务电话', '0871-65631360，0871-65212258'],
      ['注考中心（服务大厅）服务电话', '0871-68503755'],
      ['人员类咨询服务电话', '0871-68503755，64320981'],
      ['云南省住房和城乡建设厅工程质量安全监管处服务电话', '0871-64322249'],
    ])
      expect(contacts.slice(contacts.indexOf(label ?? ''))[1], label).toBe(told);
    await shot(page, 'system');
    await page.getByRole('link', { name: '质量安全', exact: true }).click();
    await page.waitForURL(/\/portal\/yunnan-quality-safety\//u);
    await page.getByRole('button', { name: '建设单位' }).click();
    await page.getByRole('navigation', { name: '导航菜单' }).getByText('项目管理').waitFor();
    await shot(page, 'inside');
    const me = await page.request.get(`${server.url}/api/session`);
    expect(await me.json()).toMatchObject({ id: ids.main });
    await close(page, onPhone);
  });

  test('YNU-093 YNU-115 YNU-121: a frozen account, and one that waits for its completion, is not let in; afterwards it is', async () => {
    const own = await phoneOf(clerk);
    for (const [set, undo, why] of [
      [{ frozen_at: new Date().toISOString() }, { frozen_at: null }, '已冻结，不能登录'],
      [{ is_pending: 1 }, { is_pending: 0 }, '待确认，不能登录'],
    ] as const) {
      await accounts.set(ids.clerk, set);
      const page = await openLogin();
      const onPhone = await scan(page, own);
      await onPhone.getByText(why).waitFor();
      expect(await onPhone.locator('input[name=account]').count()).toBe(0);
      expect(await onPhone.getByRole('button', { name: '确认登录' }).isEnabled()).toBe(false);
      await shot(onPhone, `phone-${'is_pending' in set ? 'pending' : 'frozen'}`);
      await accounts.set(ids.clerk, undo);
      await page.getByRole('button', { name: '显示新的二维码' }).click();
      await page.locator('[data-state=waiting]').waitFor();
      const again = await scan(page, own);
      await again.getByRole('button', { name: '确认登录' }).click();
      await page.waitForURL(/\/user-centre\/home/u);
      await close(page);
      await onPhone.close();
      await again.close();
    }
    await own.close();
  });

  test('a person who was shown another’s code says no, and that computer goes nowhere', async () => {
    const page = await openLogin();
    const onPhone = await scan(page);
    await onPhone.getByText('他人发来的二维码请勿确认').waitFor();
    await onPhone.getByRole('button', { name: '不是我，拒绝' }).click();
    await onPhone.getByText('已拒绝').waitFor();
    await page.getByText('手机上已取消登录').waitFor();
    await shot(page, 'refused');
    await page.getByRole('button', { name: '显示新的二维码' }).click();
    await page.locator('[data-state=waiting]').waitFor();
    await close(page, onPhone);
  });

  test('the address in the code opens the same page, and a code of somebody else’s choosing is named as such', async () => {
    const onPhone = await phone.newPage();
    await onPhone.goto(`${server.url}/m/scan?t=${'x'.repeat(43)}`);
    await onPhone.getByText('这不是本系统当前有效的二维码').waitFor();
    await shot(onPhone, 'phone-unknown');
    await onPhone.getByRole('button', { name: '重新扫描' }).click();
    await onPhone.getByRole('heading', { name: '扫一扫' }).waitFor();
    await shot(onPhone, 'phone-scan');
    await onPhone.close();
  });

  test('a code that has run out is replaced by itself', async () => {
    const page = await openLogin();
    const shown = () => page.locator('svg.qr path').getAttribute('d');
    const before = await shown();
    const heard = page.waitForResponse((answer) => answer.url().endsWith('/api/login-tickets'));
    await accounts.db
      .updateTable('login_ticket')
      .set({ expires_at_ms: Date.now() - 1 })
      .execute();
    // the stream says so when it is next opened, as after a broken connection
    await page.reload();
    await heard;
    await page.locator('[data-state=waiting]').waitFor();
    expect(await shown()).not.toBe(before);
    await close(page);
  });
});

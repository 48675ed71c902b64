/**
 * Liaoning's door in an ordinary browser: what the own computer needs, three ways in with a real OpenID provider behind one of
 * them, an account by mobile number, the subject type, 退出 and again.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { openLiaoningPortal, password, programme } from '#tests/support/liaoning-portal.ts';
import type { LiaoningPortal } from '#tests/support/liaoning-portal.ts';
import { once } from '#tests/support/once.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import { picture } from '#tests/support/unit-pages.ts';

const name = '辽宁省工程建设项目主体云库';
const shenbei = '辽宁沈北建设工程有限公司';
let portal: LiaoningPortal;
let page: Page;

beforeAll(async () => {
  portal = await openLiaoningPortal();
  page = portal.page;
});
afterAll(async () => {
  await portal?.close();
  expect(portal.complaints).toEqual([]);
});

const guide = (part: string) => page.locator(`[data-guide=${part}]`);
const registered = once(() => portal.register());

test('LNC-001 LNC-010 the entrance names the system, its edition and the address of its login', async () => {
  await page.goto(portal.address);
  await page.getByRole('heading', { name, exact: true }).waitFor();
  expect(await page.getByTestId('edition').innerText()).toBe('2024年1月');
  const link = page.getByRole('link', { name: 'https://218.60.153.214:8888/zjtcloud/#/login' });
  expect(await link.getAttribute('href')).toBe('https://218.60.153.214:8888/zjtcloud/#/login');
  await picture(page, 'liaoning-entrance');
});

test('LNC-002 LNC-004 LNC-005 the driver page leads to the driver of the CA lock, step by step, and names the icon that shows it is there', async () => {
  await portal.openLogin();
  await page.getByRole('link', { name: '驱动下载' }).first().click();
  await page.getByRole('heading', { name: '互联互通驱动' }).waitFor();
  await page.getByText('使用CA锁登录，须先安装互联互通驱动').waitFor();
  const download = guide('download');
  expect(await download.innerText()).toBe('下载');
  expect(await download.getAttribute('href')).toMatch(
    /^https:\/\/download\.bqpoint\.com\/.*downloaddetail\.html\?SourceFrom=Ztb&ZtbSoftXiaQuCode=0201&ZtbSoftType=DR$/u,
  );
  expect(await guide('steps').locator('li').allInnerTexts()).toEqual([
    '打开上面的驱动下载链接。',
    '点击“下载”。',
    '按提示安装最新的驱动。',
  ]);
  expect(await guide('installed').innerText()).toMatch(/驱动安装成功[\s\S]*桌面上出现驱动的图标/u);
  await picture(page, 'liaoning-drivers');
});

test('LNC-003 it says what to close before the driver is installed, Internet Explorer above all', async () => {
  await page.goto(`${portal.address}/drivers`);
  await guide('close-before').first().waitFor();
  expect(await guide('close-before').locator('li').allInnerTexts()).toEqual([
    '安装驱动之前，请关闭所有浏览器、电脑管家和杀毒软件，尤其是IE浏览器。',
    '安装时提示IE未关闭的，关闭IE浏览器后继续安装。',
  ]);
});

test('LNC-006 it states which browsers do, and LNC-036 what to do where signing does not go', async () => {
  await page.goto(`${portal.address}/drivers`);
  await guide('browsers').waitFor();
  expect(await guide('browsers').locator('.chip').allInnerTexts()).toEqual(['谷歌', '火狐']);
  await guide('browsers').getByText('请使用谷歌或火狐浏览器。').first().waitFor();
  expect(await guide('signing').locator('li').allInnerTexts()).toEqual([
    '请使用谷歌或火狐浏览器。',
    '查看页面上方是否有拦截提示，有的请取消拦截。',
    '取消拦截后，再次点击“签章”。',
  ]);
});

test('LNC-009 it says how the driver of a card reader is come by, and that a station needs none of all that', async () => {
  await page.goto(`${portal.address}/drivers`);
  await guide('reader').getByText('须安装所用品牌读卡器的驱动').waitFor();
  await guide('at-station').getByText('不用下载和安装').waitFor();
});

test('LNC-007 LNC-008 the login page tells whoever’s CA lock is not seen to start the driver, and to have it start with the system', async () => {
  await portal.openLogin();
  const said = await page.getByTestId('missing-key').innerText();
  expect(said).toContain('登录页检测不到CA锁时，请先启动驱动。');
  expect(said).toContain('建议把驱动设为开机自动启动。');
  expect(said).toContain('首次安装后登录时仍检测不到CA锁的，请打开驱动后再试。');
});

test('LNC-011 the ways in are CA登录, 辽易通登录 and 账号密码登录', async () => {
  await page.goto(`${portal.address}`);
  const { body } = await openDoor(portal.whole.serverUrl(), programme).ask(
    'GET',
    `/api/portals/${programme}`,
  );
  expect(body).toMatchObject({
    loginWays: [
      { way: 'ukey', assurance: 'signed' },
      { way: 'openid', assurance: 'two-factors' },
      { way: 'password', assurance: 'password' },
    ],
  });
  await portal.openLogin();
  expect(await page.getByRole('tab').allInnerTexts()).toEqual(['CA登录', '辽易通登录', '账号密码登录']);
  await picture(page, 'liaoning-login');
});

test('LNC-012 whoever has a CA certificate signs in by its lock, whose password is asked for, and is the unit that it names', async () => {
  await portal.openLogin();
  await portal.tab('CA登录').click();
  await page.getByText('持有CA数字证书（互联互通辽宁版）的用户').waitFor();
  await page.getByText('已检测到CA锁，请点击“登录”').waitFor();
  await picture(page, 'liaoning-key');
  await portal.press('登录');
  const asking = page.getByRole('dialog', { name: 'CA登录' });
  await asking.getByLabel('CA锁密码').fill('87654321');
  await asking.getByRole('button', { name: '确定' }).click();
  await asking.getByText('UKey密码错误').waitFor();
  await asking.getByLabel('CA锁密码').fill(demoPin);
  await asking.getByRole('button', { name: '确定' }).click();
  await page.getByRole('heading', { name: '请选择主体类型' }).waitFor();
  await page.locator('.role button', { hasText: '投标人' }).click();
  await page.getByText(demoLicence.companyName).first().waitFor();
  const self = await page.request.get(`${portal.whole.serverUrl()}/api/portals/${programme}/self`);
  expect(await self.json()).toMatchObject({
    subject: { code: demoLicence.creditCode },
    proofs: [{ way: 'ukey', assurance: 'signed' }],
  });
  await portal.leave();
});

test('LNC-013 LNC-017 LNC-018 whoever has 辽易通 signs in on its page, chooses 投标人, 招标人 or 代理机构, and is in', async () => {
  await portal.byOpenid(shenbei);
  await page.getByRole('heading', { name: '请选择主体类型' }).waitFor();
  // what the provider gave the browser stands in no address and no history
  expect(page.url()).not.toContain('code=');
  const roles = page.locator('.role button');
  expect(await roles.allInnerTexts()).toEqual(['投标人', '招标人', '代理机构']);
  await picture(page, 'liaoning-role');
  // nothing of the system is open before
  const menu = page.getByRole('navigation', { name: '功能菜单' });
  expect(await menu.count()).toBe(0);
  await roles.filter({ hasText: '投标人' }).click();
  await menu.getByRole('link', { name: '经营资质' }).waitFor();
  await page.getByText(shenbei).first().waitFor();
  await picture(page, 'liaoning-home');
  await portal.leave();
});

test('LNC-019 退出 stands at the top right; signed in again, another type is chosen, with another menu', async () => {
  await portal.byOpenid(shenbei);
  await page.locator('.role button', { hasText: '投标人' }).click();
  const menu = page.getByRole('navigation', { name: '功能菜单' });
  await menu.getByRole('link', { name: '经营资质' }).waitFor();
  const out = await page.getByRole('button', { name: '退出' }).boundingBox();
  expect(out?.y ?? 768).toBeLessThan(100);
  expect(out?.x ?? 0).toBeGreaterThan(1366 / 2);
  await portal.leave();
  await page.goto(`${portal.address}/home`);
  await page.waitForURL(/\/login$/u);
  await portal.byOpenid(shenbei);
  await page.locator('.role button', { hasText: '代理机构' }).click();
  await menu.getByRole('link', { name: '企业基本信息' }).waitFor();
  expect(await menu.getByRole('link', { name: '经营资质' }).count()).toBe(0);
  await portal.leave();
});

test('LNC-013 the page of 辽易通 offers each of its users by a name of his own', async () => {
  await portal.toProvider();
  const names = await page.locator('button[name=login]').allInnerTexts();
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(`李晓东（${shenbei}）`);
  for (const one of names) expect(one).toMatch(/\p{Script=Han}/u);
});

test('LNC-086 下载读卡器驱动 stands where a person’s basic information asks for the card reader, leads to its steps, and stands nowhere else', async () => {
  await portal.byOpenid(shenbei);
  await page.locator('.role button', { hasText: '投标人' }).click();
  const menu = page.getByRole('navigation', { name: '功能菜单' });
  await menu.getByRole('link', { name: '经营资质' }).click();
  const link = page.getByRole('link', { name: '下载读卡器驱动' });
  await page.locator('[data-kind=qualification-grade]').first().waitFor();
  expect(await link.count()).toBe(0);
  await menu.getByRole('link', { name: '企业人员' }).click();
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.first().click()]);
  await opened.locator('[data-guide=reader]').getByText('须安装所用品牌读卡器的驱动').waitFor();
  await opened.close();
  await portal.leave();
});

test('who says no at 辽易通, is not known there, or comes back twice, is told so', async () => {
  await portal.toProvider();
  await portal.press('取消登录');
  await page.getByText('您在身份认证页面取消了登录').waitFor();
  await page.getByRole('link', { name: '返回登录页' }).click();
  await portal.byOpenid('王小测');
  await page.getByText('本系统中没有您可以使用的账号').waitFor();
  await picture(page, 'liaoning-refused');
  await page.goto(`${portal.address}/login/openid?code=1&state=2`);
  await page.getByText('不是从本浏览器的登录页开始的').waitFor();
});

test('LNC-014 点击注册 opens the form, each gap is named, and 确定 with the code that came completes it', async () => {
  const mobile = portal.freshMobile();
  await portal.openRegistration();
  await portal.press('确定');
  for (const gap of ['请填写姓名', '请填写 11 位手机号', '请填写短信中的 6 位验证码', '密码至少 10 位'])
    await page.getByText(gap).waitFor();
  const code = await portal.fillRegistration(mobile);
  expect(await page.getByRole('button', { name: /秒后可重新获取/u }).isDisabled()).toBe(true);
  await page.getByLabel('短信验证码').fill(code === '123456' ? '123457' : '123456');
  await portal.press('确定');
  await page.getByText('验证码不正确或已失效').waitFor();
  await picture(page, 'liaoning-register');
  const signIn = () =>
    openDoor(portal.whole.serverUrl(), programme).ask('POST', '/api/session', { account: mobile, password });
  expect((await signIn()).code).toBe('SIGN_IN_FAILED');
  await page.getByLabel('短信验证码').fill(code);
  await portal.press('确定');
  await page.getByText('注册成功').waitFor();
  expect((await signIn()).status).toBe(200);
});

test('LNC-015 LNC-016 the account is the mobile number: with it and the password one is signed in, and with no other', async () => {
  const mobile = await registered();
  for (const other of ['王志', portal.freshMobile()]) {
    await portal.byPassword(other);
    await page.getByText('账号或密码不正确').waitFor();
  }
  await portal.byPassword(mobile, 'Zw4-nimo-Kela');
  await page.getByText('账号或密码不正确').waitFor();
  await portal.byPassword(mobile);
  await page.getByRole('heading', { name: '请选择主体类型' }).waitFor();
  await page.locator('.role button', { hasText: '招标人' }).click();
  await page.getByText('王志').first().waitFor();
  await picture(page, 'liaoning-mobile-home');
  const me = await page.request.get(`${portal.whole.serverUrl()}/api/portals/${programme}/self`);
  expect(await me.json()).toMatchObject({ proofs: [{ way: 'password' }] });
  await portal.leave();
});

test('LNC-015 whoever forgot the password chooses another one by a code to the number, and the one before is good no more', async () => {
  const mobile = await portal.register();
  const next = 'Zw4-nimo-Kela';
  await portal.openLogin('账号密码登录');
  await page.getByRole('link', { name: '忘记密码？' }).click();
  await page.getByRole('heading', { name: '找回密码' }).waitFor();
  expect(await page.getByLabel('姓名').count()).toBe(0);
  await page.getByLabel('手机号').fill(mobile);
  await portal.press('获取验证码');
  await page.getByText('验证码已发送').waitFor();
  const sent = await portal.services.sms.last(mobile);
  expect(sent?.text).toContain('找回密码');
  await page.getByLabel('短信验证码').fill(sent?.code ?? '');
  await page.getByLabel('新密码', { exact: true }).fill(next);
  await page.getByLabel('再输入一次密码').fill(next);
  await picture(page, 'liaoning-forgotten');
  await portal.press('确定');
  await page.getByText('新密码已保存').waitFor();
  await portal.byPassword(mobile);
  await page.getByText('账号或密码不正确').waitFor();
  await portal.byPassword(mobile, next);
  await page.getByRole('heading', { name: '请选择主体类型' }).waitFor();
});

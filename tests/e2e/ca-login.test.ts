/**
 * CA登录 as a person does it: an ordinary browser, the station program of the same computer, a simulated key in it. Real browser,
 * server and station; `npm run build:pages` first.
 */
import { X509Certificate } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { freePort } from '#tests/support/free-port.ts';
import { once } from '#tests/support/once.ts';
import { hearCaptcha } from '#tests/support/hear-captcha.ts';
import { readCaptcha } from '#tests/support/read-captcha.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { makePerson } from '#tests/support/people.ts';
import { fillIn, rowOf, stateOf } from '#tests/support/unit-pages.ts';
import { openUnits } from '#tests/support/units.ts';
import type { TestUnits } from '#tests/support/units.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const unit = { name: demoLicence.companyName, creditCode: demoLicence.creditCode };
const [boss, main] = [makePerson('王建国'), makePerson('李小红')];

let outside: TestOutsideServices;
let whole: WholeStation;
let units: TestUnits;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const port = await freePort();
  outside = await startOutsideServices();
  whole = await startWholeStation({
    profile: { port },
    serverSettings: { stationProgram: `http://127.0.0.1:${port}`, services: outside.settings },
  });
  units = await openUnits(join(whole.folder, 'server'));
  browser = await startBrowser();
  page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await units?.close();
  await whole?.close();
  await outside?.close();
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

/** What 听验证码 says, which is the same as often as it is asked. */
async function heard(): Promise<string> {
  const spoken = page.waitForResponse(/\/api\/captchas\/[^/]+\/sound$/u);
  await page.getByRole('button', { name: '听验证码' }).click();
  const sound = await page.request.get((await spoken).url());
  return hearCaptcha(await sound.body());
}

/** The unit has its account from then on. */
const registered = once(async () => {
  for (const one of [boss, main]) await units.addPerson(one);
  return units.addUnit({ name: unit.name, code: unit.creditCode, boss, handler: main });
});
const submitButton = () => page.getByRole('button', { name: '登录', exact: true });

test('YNU-015 YNU-095 YNU-096 YNU-097: 「CA登录」 switches to the CA page, which offers 下载/更新CA驱动', async () => {
  await openCaLogin();
  expect(await page.getByRole('img', { name: '登录二维码' }).count()).toBe(0);
  await page.getByText('已办理CA的企业，用CA登录云南省建筑市场监管与诚信一体化平台用户中心').waitFor();
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
  const code = await heard();
  // a browser that may not play it would say so
  expect(await page.getByRole('alert').count()).toBe(0);
  await submit({ pin: '87654321', code });
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

  const id = await registered();
  await submit({ pin: demoPin });
  await page.waitForURL(/\/user-centre\/home/u);
  const me = await page.request.get(`${whole.serverUrl()}/api/session`);
  expect(await me.json()).toMatchObject({ id });
  await shot('home');
});

test('YNU-016 YNQ-011: 「UKey登录」 of the quality system leads to the CA page of the user centre, and with the CA into that system', async () => {
  await registered();
  await page.context().clearCookies();
  await page.goto(`${whole.serverUrl()}/portal/yunnan-quality-safety/login`);
  await page.getByRole('link', { name: 'UKey登录', exact: true }).click();
  await page.waitForURL(/\/user-centre\/login\?/u);
  await page.getByRole('img', { name: '验证码图片' }).waitFor();
  await page.getByLabel(unit.name).waitFor();
  await submit({ pin: demoPin });
  await page.waitForURL(/yunnan-quality-safety/u);
  await page.getByRole('link', { name: '质量安全', exact: true }).click();
  await page.waitForURL(/\/portal\/yunnan-quality-safety\//u);
  await page.getByRole('button', { name: '施工单位' }).click();
  await page.getByRole('navigation', { name: '导航菜单' }).getByText('人员管理').waitFor();
  expect(await page.locator('.unit').innerText()).toBe(unit.name);
});

test('YNU-098: where the computer can do no work in its place, the picture code typed rightly lets in', async () => {
  const id = await registered();
  // as in a browser that gives pages without TLS no cryptography
  await page.addInitScript({
    content: "if (location.hash === '#plain') Object.defineProperty(crypto, 'subtle', { value: undefined })",
  });
  await page.goto(`${whole.serverUrl()}/user-centre/login#plain`);
  await page.reload();
  await page.getByRole('button', { name: 'CA登录' }).click();
  await page.getByLabel(unit.name).waitFor();
  await page.getByRole('button', { name: '看不清图片？由电脑代为验证' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByText('已由电脑完成验证').count()).toBe(0);
  const picture = await page.getByRole('img', { name: '验证码图片' }).getAttribute('src');
  await submit({ pin: demoPin, code: readCaptcha(picture ?? '').toLowerCase() });
  await page.waitForURL(/\/user-centre\/home/u);
  expect(await (await page.request.get(`${whole.serverUrl()}/api/session`)).json()).toMatchObject({ id });
});

test('YNU-097: without the CA’s driver the page says so, leads to the drivers, and finds the CA once it is installed', async () => {
  const path = whole.counter.token.driver.libraries[0]?.path ?? '';
  await rename(path, `${path}.away`);
  try {
    await openCaLogin();
    await page.getByText('设备驱动程序缺失').waitFor();
    expect(await submitButton().isEnabled()).toBe(false);
    await shot('no-driver');
    await page.getByRole('button', { name: '下载/更新CA驱动' }).click();
    await page.getByRole('cell', { name: /飞天诚信 ePass3003/u }).waitFor();
  } finally {
    await rename(`${path}.away`, path);
  }
  await page.getByRole('button', { name: '返回CA登录' }).click();
  await page.getByRole('button', { name: '重新查找' }).click();
  await page.getByLabel(unit.name).waitFor();
});

test('YNU-098: the last wrong password locks the CA, which is told and cannot be chosen until it is unlocked', async () => {
  await registered();
  const [token] = await whole.station.call('tokens');
  const certificateId = token?.certificates.find(({ use }) => use === 'sign')?.id ?? '';
  const body = { tokenId: token?.id ?? '', certificateId, pin: '87654321' };
  // all but the last at the counter
  for (let tries = 1; tries < (whole.counter.token.driver.maxTries ?? 0); tries += 1)
    await expect(whole.station.call('login', { body })).rejects.toMatchObject({ code: 'PIN_INCORRECT' });
  await openCaLogin();
  await submit({ pin: '87654321' });
  await page.getByText('UKey已被锁定').waitFor();
  await page.getByText('请携带UKey到发证的CA机构解锁').waitFor();
  await shot('locked');
  await openCaLogin();
  await page.getByText('已锁定').waitFor();
  expect(await page.getByLabel(unit.name).isDisabled()).toBe(true);
  expect(await submitButton().isEnabled()).toBe(false);
  await whole.counter.token.unlock();
  await openCaLogin();
  await submit({ pin: demoPin });
  await page.waitForURL(/\/user-centre\/home/u);
});

test('YNU-016 YNU-116 YNU-117 YNU-118 YNU-120: 获取CA信息 asks for the CA, takes it over after CA登录, and its holder signs in with it', async () => {
  const serial = certificateSerial();
  const id = await registered();
  await outside.addKey({
    ...{ creditCode: unit.creditCode, serial, holderName: '尤十', state: 'valid' },
    ...{ validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2030-01-01T00:00:00.000Z' },
  });
  const who = makePerson('尤十');
  await units.addPerson(who);
  const [name = '', value = ''] = (await units.scanIn(id, main)).split('=');
  await page.context().clearCookies();
  await page.context().addCookies([{ name, value, url: whole.serverUrl() }]);
  await page.goto(`${whole.serverUrl()}/user-centre/home/handlers`);
  await page.getByRole('button', { name: '获取CA信息' }).click();
  await page.getByRole('alert').getByText('没有检测到本单位的CA').waitFor();
  await page.getByRole('button', { name: '用CA登录' }).click();
  await page.getByRole('button', { name: 'CA登录' }).click();
  await page.getByLabel(unit.name).waitFor();
  await submit({ pin: demoPin });
  await page.getByRole('link', { name: '经办人管理' }).click();
  await page.getByRole('button', { name: '获取CA信息' }).click();
  await page.getByRole('status').getByText('已同步 1 个CA').waitFor();
  await page.locator(`tr[data-key="${serial}"]`).getByRole('button', { name: '编辑' }).click();
  await fillIn(page, who, '普通经办人');
  await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
  await stateOf(page, '尤十', '待确认').waitFor();
  await units.decide(await openCase(), boss, 'confirm');
  await stateOf(page, '尤十', '启用').waitFor();
  await rowOf(page, '尤十').getByRole('link', { name: '授权' }).click();
  await page.getByLabel('用户中心').check();
  await page.getByRole('button', { name: '确认' }).click();
  await rowOf(page, '尤十').waitFor();
  await openCaLogin();
  await page.getByLabel(unit.name).waitFor();
  await submit({ pin: demoPin });
  await page.getByText('尤十，您好').waitFor();
});

/** As the CA company writes it: of the certificate in the demo company's key. */
function certificateSerial(): string {
  const [token] = whole.counter.token.tokens;
  const der = Buffer.from(token?.signingCertificate ?? '', 'base64');
  return new X509Certificate(der).serialNumber;
}
const openCase = (): Promise<string> =>
  waitUntil(
    async () =>
      (await units.db.selectFrom('case_file').select('id').where('state', '=', 'open').executeTakeFirst())
        ?.id,
  );

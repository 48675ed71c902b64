/**
 * Shanghai's institutions as their administrators go: the portal's entrance, the platform's door with a simulated key in the
 * computer, registration, binding, and into the system. Real browser, server, station and sandbox; `npm run build:pages` first.
 */
import { X509Certificate } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { freePort } from '#tests/support/free-port.ts';
import { once } from '#tests/support/once.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const programme = 'shanghai-maintenance-fund';
const question = '您所在企业是否在维修资金系统已有工程造价咨询单位身份账号? (OTP 或密钥)';
const exists = '维修资金系统已经存在统一社会信用代码(含组织机构代码)相同的审价单位,申请失败!';
/** Has no account from before. */
const fresh = { companyName: '上海澄海会计师事务所有限公司', creditCode: '91310101MA1FL4C71M', pin: demoPin };
/** Has one of each kind: by code as 审计单位, by its organisation code alone as 审价单位, by its key as 代理记账公司. */
const known = { companyName: demoLicence.companyName, creditCode: demoLicence.creditCode };
const accountOf = { auditor: 'SJ310100012', priceAssessor: 'ZX-KNOWN', bookkeeper: 'JZ-KNOWN' };

let services: TestOutsideServices;
let whole: WholeStation;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const port = await freePort();
  services = await startOutsideServices();
  whole = await startWholeStation({
    otherHolders: [fresh],
    profile: { port },
    serverSettings: { stationProgram: `http://127.0.0.1:${port}`, services: services.settings },
  });
  const certificate = whole.counter.token.tokens.find((one) => one.companyName === known.companyName);
  const { serialNumber } = new X509Certificate(Buffer.from(certificate?.signingCertificate ?? '', 'base64'));
  const common = { system: programme, name: known.companyName };
  await services.addInstitutionAccount({
    ...{ ...common, account: accountOf.priceAssessor, kind: '审价单位' },
    code: known.creditCode.slice(8, 17),
  });
  await services.addInstitutionAccount({
    ...{ ...common, account: accountOf.bookkeeper, kind: '代理记账公司' },
    ...{ code: known.creditCode, keySerials: [serialNumber] },
  });
  browser = await startBrowser();
  page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
  await services?.close();
});

const shot = (name: string): Promise<unknown> =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/institutions-${name}.png`, fullPage: true })
    : Promise.resolve();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const path = (): string => new URL(page.url()).pathname;
const entrance = () => page.goto(`${whole.serverUrl()}/portal/${programme}`);

/** At the door, with the key of that company chosen. */
async function signIn(companyName: string, link: string): Promise<void> {
  await entrance();
  await page.getByRole('link', { name: link, exact: true }).click();
  await page.getByLabel(new RegExp(companyName, 'u')).check();
  await page.getByLabel('UKey密码').fill(demoPin);
  await button('登录').click();
}
const toRegister = '维修资金业务办理组织机构注册';
const toSignIn = '上海市物业管理监管与服务平台';
async function ask(kind: string): Promise<void> {
  await page.goto(`${whole.serverUrl()}/portal/${programme}/institutions`);
  await page.getByLabel(`工程造价咨询单位注册（${kind}）`).check();
  await button('下一步').click();
  await heading(question).waitFor();
}

test('SHW-001 SHW-002 SHW-003 SHW-004: the entrance says whose system it is, for whom, what for, and the way to it', async () => {
  await entrance();
  await heading('上海市房屋维修资金管理系统').waitFor();
  expect(await page.title()).toBe('上海市房屋维修资金管理系统');
  const text = await page.locator('body').innerText();
  expect(text).toContain('又称上海市商品住房维修资金管理系统');
  expect(text).toContain('《维修资金登录方式切换》第三方专业机构-新增用户（2024-01-28）');
  expect(text).toContain('审计单位、审价单位、代理记账公司');
  const flow = await page.locator('ol.flow strong').allInnerTexts();
  expect(flow).toEqual(['用UKey登录', '注册或绑定', '管理员登录', '新增下属人员', '下属人员登录']);
  const way = await page.locator('.path ol').first().locator('li').allInnerTexts();
  expect(way).toEqual(['上海住宅物业网', '【网上办事】', '【上海市物业管理监管与服务平台】']);
  await shot('entrance');
});

test('SHW-005 SHW-018: both ways lead to the door of the 统一认证登录平台', async () => {
  for (const link of [toRegister, toSignIn]) {
    await entrance();
    await page.getByRole('link', { name: link, exact: true }).click();
    await heading('统一认证登录平台').waitFor();
    expect(path()).toBe(`/portal/${programme}/login`);
    expect(await page.getByRole('tab', { name: '法人一证通' }).getAttribute('aria-selected')).toBe('true');
  }
});

test('SHW-007: 「客户端工具」 says how 协卡助手 is got, and leads back', async () => {
  await page.goto(`${whole.serverUrl()}/portal/${programme}/login`);
  await button('客户端工具').click();
  const guide = page.getByRole('region', { name: '客户端工具' });
  await guide.getByText('本机没有“协卡助手”的').waitFor();
  expect(await guide.locator('ol li').count()).toBe(3);
  const download = guide.getByRole('link', { name: '下载协卡助手', exact: true });
  expect(await download.getAttribute('href')).toBe('https://www.sheca.com/');
  await shot('tool');
  await button('返回登录').click();
  await page.getByLabel('UKey密码').waitFor();
});

test('SHW-008 SHW-017: without a key nobody goes on; with one its unit, code and last day are shown', async () => {
  await whole.counter.token.setFault({ trouble: 'removed' });
  await page.goto(`${whole.serverUrl()}/portal/${programme}/login`);
  await page.getByText('登录前，请插入本单位有效的法人一证通UKey。').waitFor();
  await page.getByText('没有检测到UKey').waitFor();
  expect(await button('登录').isEnabled()).toBe(false);
  await shot('no-key');
  await whole.counter.token.setFault();
  await button('重新查找').click();
  const keys = page.getByRole('group', { name: '企业UKey信息' });
  for (const { companyName, creditCode } of [known, fresh])
    await keys.getByText(companyName).or(keys.getByText(creditCode)).first().waitFor();
  expect(await keys.innerText()).toContain(fresh.creditCode);
  expect(await keys.innerText()).toMatch(/有效期至 \d{4}-\d{2}-\d{2}/u);
  expect(await button('登录').isEnabled()).toBe(true);
  await shot('door');
});

async function enterFresh(): Promise<void> {
  await signIn(fresh.companyName, toRegister);
  await heading(toRegister).waitFor();
}
const insideFresh = once(enterFresh);

test('SHW-006: the key lets its company in, and nothing but its password does', async () => {
  await page.context().clearCookies();
  await page.goto(`${whole.serverUrl()}/portal/${programme}/institutions`);
  await page.waitForURL(/\/login/u);
  await page.getByLabel(new RegExp(fresh.companyName, 'u')).check();
  await page.getByLabel('UKey密码').fill('87654321');
  await button('登录').click();
  await page.getByText('UKey密码错误').waitFor();
  await enterFresh();
  const facts = await page.locator('dl.facts').innerText();
  for (const fact of [fresh.companyName, fresh.creditCode, 'MA1FL4C71', '绿灯站模拟认证中心'])
    expect(facts).toContain(fact);
  await shot('kinds');
});

test.each([
  ['SHW-009 SHW-010', '审价单位'],
  ['SHW-043', '审计单位'],
  ['SHW-044', '代理记账公司'],
])('%s: by 【工程造价咨询单位注册】 as %s and 【下一步】 the question is asked', async (_, kind) => {
  await insideFresh();
  await page.goto(`${whole.serverUrl()}/portal/${programme}/institutions`);
  await button('下一步').click();
  await page.getByText('请先选择机构类型').waitFor();
  await ask(kind);
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('heading').innerText()).toBe(question);
  expect(await dialog.innerText()).toContain(`机构类型：${kind}`);
  for (const answer of ['是', '否']) expect(await button(answer).count()).toBe(1);
  await shot('question');
});

const registering = once(async () => {
  await insideFresh();
  await ask('审价单位');
  await button('否').click();
});

test('SHW-011: 「否」 goes to the page that registers a 审价单位', async () => {
  await registering();
  await heading('审价单位注册').waitFor();
  expect(path()).toBe(`/portal/${programme}/institutions/register/price-assessor`);
});

test('SHW-014: of the platforms 维修资金系统 alone can be chosen', async () => {
  await registering();
  const platforms = page.getByRole('group', { name: '选择注册平台' });
  const choices = platforms.getByRole('radio');
  expect(await choices.count()).toBeGreaterThan(1);
  const open = await choices.evaluateAll((all) =>
    all.flatMap((one) =>
      one instanceof HTMLInputElement && !one.disabled ? [one.parentElement?.innerText] : [],
    ),
  );
  expect(open).toEqual(['维修资金系统']);
  await platforms.getByText('第三方专业机构目前只能注册维修资金系统。').waitFor();
});

const registered = once(async () => {
  await registering();
  await button('注册').click();
  await page.getByText('请填写联系人').waitFor();
  await page.getByLabel('联系人').fill('周敏');
  await page.getByLabel('联系电话').fill('021-63210000');
  await page.getByLabel('单位地址').fill('上海市黄浦区人民大道200号');
  await shot('register');
  await button('注册').click();
});

test('SHW-013: the information is entered, 「注册」 pressed, and the registration succeeds', async () => {
  await registered();
  await page.getByText('注册成功').waitFor();
  const [account] = await services.institutionAccounts();
  expect(account).toMatchObject({ name: fresh.companyName, kind: '审价单位', code: fresh.creditCode });
  await page.getByText(`业务系统账号：${account?.account ?? ''}`).waitFor();
  await shot('registered');
});

const entered = once(async () => {
  await registered();
  await page.getByText('注册成功').waitFor();
  await signIn(fresh.companyName, toSignIn);
  await heading('选择要进入的系统').waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
  await button('上海市房屋维修资金管理系统').click();
  await page.waitForURL(/\/home/u);
  await page.getByText(fresh.companyName).first().waitFor();
  await page.getByText('审价单位').first().waitFor();
  const me = await page.request.get(`${whole.serverUrl()}/api/portals/${programme}/self`);
  expect(await me.json()).toMatchObject({ account: { kind: 'main' }, roles: [{ name: '审价单位' }] });
  await shot('home');
});
test('SHW-019 SHW-020: signed in by its key, it chooses 上海市房屋维修资金管理系统 and is in', entered);

test('SHW-022: the administrator finds the menus 操作员管理 and 用户审核', async () => {
  await entered();
  await page.goto(`${whole.serverUrl()}/portal/${programme}/home`);
  for (const menu of ['操作员管理', '用户审核'])
    await page.getByRole('navigation').getByRole('link', { name: menu, exact: true }).waitFor();
});

const insideKnown = once(async () => {
  await signIn(known.companyName, toRegister);
  await heading(toRegister).waitFor();
});

test('SHW-015 SHW-016: 「否」 where the organisation code has such an account is refused in the manual’s words', async () => {
  await insideKnown();
  await ask('审价单位');
  await button('否').click();
  await page.getByLabel('联系人').fill('周敏');
  await page.getByLabel('联系电话').fill('021-63210000');
  await page.getByLabel('单位地址').fill('上海市黄浦区人民大道200号');
  await button('注册').click();
  await page.getByText(exists, { exact: true }).waitFor();
  expect(await page.getByLabel('联系人').inputValue()).toBe('周敏');
  await shot('exists');
});

const binding = once(async () => {
  await insideKnown();
  await ask('审计单位');
  await button('是').click();
});

test('SHW-012: 「是」 goes to 企业绑定, with the unit’s account from before', async () => {
  await binding();
  await heading('企业绑定').waitFor();
  await page.getByLabel(new RegExp(accountOf.auditor, 'u')).waitFor();
  await shot('bind');
});

const bound = once(async () => {
  await binding();
  await button('绑定').click();
  await page.getByText('请输入令牌上的 6 至 8 位数字').waitFor();
  const codeNow = async () =>
    (await services.institutionAccounts()).find((one) => one.account === accountOf.auditor)?.shown ?? '';
  const wrong = (await codeNow()) === '000000' ? '000001' : '000000';
  await page.getByLabel('动态口令', { exact: true }).fill(wrong);
  await button('绑定').click();
  await page.getByText('绑定失败').waitFor();
  await shot('bind-failed');
  const view = await page.request.get(`${whole.serverUrl()}/api/portals/${programme}/key-entry`);
  expect(await view.json()).toMatchObject({ identities: [] });
  await page.getByLabel('动态口令', { exact: true }).fill(await codeNow());
  await button('绑定').click();
  await page.getByText('绑定成功').waitFor();
  await page.getByText(`业务系统账号：${accountOf.auditor}`).waitFor();

  await ask('代理记账公司');
  await button('是').click();
  await page.getByRole('tab', { name: '密钥' }).click();
  await page.getByLabel(new RegExp(`${known.companyName}.*有效期`, 'su')).check();
  await page.getByLabel('UKey密码').fill(demoPin);
  await button('绑定').click();
  await page.getByText(`业务系统账号：${accountOf.bookkeeper}`).waitFor();
});

test('SHW-042: a wrong code says so and binds nothing; the right one binds, and so does the key', async () => {
  await bound();
  const view = await page.request.get(`${whole.serverUrl()}/api/portals/${programme}/key-entry`);
  expect(await view.json()).toMatchObject({
    identities: [
      { role: 'auditor', businessAccount: accountOf.auditor, origin: 'bound-by-otp' },
      { role: 'bookkeeper', businessAccount: accountOf.bookkeeper, origin: 'bound-by-key' },
    ],
  });
});

test('SHW-021: with several identities the role is chosen before the system is entered', async () => {
  await bound();
  await signIn(known.companyName, toSignIn);
  await heading('选择要进入的系统').waitFor();
  await button('上海市房屋维修资金管理系统').click();
  await page.getByText('请先选择角色').waitFor();
  expect(path()).toBe(`/portal/${programme}/institutions/systems`);
  await shot('roles');
  await page.getByLabel('代理记账公司').check();
  await button('上海市房屋维修资金管理系统').click();
  await page.waitForURL(/\/home/u);
  await page.getByRole('link', { name: '代理记账公司', exact: true }).waitFor();
  // the session has it, and not this window alone
  const another = await page.context().newPage();
  await another.goto(`${whole.serverUrl()}/portal/${programme}/home`);
  await another.getByRole('link', { name: '代理记账公司', exact: true }).waitFor();
  await another.close();
});

test('a business system that is down says which it is, and what was typed stays', async () => {
  await bound();
  await page.goto(`${whole.serverUrl()}/portal/${programme}/login?for=registration`);
  await page.getByLabel(new RegExp(known.companyName, 'u')).check();
  await page.getByLabel('UKey密码').fill(demoPin);
  await button('登录').click();
  await heading(toRegister).waitFor();
  await services.setBehaviour({ service: 'institutionAccounts', mode: 'fail' });
  await ask('审价单位');
  await button('是').click();
  await page.getByText('暂时没有响应').waitFor();
  await services.setBehaviour({ service: 'institutionAccounts', mode: 'normal' });
  await button('重试').click();
  await page.getByLabel(new RegExp(accountOf.priceAssessor, 'u')).waitFor();
});

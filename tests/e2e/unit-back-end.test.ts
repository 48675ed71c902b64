/** A unit's back end in a real browser before a real server: what its main handler and its handlers do there. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import type { TicketAccount } from '#domain/contracts/public/login-tickets.ts';
import { creditCodeCheck } from '#domain/fields/check-digits.ts';
import { startBrowser } from '#tests/support/desk-browser.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { makePerson } from '#tests/support/people.ts';
import { codeOf, createPhone } from '#tests/support/phone.ts';
import type { Phone } from '#tests/support/phone.ts';
import { openUnits } from '#tests/support/units.ts';
import type { TestPerson, TestUnit, TestUnits } from '#tests/support/units.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { unnoted } from '#tests/support/walks.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, queryStore, startTestServer } from '../integration/server-support.ts';

const picturesFolder = process.env['LUDENG_PICTURES'];
const unit: TestUnit = {
  ...{ name: '昆明春城建设有限公司', code: `91530100MA6K00001${creditCodeCheck('91530100MA6K00001')}` },
  ...{ boss: makePerson('王建国'), handler: makePerson('李小红') },
};

const data = makeDataFolder();
let outside: TestOutsideServices;
let server: RunningServer;
let units: TestUnits;
let browser: Browser;
let mainId: string;
/** Of the person who answers for the unit. */
let boss: Phone;
const pages: Page[] = [];
beforeAll(async () => {
  await buildConsolePages();
  outside = await startOutsideServices();
  server = await startTestServer(data.folder, { services: outside.settings });
  units = await openUnits(data.folder);
  boss = phoneOf(unit.boss);
  await boss.proveName();
  await units.addPerson(unit.handler);
  mainId = await units.addUnit(unit);
  browser = await startBrowser();
}, 180_000);
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  await browser?.close();
  await units?.close();
  await server?.close();
  await outside?.close();
  data.remove();
});

const phoneOf = (who: TestPerson): Phone => createPhone(server.url, outside, who);

/** The back end at `path`, as whoever holds the cookie sees it. */
async function open(cookie: string, path = '/home'): Promise<Page> {
  return unnoted(async () => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, url: server.url }]);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    pages.push(page);
    await page.goto(`${server.url}/user-centre${path}`);
    return page;
  });
}
const asMain = async (path?: string): Promise<Page> => open(await units.scanIn(mainId, unit.handler), path);

async function picture(page: Page, name: string): Promise<void> {
  if (picturesFolder === undefined) return;
  mkdirSync(picturesFolder, { recursive: true });
  await page.screenshot({ path: `${picturesFolder}/${name}.png` });
}

const masked = (mobile: string): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;
const rowOf = (page: Page, name: string) => page.locator(`tr[data-handler="${name}"]`);
const stateOf = (page: Page, name: string, state: string) =>
  rowOf(page, name).getByText(state, { exact: true });

async function fillIn(page: Page, who: TestPerson, type?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (type !== undefined) await dialog.getByLabel('账号类型').selectOption({ label: type });
  await dialog.getByLabel('经办人姓名').fill(who.name);
  await dialog.getByLabel('经办人身份证号').fill(who.idNumber);
  await dialog.getByLabel('经办人手机号码').fill(who.mobile);
}

async function addOnPage(page: Page, who: TestPerson, type = '普通经办人'): Promise<void> {
  await page.getByRole('button', { name: '添加经办人账号' }).click();
  await fillIn(page, who, type);
  await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
}

/** The to-do about this person on the phone of whoever answers for the unit. */
const todoAbout = ({ idNumber }: TestPerson): Promise<{ id: string; title: string }> =>
  waitUntil(async () => {
    const rows = await queryStore<{ id: string }>(
      data.folder,
      `select case_file.id from case_file join record on record.id = case_file.record_id
        where case_file.state = 'open' and record.body like '%${idNumber}%'`,
    );
    return (await boss.todos()).find(({ id, isWaiting }) => isWaiting && id === rows[0]?.id);
  });
/** What that person does there: looks, says yes, shows the face. */
const decideOnPhone = async (who: TestPerson, decision?: 'refuse'): Promise<void> =>
  void (await boss.confirm((await todoAbout(who)).id, decision));

/** What a person may act through for the unit, as the phone lists it once it has scanned a computer's code. */
async function scannedBy(phone: Phone): Promise<{ ticket: string; accounts: TicketAccount[] }> {
  const made = await fetch(`${server.url}/api/login-tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ programme: userCentre, purpose: 'sign-in' }),
  });
  const ticket = ((await made.json()) as { path: string }).path.replace('/m/scan?t=', '');
  const { accounts } = await phone.ask(loginTicketRoutes.scanTicket, { body: { ticket } });
  return { ticket, accounts };
}

/** An account that is 启用, made by the routes that the page uses. */
async function enabledHandler(
  name: string,
  type = 'ordinary',
  systems: readonly string[] = [],
): Promise<{ id: string; who: TestPerson }> {
  return unnoted(async () => {
    const who = makePerson(name);
    await units.addPerson(who);
    const cookie = await units.scanIn(mainId, unit.handler);
    const send = (method: string, path: string, body: unknown) =>
      fetch(`${server.url}/api/unit/handlers${path}`, {
        method,
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await send('POST', '', { type, ...who })).status).toBe(200);
    await decideOnPhone(who);
    const [row] = await queryStore<{ id: string }>(
      data.folder,
      `select account.id from account join person on person.id = account.person_id
        where account.kind = 'handler' and person.id_number = '${who.idNumber}'`,
    );
    const id = row?.id ?? '';
    if (systems.length > 0) expect((await send('PUT', `/${id}/systems`, { systems })).status).toBe(200);
    return { id, who };
  });
}
const [userCentre, quality] = ['yunnan-user-centre', 'yunnan-quality-safety'];

describe('the back end', () => {
  test('YNU-132 YNU-003 YNU-004 YNU-005 YNU-006 YNU-007 its menu is the manual’s, and each line opens its page', async () => {
    const page = await asMain();
    const menu = page.getByRole('navigation', { name: '功能菜单' });
    await menu.getByRole('link', { name: '首页' }).waitFor();
    expect((await menu.innerText()).split('\n').filter((line) => line.trim() !== '')).toEqual([
      ...['首页', '基本信息', '账号管理', '经办人管理', '主经办人账号信息变更'],
      ...['日志查询', '登录日志', '操作日志'],
    ]);
    for (const name of ['基本信息', '经办人管理', '主经办人账号信息变更', '登录日志', '操作日志']) {
      await menu.getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
  });

  test('YNU-099 the home page shows what waits, the accounts by state and who signed in last', async () => {
    const waiting = makePerson('赵待');
    await units.addPerson(waiting);
    await enabledHandler('钱启');
    const page = await asMain('/home/handlers');
    await addOnPage(page, waiting);
    await todoAbout(waiting);
    await page.getByRole('link', { name: '首页' }).click();
    await page.getByRole('heading', { level: 1, name: '首页' }).waitFor();
    await page.getByText('李小红，您好').waitFor();
    const todo = page.getByRole('row', { name: /添加账号确认/ }).filter({ hasText: '赵待' });
    await todo.getByText('待确认').waitFor();
    await todo.getByText('法人或负责人').waitFor();
    expect(Number(await page.locator('[data-state="pending"] strong').innerText())).toBeGreaterThan(0);
    expect(Number(await page.locator('[data-state="enabled"] strong').innerText())).toBeGreaterThan(0);
    await page
      .getByRole('row', { name: /扫码登录/ })
      .first()
      .waitFor();
    await picture(page, 'home');
  });

  test('YNU-100 基本信息 shows the unit as it was registered, with numbers masked', async () => {
    const page = await asMain('/home/information');
    for (const text of [unit.name, unit.code, '建筑工程施工', '王建国', '李小红', '企业'])
      await page.getByText(text, { exact: true }).first().waitFor();
    const shown = await page.getByRole('main').innerText();
    expect(shown).not.toContain(unit.boss.idNumber);
    expect(shown).not.toContain(unit.handler.mobile);
    await page.getByText(masked(unit.handler.mobile)).waitFor();
    await picture(page, 'information');
  });

  test('who is signed in may end the session, here and elsewhere', async () => {
    const { id, who } = await enabledHandler('孙退', 'ordinary', [userCentre]);
    const elsewhere = await open(await units.scanIn(id, who));
    const page = await open(await units.scanIn(id, who));
    await page.getByRole('link', { name: '孙退' }).click();
    await page.getByRole('button', { name: '结束登录' }).and(page.locator(':enabled')).click();
    await elsewhere.goto(`${server.url}/user-centre/home`);
    await elsewhere.waitForURL(`${server.url}/user-centre/`);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(`${server.url}/user-centre/`);
    await page.goto(`${server.url}/user-centre/home`);
    await page.waitForURL(`${server.url}/user-centre/`);
  });
});

describe('经办人管理', () => {
  test('YNU-090 YNU-101 YNU-102 YNU-103 YNU-104 an added account waits for the person who answers for the unit', async () => {
    const who = makePerson('周添');
    await units.addPerson(who);
    const page = await asMain('/home');
    await page.getByRole('link', { name: '经办人管理' }).click();
    const button = page.getByRole('button', { name: '添加经办人账号' });
    const [place, heading] = [
      await button.boundingBox(),
      await page.getByRole('heading', { level: 1 }).boundingBox(),
    ];
    // at the top right of the list
    expect(place?.x).toBeGreaterThan(1366 / 2);
    expect(Math.abs((place?.y ?? 0) - (heading?.y ?? 999))).toBeLessThan(40);
    await button.click();
    await page.getByRole('dialog', { name: '添加经办人账号' }).waitFor();
    await fillIn(page, who, '普通经办人');
    await picture(page, 'add');
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, '周添', '待确认').waitFor();
    expect(await rowOf(page, '周添').innerText()).toContain(masked(who.mobile));
    // one to-do, for the person named in the registration
    const { id, title } = await todoAbout(who);
    expect(title).toBe('添加账号确认');
    const parties = await queryStore<{ party: string }>(
      data.folder,
      `select party from case_party where case_id = '${id}'`,
    );
    expect(parties).toEqual([{ party: `id-number:${unit.boss.idNumber}` }]);
    await expect(
      units
        .scanIn((await accountOf(who)) ?? '', who)
        .then((cookie) => open(cookie))
        .then(seesHome),
    ).resolves.toBe(false);
  });

  test('YNU-108 YNU-109 YNU-110 YNU-008 confirmed on the phone, the account becomes 启用 on the page by itself', async () => {
    const who = makePerson('吴启');
    await units.addPerson(who);
    const page = await asMain('/home/handlers');
    await addOnPage(page, who);
    await stateOf(page, '吴启', '待确认').waitFor();
    await decideOnPhone(who);
    await stateOf(page, '吴启', '启用').waitFor();
    // and may be authorised for several systems
    await rowOf(page, '吴启').getByRole('link', { name: '授权' }).click();
    for (const name of ['用户中心', '质量安全']) await page.getByLabel(name).check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, '吴启').waitFor();
    const own = await open(await units.scanIn((await accountOf(who)) ?? '', who));
    await own.getByText('吴启，您好').waitFor();
  });

  test('YNU-105 a second account of one type for one person is refused, another type is not', async () => {
    const { who } = await enabledHandler('郑一');
    const page = await asMain('/home/handlers');
    await addOnPage(page, who);
    await page.getByRole('alert').getByText('同一人在同一账号类型下只能绑定一个经办人账号').waitFor();
    await page.getByRole('dialog').getByLabel('账号类型').selectOption({ label: '建设单位（甲方）' });
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('tr[data-handler="郑一"]', { hasText: '建设单位（甲方）' }).waitFor();
  });

  test('YNU-106 the main handler is refused as a handler of the own unit', async () => {
    const page = await asMain('/home/handlers');
    await addOnPage(page, unit.handler);
    await page.getByRole('alert').getByText('主经办人账号不可注册经办人账号').waitFor();
    expect(await rowOf(page, unit.handler.name).count()).toBe(0);
    // anybody else is not
    const who = makePerson('王二');
    await units.addPerson(who);
    await fillIn(page, who);
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, '王二', '待确认').waitFor();
  });

  test('YNU-107 somebody without real-name authentication is refused, and let in once it is done', async () => {
    const who = makePerson('冯实');
    const page = await asMain('/home/handlers');
    await addOnPage(page, who);
    await page.getByRole('alert').getByText('经办人尚未在云南建管小程序完成实名认证').waitFor();
    await phoneOf(who).proveName();
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, '冯实', '待确认').waitFor();
  });

  test('YNU-091 YNU-092 招标项目负责人 is an account type, and has the rights of that role', async () => {
    const who = makePerson('陈招');
    await units.addPerson(who);
    const page = await asMain('/home/handlers');
    await addOnPage(page, who, '招标项目负责人');
    await decideOnPhone(who);
    await stateOf(page, '陈招', '启用').waitFor();
    await rowOf(page, '陈招').getByText('招标项目负责人').waitFor();
    await rowOf(page, '陈招').getByRole('link', { name: '授权' }).click();
    await page.getByLabel('用户中心').check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, '陈招').waitFor();
    const other = await enabledHandler('褚普', 'ordinary', [userCentre]);
    const path = `/api/own-systems/${userCentre}/sections/bidding-projects`;
    const ask = async (cookie: string) =>
      (await (await fetch(`${server.url}${path}`, { headers: { cookie } })).json()) as Record<
        string,
        unknown
      >;
    expect(await ask(await units.scanIn((await accountOf(who)) ?? '', who))).toMatchObject({
      title: '招标代理项目',
    });
    expect(await ask(await units.scanIn(other.id, other.who))).toMatchObject({ code: 'SYSTEM_NOT_GRANTED' });
  });

  test('YNU-133 the list shows the state of each account and what can be done with it', async () => {
    const waiting = makePerson('卫待');
    await units.addPerson(waiting);
    const { id } = await enabledHandler('蒋启');
    const frozen = await enabledHandler('沈冻');
    const page = await asMain('/home/handlers');
    await addOnPage(page, waiting);
    await page.getByRole('status').getByText('卫待').waitFor();
    await rowOf(page, '沈冻').getByRole('button', { name: '冻结' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('离职');
    await page.getByRole('dialog').getByRole('button', { name: '冻结' }).click();
    await stateOf(page, '沈冻', '冻结').waitFor();
    const actsOf = async (name: string): Promise<string[]> =>
      (await rowOf(page, name).locator('.acts > *').allInnerTexts()).map((text) => text.trim());
    expect([id, frozen.id].every((one) => one !== '')).toBe(true);
    await stateOf(page, '蒋启', '启用').waitFor();
    expect(await actsOf('蒋启')).toEqual(['授权', '冻结', '编辑']);
    await stateOf(page, '卫待', '待确认').waitFor();
    expect(await actsOf('卫待')).toEqual(['编辑']);
    expect(await actsOf('沈冻')).toEqual(['授权', '解冻', '编辑']);
    await picture(page, 'handlers');
  });

  test('YNU-111 YNU-112 YNU-113 YNU-134 what is ticked on the page of 授权 is what the account may do', async () => {
    const { id, who } = await enabledHandler('韩授');
    const cookie = await units.scanIn(id, who);
    const enter = async (system: string) =>
      fetch(`${server.url}/api/own-systems/${system}`, { headers: { cookie } });
    for (const system of [userCentre, quality]) expect((await enter(system)).status).toBe(403);
    const own = await open(cookie);
    await own.getByText('本账号没有被授权办理用户中心的业务').waitFor();

    const page = await asMain('/home/handlers');
    await rowOf(page, '韩授').getByRole('link', { name: '授权' }).click();
    await page.getByRole('heading', { name: '授权：韩授' }).waitFor();
    await page.getByLabel('质量安全').check();
    await picture(page, 'authorise');
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, '韩授').waitFor();
    const ofQuality = await enter(quality);
    expect(ofQuality.status).toBe(200);
    expect((await enter(userCentre)).status).toBe(403);

    await rowOf(page, '韩授').getByRole('link', { name: '授权' }).click();
    // as it was ticked, and not otherwise
    expect(await page.getByLabel('质量安全').isChecked()).toBe(true);
    await page.getByLabel('质量安全').uncheck();
    await page.getByLabel('用户中心').check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, '韩授').waitFor();
    const again = await units.scanIn(id, who);
    const next = (system: string) =>
      fetch(`${server.url}/api/own-systems/${system}`, { headers: { cookie: again } });
    expect([(await next(quality)).status, (await next(userCentre)).status]).toEqual([403, 200]);
    const entered = await open(again);
    await entered.getByText('韩授，您好').waitFor();
    // an account that nobody has confirmed cannot be authorised
    const missing = await asMain('/home/handlers/01M0000000000000000000000/authorisation');
    await missing.getByText('没有找到该经办人账号').waitFor();
  });

  test('YNU-114 YNU-115 a frozen account is signed in no more and cannot sign in, until it is thawed', async () => {
    const { id, who } = await enabledHandler('杨冻', 'ordinary', [userCentre]);
    const own = await open(await units.scanIn(id, who));
    await own.getByText('杨冻，您好').waitFor();
    const page = await asMain('/home/handlers');
    await rowOf(page, '杨冻').getByRole('button', { name: '冻结' }).click();
    const dialog = page.getByRole('dialog', { name: '冻结账号：杨冻' });
    await dialog.getByRole('button', { name: '冻结' }).click();
    await dialog.getByText('请填写原因').waitFor();
    await dialog.getByLabel('原因').fill('岗位调整');
    await dialog.getByRole('button', { name: '冻结' }).click();
    await stateOf(page, '杨冻', '冻结').waitFor();
    await rowOf(page, '杨冻').getByText('岗位调整').waitFor();
    // the page that was open finds out by itself
    await own.waitForURL(`${server.url}/user-centre/`);
    const phone = phoneOf(who);
    await phone.proveName();
    const { ticket, accounts } = await scannedBy(phone);
    expect(accounts.map(({ hindrance }) => hindrance)).toEqual(['frozen']);
    const choose = phone.ask(loginTicketRoutes.chooseByTicket, { body: { ticket, account: id } });
    expect(await codeOf(choose)).toBe('ACCOUNT_FROZEN');
    await rowOf(page, '杨冻').getByRole('button', { name: '解冻' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('回岗');
    await page.getByRole('dialog').getByRole('button', { name: '解冻' }).click();
    await stateOf(page, '杨冻', '启用').waitFor();
    expect(await seesHome(await open(await units.scanIn(id, who)))).toBe(true);
  });

  test('编辑 changes how a handler is reached, and not the number that signs the person in', async () => {
    const { who } = await enabledHandler('朱编');
    const page = await asMain('/home/handlers');
    await rowOf(page, '朱编').getByRole('button', { name: '编辑' }).click();
    const dialog = page.getByRole('dialog', { name: '编辑经办人账号：朱编' });
    await dialog.getByLabel('经办人手机号码').fill('1390');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('请填写 11 位手机号码').waitFor();
    await dialog.getByLabel('经办人手机号码').fill('13900001234');
    await dialog.getByRole('button', { name: '保存' }).click();
    await rowOf(page, '朱编').getByText('139****1234').waitFor();
    const [own] = await queryStore<{ mobile: string }>(
      data.folder,
      `select mobile from person where id_number = '${who.idNumber}'`,
    );
    expect(own?.mobile).toBe(who.mobile);
  });
});

describe('获取CA信息', () => {
  const addKey = (serial: string, holderName: string) =>
    outside.addKey({
      ...{ creditCode: unit.code, serial, holderName, state: 'valid' },
      ...{ validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2030-01-01T00:00:00.000Z' },
    });
  const keyRow = (page: Page, serial: string) => page.locator(`tr[data-key="${serial}"]`);

  test('YNU-116 YNU-117 YNU-118 YNU-119 takes the unit’s keys over, with the key in the computer alone', async () => {
    await addKey('5B01', '秦九');
    const without = await asMain('/home/handlers');
    const button = without.getByRole('button', { name: '获取CA信息' });
    expect((await button.boundingBox())?.x).toBeGreaterThan(1366 / 2);
    await button.click();
    await without.getByRole('alert').getByText('没有检测到本单位的CA').waitFor();
    expect(await keyRow(without, '5B01').count()).toBe(0);
    const page = await open(await units.signInWithKey(mainId, unit), '/home/handlers');
    await page.getByRole('button', { name: '获取CA信息' }).click();
    await page.getByRole('status').getByText('已同步 1 个CA').waitFor();
    await keyRow(page, '5B01').getByText('待确认', { exact: true }).waitFor();
    await picture(page, 'keys');
  });

  test('YNU-120 YNU-121 YNU-122 编辑 names the holder, whose account is 启用 once it is confirmed', async () => {
    await addKey('5B02', '尤十');
    const who = makePerson('尤十');
    const phone = phoneOf(who);
    await phone.proveName();
    const hindrances = async () => (await scannedBy(phone)).accounts.map(({ hindrance }) => hindrance);
    const page = await open(await units.signInWithKey(mainId, unit), '/home/handlers');
    await page.getByRole('button', { name: '获取CA信息' }).click();
    await keyRow(page, '5B02').getByRole('button', { name: '编辑' }).click();
    // nobody can sign in by a key alone: there is no account yet
    expect(await hindrances()).toEqual([]);
    await page.getByRole('dialog', { name: /5B02/ }).waitFor();
    await fillIn(page, who, '普通经办人');
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, '尤十', '待确认').waitFor();
    await rowOf(page, '尤十').getByText('5B02').waitFor();
    expect(await keyRow(page, '5B02').count()).toBe(0);
    await todoAbout(who);
    expect(await hindrances()).toEqual(['pending']);
    await decideOnPhone(who);
    await stateOf(page, '尤十', '启用').waitFor();
    expect(await hindrances()).toEqual([undefined]);
  });
});

describe('日志查询', () => {
  test('YNU-126 登录日志 shows the logins of the main account and of all its sub accounts', async () => {
    const { id, who } = await enabledHandler('许登', 'ordinary', [userCentre]);
    const own = await open(await units.scanIn(id, who), '/home/logins');
    const page = await asMain('/home/logins');
    await page
      .getByRole('row', { name: /许登.*登录.*扫码登录/ })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /李小红.*登录/ })
      .first()
      .waitFor();
    await page.getByLabel('账号').selectOption({ label: '许登' });
    await page.getByRole('button', { name: '查询' }).click();
    await page
      .getByRole('row', { name: /李小红/ })
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /许登/ }).first().waitFor();
    await picture(page, 'logins');
    await page.getByLabel('结束日期').fill('2020-01-02');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('没有符合条件的记录').waitFor();
    // a handler sees the own lines, and no others
    await own.getByRole('row', { name: /许登/ }).first().waitFor();
    expect(await own.getByRole('row', { name: /李小红/ }).count()).toBe(0);
  });

  test('YNU-127 操作日志 shows what all accounts of the unit did, and for whom', async () => {
    const { id } = await enabledHandler('何操', 'ordinary', [quality]);
    await unnoted(async () => {
      const behalf = {
        kind: 'person',
        scheme: 'id-number',
        value: unit.boss.idNumber,
        name: '王建国',
      } as const;
      const cookie = await units.signIn(mainId, [], behalf);
      await fetch(`${server.url}/api/unit/handlers/${id}`, {
        method: 'PUT',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ mobile: '13900009999' }),
      });
    });
    const page = await asMain('/home/operations');
    await page
      .getByRole('row', { name: /李小红.*授权.*何操：质量安全/ })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /李小红.*提交申请.*经办人账号/ })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /李小红（代王建国）.*修改经办人手机号码/ })
      .first()
      .waitFor();
    await picture(page, 'operations');
  });
});

/** Last: the unit has another main handler afterwards. */
describe('主经办人账号信息变更', () => {
  test('YNU-123 YNU-124 YNU-125 another main handler is there once it is confirmed, not before', async () => {
    const next = makePerson('吕新');
    await units.addPerson(next);
    const page = await asMain('/home/main-handler');
    const main = page.getByRole('main');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('请填写变更原因').waitFor();
    await main.getByLabel('姓名').fill(next.name);
    await main.getByLabel('身份证号').fill(next.idNumber);
    await main.getByLabel('手机号码').fill(next.mobile);
    await main.getByLabel('变更原因').fill('原主经办人离职');
    await page.getByRole('button', { name: '提交' }).click();
    await page.locator('[data-last]').getByText('待法人或负责人确认').waitFor();
    await picture(page, 'main-handler');
    expect((await todoAbout(next)).title).toBe('更换主经办人');
    // nothing has changed yet
    await page.reload();
    await page.locator('.who').getByText('李小红').waitFor();
    await decideOnPhone(next);
    // who was the main handler is signed in no more
    await page.waitForURL(`${server.url}/user-centre/`);
    const own = await open(await units.scanIn(mainId, next), '/home/main-handler');
    await own.locator('.who').getByText('吕新').waitFor();
    await own.locator('[data-last]').getByText('已生效').waitFor();
  });
});

async function accountOf(who: TestPerson): Promise<string | undefined> {
  const [row] = await queryStore<{ id: string }>(
    data.folder,
    `select account.id from account join person on person.id = account.person_id
      where account.kind = 'handler' and person.id_number = '${who.idNumber}'`,
  );
  return row?.id;
}

/** True where the home page is shown, false where the entrance is. */
async function seesHome(page: Page): Promise<boolean> {
  await page
    .getByText(/，您好/)
    .or(page.getByRole('heading', { name: /用户中心/ }))
    .first()
    .waitFor();
  return page.url().endsWith('/home');
}

/** 经办人管理 of a unit, and 获取CA信息: what becomes of each account, on the page and on the phones. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import { makeNewcomer } from '#tests/support/people.ts';
import { codeOf } from '#tests/support/phone.ts';
import {
  addOnPage,
  fillIn,
  masked,
  openUnitPages,
  picture,
  quality,
  rowOf,
  seesHome,
  stateOf,
  unit,
  userCentre,
} from '#tests/support/unit-pages.ts';
import type { UnitPages } from '#tests/support/unit-pages.ts';
import { queryStore } from '../integration/server-support.ts';
import type { Page } from 'playwright-core';

let back: UnitPages;
beforeAll(async () => {
  back = await openUnitPages();
}, 180_000);
afterEach(() => back.closePages());
afterAll(() => back?.close());

describe('经办人管理', () => {
  test('YNU-090 YNU-101 YNU-102 YNU-103 YNU-104 YNU-108 an added account waits for the person who answers for the unit', async () => {
    const who = makeNewcomer('周');
    await back.units.addPerson(who);
    const page = await back.asMain('/home');
    const menu = page.getByRole('navigation', { name: '功能菜单' });
    await menu.getByRole('link', { name: '经办人管理' }).waitFor();
    // the line right under 账号管理
    expect(await menu.innerText()).toMatch(/账号管理\s*\n\s*经办人管理/);
    await menu.getByRole('link', { name: '经办人管理' }).click();
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
    await stateOf(page, who.name, '待确认').waitFor();
    expect(await rowOf(page, who.name).innerText()).toContain(masked(who.mobile));
    // one to-do, for the person named in the registration
    const { id, title } = await back.todoAbout(who);
    expect(title).toBe('添加账号确认');
    const parties = await queryStore<{ party: string }>(
      back.data.folder,
      `select party from case_party where case_id = '${id}'`,
    );
    expect(parties).toEqual([{ party: `id-number:${unit.boss.idNumber}` }]);
    await expect(
      back.units
        .scanIn((await back.accountOf(who)) ?? '', who)
        .then((cookie) => back.open(cookie))
        .then(seesHome),
    ).resolves.toBe(false);
  });

  test('YNU-108 YNU-109 YNU-110 YNU-008 confirmed on the phone, the account becomes 启用 on the page by itself', async () => {
    const who = makeNewcomer('吴');
    await back.units.addPerson(who);
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, who);
    await stateOf(page, who.name, '待确认').waitFor();
    await back.decideOnPhone(who);
    await stateOf(page, who.name, '启用').waitFor();
    // and may be authorised for several systems
    await rowOf(page, who.name).getByRole('link', { name: '授权' }).click();
    for (const name of ['用户中心', '质量安全']) await page.getByLabel(name).check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, who.name).waitFor();
    const cookie = await back.units.scanIn((await back.accountOf(who)) ?? '', who);
    const entered = [userCentre, quality].map((system) =>
      fetch(`${back.server.url}/api/own-systems/${system}`, { headers: { cookie } }),
    );
    expect((await Promise.all(entered)).map(({ status }) => status)).toEqual([200, 200]);
    await (await back.open(cookie)).getByText(`${who.name}，您好`).waitFor();
  });

  test('YNU-105 a second account of one type for one person is refused, another type is not', async () => {
    const { who } = await back.enabledHandler('郑');
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, who);
    await page.getByRole('alert').getByText('同一人在同一账号类型下只能绑定一个经办人账号').waitFor();
    await page.getByRole('dialog').getByLabel('账号类型').selectOption({ label: '建设单位（甲方）' });
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await rowOf(page, who.name).filter({ hasText: '建设单位（甲方）' }).waitFor();
  });

  test('YNU-106 the main handler is refused as a handler of the own unit', async () => {
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, unit.handler);
    await page.getByRole('alert').getByText('主经办人账号不可注册经办人账号').waitFor();
    expect(await rowOf(page, unit.handler.name).count()).toBe(0);
    // anybody else is not
    const who = makeNewcomer('王');
    await back.units.addPerson(who);
    await fillIn(page, who);
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, who.name, '待确认').waitFor();
  });

  test('YNU-107 somebody without real-name authentication is refused, and let in once it is done', async () => {
    const who = makeNewcomer('冯');
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, who);
    await page.getByRole('alert').getByText('经办人尚未在云南建管小程序完成实名认证').waitFor();
    await back.phoneOf(who).proveName();
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, who.name, '待确认').waitFor();
  });

  test('YNU-091 YNU-092 招标项目负责人 is an account type, and has the rights of that role', async () => {
    const who = makeNewcomer('陈');
    await back.units.addPerson(who);
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, who, '招标项目负责人');
    await back.decideOnPhone(who);
    await stateOf(page, who.name, '启用').waitFor();
    await rowOf(page, who.name).getByText('招标项目负责人').waitFor();
    await rowOf(page, who.name).getByRole('link', { name: '授权' }).click();
    await page.getByLabel('用户中心').check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, who.name).waitFor();
    const other = await back.enabledHandler('褚', 'ordinary', [userCentre]);
    const path = `/api/own-systems/${userCentre}/sections/bidding-projects`;
    const ask = async (cookie: string) =>
      (await (await fetch(`${back.server.url}${path}`, { headers: { cookie } })).json()) as Record<
        string,
        unknown
      >;
    expect(await ask(await back.units.scanIn((await back.accountOf(who)) ?? '', who))).toMatchObject({
      title: '招标代理项目',
    });
    expect(await ask(await back.units.scanIn(other.id, other.who))).toMatchObject({
      code: 'SYSTEM_NOT_GRANTED',
    });
  });

  test('YNU-133 the list shows the state of each account and what can be done with it', async () => {
    const waiting = makeNewcomer('卫');
    await back.units.addPerson(waiting);
    const { id, who } = await back.enabledHandler('蒋');
    const frozen = await back.enabledHandler('沈');
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, waiting);
    await page.getByRole('status').getByText(waiting.name).waitFor();
    await rowOf(page, frozen.who.name).getByRole('button', { name: '冻结' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('离职');
    await page.getByRole('dialog').getByRole('button', { name: '冻结' }).click();
    await stateOf(page, frozen.who.name, '冻结').waitFor();
    const actsOf = async (name: string): Promise<string[]> =>
      (await rowOf(page, name).locator('.acts > *').allInnerTexts()).map((text) => text.trim());
    expect([id, frozen.id].every((one) => one !== '')).toBe(true);
    await stateOf(page, who.name, '启用').waitFor();
    expect(await actsOf(who.name)).toEqual(['授权', '冻结', '编辑']);
    await stateOf(page, waiting.name, '待确认').waitFor();
    expect(await actsOf(waiting.name)).toEqual(['编辑']);
    expect(await actsOf(frozen.who.name)).toEqual(['授权', '解冻', '编辑']);
    await picture(page, 'handlers');
  });

  test('YNU-111 YNU-112 YNU-113 YNU-134 what is ticked on the page of 授权 is what the account may do', async () => {
    const { id, who } = await back.enabledHandler('韩');
    const cookie = await back.units.scanIn(id, who);
    const enter = async (system: string) =>
      fetch(`${back.server.url}/api/own-systems/${system}`, { headers: { cookie } });
    for (const system of [userCentre, quality]) expect((await enter(system)).status).toBe(403);
    const own = await back.open(cookie);
    await own.getByText('本账号没有被授权办理用户中心的业务').waitFor();

    const page = await back.asMain('/home/handlers');
    await rowOf(page, who.name).getByRole('link', { name: '授权' }).click();
    await page.getByRole('heading', { name: `授权：${who.name}` }).waitFor();
    await page.getByLabel('质量安全').check();
    await picture(page, 'authorise');
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, who.name).waitFor();
    const ofQuality = await enter(quality);
    expect(ofQuality.status).toBe(200);
    expect((await enter(userCentre)).status).toBe(403);

    await rowOf(page, who.name).getByRole('link', { name: '授权' }).click();
    // as it was ticked, and not otherwise
    expect(await page.getByLabel('质量安全').isChecked()).toBe(true);
    await page.getByLabel('质量安全').uncheck();
    await page.getByLabel('用户中心').check();
    await page.getByRole('button', { name: '确认' }).click();
    await rowOf(page, who.name).waitFor();
    const again = await back.units.scanIn(id, who);
    const next = (system: string) =>
      fetch(`${back.server.url}/api/own-systems/${system}`, { headers: { cookie: again } });
    expect([(await next(quality)).status, (await next(userCentre)).status]).toEqual([403, 200]);
    const entered = await back.open(again);
    await entered.getByText(`${who.name}，您好`).waitFor();
    // one that nobody has confirmed yet cannot be authorised, and one that is not there still less
    const waiting = makeNewcomer('施');
    await back.units.addPerson(waiting);
    const list = await back.asMain('/home/handlers');
    await addOnPage(list, waiting);
    await stateOf(list, waiting.name, '待确认').waitFor();
    expect(await rowOf(list, waiting.name).getByRole('link', { name: '授权' }).count()).toBe(0);
    await back.todoAbout(waiting);
    const refused = await fetch(
      `${back.server.url}/api/unit/handlers/${await back.accountOf(waiting)}/systems`,
      {
        method: 'PUT',
        headers: {
          cookie: await back.units.scanIn(back.mainId, unit.handler),
          'content-type': 'application/json',
        },
        body: JSON.stringify({ systems: [quality] }),
      },
    );
    expect(await refused.json()).toMatchObject({ code: 'ACCOUNT_NOT_ENABLED' });
    const missing = await back.asMain('/home/handlers/01M0000000000000000000000/authorisation');
    await missing.getByText('没有找到该经办人账号').waitFor();
  });

  test('YNU-114 YNU-115 a frozen account is signed in no more and cannot sign in, until it is thawed', async () => {
    const { id, who } = await back.enabledHandler('杨', 'ordinary', [userCentre]);
    const own = await back.open(await back.units.scanIn(id, who));
    await own.getByText(`${who.name}，您好`).waitFor();
    const page = await back.asMain('/home/handlers');
    await rowOf(page, who.name).getByRole('button', { name: '冻结' }).click();
    const dialog = page.getByRole('dialog', { name: `冻结账号：${who.name}` });
    await dialog.getByRole('button', { name: '冻结' }).click();
    await dialog.getByText('请填写原因').waitFor();
    await dialog.getByLabel('原因').fill('岗位调整');
    await dialog.getByRole('button', { name: '冻结' }).click();
    await stateOf(page, who.name, '冻结').waitFor();
    await rowOf(page, who.name).getByText('岗位调整').waitFor();
    // the page that was open finds out by itself
    await own.waitForURL(`${back.server.url}/user-centre/`);
    const phone = back.phoneOf(who);
    await phone.proveName();
    const { ticket, accounts } = await phone.scan();
    expect(accounts.map(({ hindrance }) => hindrance)).toEqual(['frozen']);
    const choose = phone.ask(loginTicketRoutes.chooseByTicket, { body: { ticket, account: id } });
    expect(await codeOf(choose)).toBe('ACCOUNT_FROZEN');
    await rowOf(page, who.name).getByRole('button', { name: '解冻' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('回岗');
    await page.getByRole('dialog').getByRole('button', { name: '解冻' }).click();
    await stateOf(page, who.name, '启用').waitFor();
    expect(await seesHome(await back.open(await back.units.scanIn(id, who)))).toBe(true);
  });

  test('编辑 changes how a handler is reached, and not the number that signs the person in', async () => {
    const { who } = await back.enabledHandler('朱');
    const page = await back.asMain('/home/handlers');
    await rowOf(page, who.name).getByRole('button', { name: '编辑' }).click();
    const dialog = page.getByRole('dialog', { name: `编辑经办人账号：${who.name}` });
    await dialog.getByLabel('经办人手机号码').fill('1390');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('请填写 11 位手机号码').waitFor();
    await dialog.getByLabel('经办人手机号码').fill('13900001234');
    await dialog.getByRole('button', { name: '保存' }).click();
    await rowOf(page, who.name).getByText('139****1234').waitFor();
    const [own] = await queryStore<{ mobile: string }>(
      back.data.folder,
      `select mobile from person where id_number = '${who.idNumber}'`,
    );
    expect(own?.mobile).toBe(who.mobile);
  });
});

describe('获取CA信息', () => {
  let issued = 0;
  /** Answers its serial number, which no other key has. */
  async function addKey(holderName: string): Promise<string> {
    issued += 1;
    const serial = `5B${String(issued).padStart(2, '0')}`;
    await back.outside.addKey({
      ...{ creditCode: unit.code, serial, holderName, state: 'valid' },
      ...{ validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2030-01-01T00:00:00.000Z' },
    });
    return serial;
  }
  const keyRow = (page: Page, serial: string) => page.locator(`tr[data-key="${serial}"]`);

  test('YNU-116 YNU-117 YNU-118 YNU-119 takes the unit’s keys over, with the key in the computer alone', async () => {
    const serial = await addKey('秦九');
    const without = await back.asMain('/home/handlers');
    const button = without.getByRole('button', { name: '获取CA信息' });
    expect((await button.boundingBox())?.x).toBeGreaterThan(1366 / 2);
    await button.click();
    await without.getByRole('alert').getByText('没有检测到本单位的CA').waitFor();
    expect(await keyRow(without, serial).count()).toBe(0);
    const page = await back.open(await back.units.signInWithKey(back.mainId, unit), '/home/handlers');
    await page.getByRole('button', { name: '获取CA信息' }).click();
    await page.getByRole('status').getByText('已同步 1 个CA').waitFor();
    await keyRow(page, serial).getByText('待确认', { exact: true }).waitFor();
    await picture(page, 'keys');
  });

  test('YNU-120 YNU-121 YNU-122 编辑 names the holder, whose account is 启用 once it is confirmed', async () => {
    const who = makeNewcomer('尤');
    const serial = await addKey(who.name);
    const phone = back.phoneOf(who);
    await phone.proveName();
    const hindrances = async () => (await phone.scan()).accounts.map(({ hindrance }) => hindrance);
    const page = await back.open(await back.units.signInWithKey(back.mainId, unit), '/home/handlers');
    await page.getByRole('button', { name: '获取CA信息' }).click();
    await keyRow(page, serial).getByRole('button', { name: '编辑' }).click();
    // nobody can sign in by a key alone: there is no account yet
    expect(await hindrances()).toEqual([]);
    await page.getByRole('dialog', { name: new RegExp(serial) }).waitFor();
    await fillIn(page, who, '普通经办人');
    await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
    await stateOf(page, who.name, '待确认').waitFor();
    await rowOf(page, who.name).getByText(serial).waitFor();
    expect(await keyRow(page, serial).count()).toBe(0);
    await back.todoAbout(who);
    expect(await hindrances()).toEqual(['pending']);
    await back.decideOnPhone(who);
    await stateOf(page, who.name, '启用').waitFor();
    expect(await hindrances()).toEqual([undefined]);
  });
});

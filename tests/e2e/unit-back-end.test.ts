/** A unit's back end: its menu, home page, registered information, logs, and another main handler. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeNewcomer } from '#tests/support/people.ts';
import {
  addOnPage,
  masked,
  openUnitPages,
  picture,
  quality,
  unit,
  userCentre,
} from '#tests/support/unit-pages.ts';
import type { UnitPages } from '#tests/support/unit-pages.ts';
import { unnoted } from '#tests/support/walks.ts';

let back: UnitPages;
beforeAll(async () => {
  back = await openUnitPages();
}, 180_000);
afterEach(() => back.closePages());
afterAll(() => back?.close());

describe('the back end', () => {
  test('YNU-132 YNU-003 YNU-004 YNU-005 YNU-006 YNU-007 its menu is the manual’s, and each line opens its page', async () => {
    // which leaves lines in both logs
    await back.enabledHandler('钱');
    const page = await back.asMain();
    const menu = page.getByRole('navigation', { name: '功能菜单' });
    // what it shows follows from who is signed in
    await menu.getByRole('link', { name: '经办人管理' }).waitFor();
    expect((await menu.innerText()).split('\n').filter((line) => line.trim() !== '')).toEqual([
      ...['首页', '基本信息', '账号管理', '经办人管理', '主经办人账号信息变更'],
      ...['日志查询', '登录日志', '操作日志'],
    ]);
    // each page with what it is for
    const main = page.getByRole('main').or(page.locator('.main')).first();
    for (const [name, shown] of [
      ['基本信息', main.getByText(unit.code, { exact: true })],
      ['经办人管理', main.getByRole('button', { name: '添加经办人账号' })],
      ['主经办人账号信息变更', main.getByLabel('变更原因')],
      ['登录日志', main.getByRole('row', { name: /李小红.*登录/ }).first()],
      ['操作日志', main.getByRole('row', { name: /李小红.*提交申请/ }).first()],
    ] as const) {
      await menu.getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await shown.waitFor();
    }
    // the same stands among what the system is made of
    await page.goto(`${back.server.url}/user-centre/systems/${userCentre}/inside`);
    const sections = page.locator('.sections');
    for (const title of ['基本信息管理', '子账号管理', '账号信息变更', '操作日志', '登录日志'])
      await sections.getByText(title, { exact: true }).waitFor();
  });

  test('YNU-099 the home page shows what waits, the accounts by state and who signed in last', async () => {
    const waiting = makeNewcomer('赵');
    await back.units.addPerson(waiting);
    await back.enabledHandler('钱');
    const page = await back.asMain('/home/handlers');
    await addOnPage(page, waiting);
    await back.todoAbout(waiting);
    await page.getByRole('link', { name: '首页' }).click();
    await page.getByRole('heading', { level: 1, name: '首页' }).waitFor();
    await page.getByText('李小红，您好').waitFor();
    const todo = page.getByRole('row', { name: /添加账号确认/ }).filter({ hasText: waiting.name });
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
    const page = await back.asMain('/home/information');
    for (const text of [unit.name, unit.code, '建筑工程施工', '1000万元', '王建国', '李小红', '企业'])
      await page.getByText(text, { exact: true }).first().waitFor();
    const shown = await page.getByRole('main').innerText();
    expect(shown).not.toContain(unit.boss.idNumber);
    expect(shown).not.toContain(unit.handler.mobile);
    await page.getByText(masked(unit.handler.mobile)).waitFor();
    await picture(page, 'information');
  });

  test('who is signed in may end the session, here and elsewhere', async () => {
    const { id, who } = await back.enabledHandler('孙', 'ordinary', [userCentre]);
    const elsewhere = await back.open(await back.units.scanIn(id, who));
    const page = await back.open(await back.units.scanIn(id, who));
    await page.getByRole('link', { name: who.name }).click();
    await page.getByRole('button', { name: '结束登录' }).and(page.locator(':enabled')).click();
    await elsewhere.goto(`${back.server.url}/user-centre/home`);
    await elsewhere.waitForURL(`${back.server.url}/user-centre/`);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(`${back.server.url}/user-centre/`);
    await page.goto(`${back.server.url}/user-centre/home`);
    await page.waitForURL(`${back.server.url}/user-centre/`);
  });
});

describe('日志查询', () => {
  test('YNU-126 登录日志 shows the logins of the main account and of all its sub accounts', async () => {
    const { id, who } = await back.enabledHandler('许', 'ordinary', [userCentre]);
    const own = await back.open(await back.units.scanIn(id, who), '/home/logins');
    const page = await back.asMain('/home/logins');
    await page
      .getByRole('row', { name: new RegExp(`${who.name}.*登录.*扫码登录`) })
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /李小红.*登录/ })
      .first()
      .waitFor();
    await page.getByLabel('账号').selectOption({ label: who.name });
    await page.getByRole('button', { name: '查询' }).click();
    await page
      .getByRole('row', { name: /李小红/ })
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('row', { name: who.name }).first().waitFor();
    await picture(page, 'logins');
    await page.getByLabel('结束日期').fill('2020-01-02');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('没有符合条件的记录').waitFor();
    // a handler sees the own lines, and no others
    await own.getByRole('row', { name: who.name }).first().waitFor();
    expect(await own.getByRole('row', { name: /李小红/ }).count()).toBe(0);
  });

  test('YNU-127 操作日志 shows what all accounts of the unit did, and for whom', async () => {
    const { id, who } = await back.enabledHandler('何', 'ordinary', [quality]);
    await unnoted(async () => {
      const behalf = {
        kind: 'person',
        scheme: 'id-number',
        value: unit.boss.idNumber,
        name: '王建国',
      } as const;
      const cookie = await back.units.signIn(back.mainId, [], behalf);
      await fetch(`${back.server.url}/api/unit/handlers/${id}`, {
        method: 'PUT',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ mobile: '13900009999' }),
      });
    });
    const page = await back.asMain('/home/operations');
    await page
      .getByRole('row', { name: new RegExp(`李小红.*授权.*${who.name}：质量安全`) })
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
    const [before, next] = [back.holder.main, makeNewcomer('吕')];
    await back.units.addPerson(next);
    // what an earlier try has left waiting stands in the way of another one
    for (const { id, title } of await back.boss.todos())
      if (title === '更换主经办人') await back.boss.confirm(id, 'refuse');
    const page = await back.asMain('/home/main-handler');
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
    expect((await back.todoAbout(next)).title).toBe('更换主经办人');
    // nothing has changed yet
    await page.reload();
    await page.locator('.who').getByText(before.name).waitFor();
    await back.decideOnPhone(next);
    back.holder.main = next;
    // who was the main handler is signed in no more
    await page.waitForURL(`${back.server.url}/user-centre/`);
    const own = await back.open(await back.units.scanIn(back.mainId, next), '/home/main-handler');
    await own.locator('.who').getByText(next.name).waitFor();
    await own.locator('[data-last]').getByText('已生效').waitFor();
  });
});

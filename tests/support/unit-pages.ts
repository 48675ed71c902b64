/** A unit's back end in a real browser before a real server with the sandbox's services, and the phones of those who confirm. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { creditCodeCheck } from '#domain/fields/check-digits.ts';
import { makeDataFolder, queryStore, startTestServer } from '../integration/server-support.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';
import { startBrowser } from './browser.ts';
import { startOutsideServices } from './outside-services.ts';
import { makeNewcomer, makePerson } from './people.ts';
import { createPhone } from './phone.ts';
import type { Phone } from './phone.ts';
import { openUnits, programme as userCentre } from './units.ts';
import type { TestPerson, TestUnit } from './units.ts';
import { waitUntil } from './wait-until.ts';
import { unnoted } from './walks.ts';

const picturesFolder = process.env['LUDENG_PICTURES'];
export { userCentre };
export const quality = 'yunnan-quality-safety';
export const unit: TestUnit = {
  ...{ name: '昆明春城建设有限公司', code: `91530100MA6K00001${creditCodeCheck('91530100MA6K00001')}` },
  ...{ boss: makePerson('王建国'), handler: makePerson('李小红') },
};

/** Registered, with its main account; whoever answers for it has a phone. */
export async function openUnitPages() {
  await buildConsolePages();
  const data = makeDataFolder();
  const outside = await startOutsideServices();
  const server = await startTestServer(data.folder, { services: outside.settings });
  const units = await openUnits(data.folder);
  const browser = await startBrowser();
  const pages: Page[] = [];
  const phoneOf = (who: TestPerson): Phone => createPhone(server.url, outside, who);

  const boss = phoneOf(unit.boss);

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
  /** Who the main account belongs to now. */
  const holder = { main: unit.handler };
  const asMain = async (path?: string): Promise<Page> => open(await units.scanIn(mainId, holder.main), path);

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

  /** An account that is 启用, of somebody of that family, made by the routes that the page uses. */
  async function enabledHandler(
    family: string,
    type = 'ordinary',
    systems: readonly string[] = [],
  ): Promise<{ id: string; who: TestPerson }> {
    return unnoted(async () => {
      const who = makeNewcomer(family);
      await units.addPerson(who);
      const cookie = await units.scanIn(mainId, holder.main);
      const send = (method: string, path: string, body: unknown) =>
        fetch(`${server.url}/api/unit/handlers${path}`, {
          method,
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      await demandDone(await send('POST', '', { type, ...who }));
      await decideOnPhone(who);
      const id = (await accountOf(who)) ?? '';
      if (systems.length > 0) await demandDone(await send('PUT', `/${id}/systems`, { systems }));
      return { id, who };
    });
  }

  async function accountOf(who: TestPerson): Promise<string | undefined> {
    const [row] = await queryStore<{ id: string }>(
      data.folder,
      `select account.id from account join person on person.id = account.person_id
        where account.kind = 'handler' and person.id_number = '${who.idNumber}'`,
    );
    return row?.id;
  }

  await boss.proveName();
  await units.addPerson(unit.handler);
  const mainId = await units.addUnit(unit);
  return {
    ...{ data, outside, server, units, boss, mainId, holder },
    ...{ phoneOf, open, asMain, todoAbout, decideOnPhone, enabledHandler, accountOf },
    /** After each test. */
    async closePages(): Promise<void> {
      for (const page of pages.splice(0)) await page.context().close();
    },
    async close(): Promise<void> {
      await browser.close();
      await units.close();
      await server.close();
      await outside.close();
      data.remove();
    },
  };
}
export type UnitPages = Awaited<ReturnType<typeof openUnitPages>>;

async function demandDone(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** For looking at, where LUDENG_PICTURES names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (picturesFolder === undefined) return;
  mkdirSync(picturesFolder, { recursive: true });
  await page.screenshot({ path: `${picturesFolder}/${name}.png` });
}

export const masked = (mobile: string): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;
export const rowOf = (page: Page, name: string) => page.locator(`tr[data-handler="${name}"]`);
export const stateOf = (page: Page, name: string, state: string) =>
  rowOf(page, name).getByText(state, { exact: true });

export async function fillIn(page: Page, who: TestPerson, type?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (type !== undefined) await dialog.getByLabel('账号类型').selectOption({ label: type });
  await dialog.getByLabel('经办人姓名').fill(who.name);
  await dialog.getByLabel('经办人身份证号').fill(who.idNumber);
  await dialog.getByLabel('经办人手机号码').fill(who.mobile);
}

export async function addOnPage(page: Page, who: TestPerson, type = '普通经办人'): Promise<void> {
  await page.getByRole('button', { name: '添加经办人账号' }).click();
  await fillIn(page, who, type);
  await page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
}

/** True where the home page is shown, false where the entrance is. */
export async function seesHome(page: Page): Promise<boolean> {
  await page
    .getByText(/，您好/)
    .or(page.getByRole('heading', { name: /用户中心/ }))
    .first()
    .waitFor();
  return page.url().endsWith('/home');
}

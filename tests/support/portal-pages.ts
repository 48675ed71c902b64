/** A portal in a real browser before a real server, and accounts of units that may enter it. */
import { creditCodeCheck } from '#domain/fields/check-digits.ts';
import type { Assurance } from '#domain/accounts/assurance.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import type { Page } from 'playwright-core';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import type { ServerParts } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from '../integration/server-support.ts';
import { storeSettings } from './server-stores.ts';
import { openUnits } from './units.ts';

export const codeOf = (body: string): string => `${body}${creditCodeCheck(body)}`;
export const ownPassword = 'kT7-vume-Rado';

export interface PortalUnit {
  id: string;
  name: string;
  code: string;
}

/** Accounts of units beside a running server, which its own command opens, and what a browser of theirs asks. */
export async function openPortalBeside({ folder, url }: { folder: string; url: () => string }) {
  const units = await openUnits(folder);

  async function ask(method: string, path: string, cookie = '', body?: unknown) {
    const answer = await fetch(`${url()}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const told = (await answer.json()) as Record<string, unknown>;
    return {
      ...{ status: answer.status, told, code: told['code'] },
      cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '',
    };
  }

  /** Its main account, with a password of its own. */
  async function openUnit({ id, name, code }: PortalUnit): Promise<void> {
    const parsed = serverSettingsSchema.parse(testSettings(folder, await storeSettings(folder)));
    const said = await administer(parsed, [
      ...['account', 'organisation', id, '--name', name, '--credit-code', code],
    ]);
    const first = /密码 (\S+?)（/.exec(said)?.[1] ?? '';
    const { cookie } = await ask('POST', '/api/session', '', { account: id, password: first });
    await ask('PUT', '/api/session/password', cookie, { current: first, next: ownPassword });
  }
  let unitsOpened = 0;
  /** Each is another unit's, so that a second try finds nothing of the first. */
  async function openFreshUnit(): Promise<PortalUnit> {
    const serial = String((unitsOpened += 1)).padStart(3, '0');
    const fresh = {
      ...{ id: `fresh-${serial}`, name: `长沙芙蓉${serial}建设有限公司` },
      code: codeOf(`91430102MA4K00${serial}`),
    };
    await openUnit(fresh);
    return fresh;
  }
  const identityOf = ({ name, code: value }: PortalUnit) =>
    ({ kind: 'organisation', scheme: 'credit-code', value, name }) as const;

  return {
    ...{ units, ask, openUnit, openFreshUnit },
    withPassword: async ({ id }: PortalUnit): Promise<string> =>
      (await ask('POST', '/api/session', '', { account: id, password: ownPassword })).cookie,
    withProof: (unit: PortalUnit, way: Assurance[number]['way'], level: Assurance[number]['level']) =>
      units.signIn(unit.id, [{ way, level, identity: identityOf(unit), at: new Date().toISOString() }]),
    withKey: (unit: PortalUnit): Promise<string> => units.signInWithKey(unit.id, unit),
    tick: (account: string, programme: string) =>
      units.db
        .updateTable('account')
        .set({ permissions: JSON.stringify([systemPermission(programme)]) })
        .where('id', '=', account)
        .execute(),
    close: (): Promise<void> => units.close(),
  };
}

/** A server, and accounts of units that its own command opened. */
export async function openPortalServer(settings: Partial<ServerSettingsInput> = {}, parts: ServerParts = {}) {
  const data = makeDataFolder();
  const server = await startTestServer(data.folder, settings, parts);
  const beside = await openPortalBeside({ folder: data.folder, url: () => server.url });
  return {
    ...{ ...beside, data, server },
    async close(): Promise<void> {
      await beside.close();
      await server.close();
      data.remove();
    },
  };
}
export type PortalServer = Awaited<ReturnType<typeof openPortalServer>>;

/** The portal signed in by whoever holds the cookie. */
export async function enterPortal(page: Page, { url }: { url: string }, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  await page.context().addCookies([{ name, value, url }]);
}

/** From the bar above through the headings at the side to the page. */
export async function followMenu(page: Page, first: string, ...levels: string[]): Promise<void> {
  const bar = page.getByRole('navigation', { name: '导航菜单' });
  await bar.getByRole('button', { name: first, exact: true }).click();
  let level = page.getByRole('navigation', { name: '功能菜单' });
  for (const title of levels.slice(0, -1)) {
    const heading = level.locator('details').filter({
      has: page.locator('> summary', { hasText: new RegExp(`^\\s*${title}\\s*$`, 'u') }),
    });
    if ((await heading.first().getAttribute('open')) === null)
      await heading.first().locator('> summary').click();
    level = heading.first();
  }
  await level.getByRole('link', { name: levels.at(-1) ?? '', exact: true }).click();
}

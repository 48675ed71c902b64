/** Windows in which units register: each a browser of its own, closed after its test where tests do not share it. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { once } from './once.ts';
import { clerk } from './registration-office.ts';
import type { RegistrationOffice } from './registration-office.ts';
import { letter, openWalk, types } from './registration-walk.ts';
import type { TypeId, Walk } from './registration-walk.ts';

export type RegistrationForms = Awaited<ReturnType<typeof openRegistrationForms>>;

export async function openRegistrationForms({
  browser,
  office,
}: {
  browser: Browser;
  office: RegistrationOffice;
}) {
  const open: Walk[] = [];
  const kept: Walk[] = [];
  /** Stands for every paper that nobody reads. */
  const paper = await letter('授权委托书');

  async function begin(path?: string, { server } = office): Promise<Walk> {
    const walk = await openWalk(browser, server.url, path === undefined ? {} : { path });
    open.push(walk);
    return walk;
  }
  /** One that tests share: opened by the first that needs it. */
  const shared = (path: string): (() => Promise<Walk>) =>
    once(async () => {
      const walk = await openWalk(browser, office.server.url, { path });
      kept.push(walk);
      return walk;
    });
  const openedDesk = shared('/');
  return {
    paper,
    begin,
    typesPage: shared('/user-centre/register'),
    /** The department's, with its clerk signed in. */
    desk: once(async (): Promise<Page> => {
      const { page } = await openedDesk();
      await page.getByLabel('账号').fill(clerk.id);
      await page.getByLabel('密码', { exact: true }).fill(clerk.password);
      await page.getByRole('button', { name: '登录' }).click();
      await page.getByRole('tab', { name: '待审核' }).waitFor();
      return page;
    }),
    /** By the page of types and the notice, as far as the form. */
    async beginForm(type: TypeId, at = office): Promise<Walk> {
      const walk = await begin(undefined, at);
      await walk.choose(type);
      await walk.readNotice();
      return walk;
    },
    /** A form that somebody has left with these entries and all its papers. */
    async goOnWith(type: TypeId, values: Record<string, string>): Promise<Walk> {
      const walk = await begin('/user-centre/guide');
      await walk.takeUp(type, values, Object.fromEntries(types[type].papers.map((id) => [id, paper])));
      return walk;
    },
    /** After each test: what the pages complained about fails it. */
    async closeOpen(): Promise<void> {
      const complaints = [...open, ...kept].flatMap((walk) => walk.complaints.splice(0));
      for (const walk of open.splice(0)) await walk.close();
      expect(complaints).toEqual([]);
    },
  };
}

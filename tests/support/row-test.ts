/**
 * `test` for the rows of docs/requirements.md: one server, station and browser for all files of a worker, the applicant signed
 * in once as 投标人 (and another station of Hunan's programme, once a test asks for it), and for each test a browser context of its own that takes the session over, so that every test runs alone
 * (`-t`) and several beside each other (`test.concurrent`). A test leaves the station running, signed in, and as it found it
 * but for records of its own; whoever stops, unplugs or signs out starts a station of his own (whole-station.ts).
 */
import type { Browser, Page } from 'playwright-core';
import { test as base } from 'vitest';
import { createApplicant } from './applicant.ts';
import type { Applicant } from './applicant.ts';
import { startBrowser } from './browser.ts';
import { unnoted } from './walks.ts';
import { startWholeStation } from './whole-station.ts';
import type { WholeStation } from './whole-station.ts';

interface Kept {
  whole: WholeStation;
  /** Signed in as 单位. */
  hunan: WholeStation;
  /** Signed in. */
  applicant: Applicant;
  browser: Browser;
}
interface Own {
  /** The kiosk's page at 经营资质, with its menu. */
  page: Page;
  /** The page of Hunan's station at 单位资质. */
  hunanPage: Page;
}

/** In a browser context of its own, with the session of the station. */
const openAt = (browser: Browser, whole: WholeStation, section: string): Promise<Page> =>
  unnoted(async () => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
    await context.addCookies([{ name, value, url: whole.agent.url }]);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`${whole.agent.url}#/section/${section}`);
    await page.locator('nav.menu a[aria-current=page]').waitFor();
    return page;
  });

export const test = base.extend<{ $worker: Kept; $test: Own }>({
  whole: [
    async ({}, use) => {
      const whole = await unnoted(() => startWholeStation());
      await use(whole);
      await whole.close();
    },
    { scope: 'worker' },
  ],
  hunan: [
    async ({}, use) => {
      const programme = 'hunan-unified-registration';
      const whole = await unnoted(() => startWholeStation({ profile: { programme } }));
      await unnoted(() => createApplicant(() => whole).login('unit'));
      await use(whole);
      await whole.close();
    },
    { scope: 'worker' },
  ],
  applicant: [
    async ({ whole }, use) => {
      const applicant = createApplicant(() => whole);
      await unnoted(() => applicant.login());
      await use(applicant);
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({}, use) => {
      const browser = await unnoted(() => startBrowser());
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ whole, applicant, browser }, use) => {
    void applicant;
    const page = await openAt(browser, whole, 'qualifications');
    await use(page);
    await page.context().close();
  },
  hunanPage: async ({ hunan, browser }, use) => {
    const page = await openAt(browser, hunan, 'qualifications');
    await use(page);
    await page.context().close();
  },
});

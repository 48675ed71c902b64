/**
 * Begun at the portal, gone on with at the counter by the code, and back: two browsers before a real server and a real station.
 * The portal's page hears of it while it is open.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftCodeText } from '#domain/record/draft-code.ts';
import { startBrowser } from '#tests/support/browser.ts';
import {
  company,
  liaoning,
  otherCompany,
  startCounterWithPortal,
  teams,
} from '#tests/support/carried-drafts.ts';
import type { CounterWithPortal } from '#tests/support/carried-drafts.ts';
import { drawCodeFeed } from '#tests/support/code-feed.ts';
import { enterPortal } from '#tests/support/portal-pages.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { buildConsolePages, buildKioskPage } from '../../scripts/build-pages.ts';

const team = { programme: teams, kind: 'labour-team', role: 'labour-company' };
const folder = mkdtempSync(join(tmpdir(), 'ludeng-feed-'));
let at: CounterWithPortal;
let browser: Browser;
let portal: Page;
let kiosk: Page;
let key: string;
/** Shown to the camera from the beginning. */
let shown: string;
const complaints: string[] = [];

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'zh-CN' });
  await context.grantPermissions(['camera']);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  return page;
}

beforeAll(async () => {
  await buildConsolePages();
  await buildKioskPage();
  at = await startCounterWithPortal();
  key = await at.portal.withKey(company);
  shown = await draftWithCode('高拍仪班组');
  const cameraFeed = join(folder, 'code.mjpeg');
  writeFileSync(cameraFeed, await drawCodeFeed(draftCodeText(shown)));
  browser = await startBrowser({ cameraFeed });
  portal = await newPage();
  await enterPortal(portal, { url: at.whole.serverUrl() }, key);
  kiosk = await newPage();
  await kiosk.goto(at.whole.agent.openingUrl());
  await kiosk.locator('.token').first().or(kiosk.getByText('贵州省建筑劳务登记系统')).first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await at?.close();
  rmSync(folder, { recursive: true });
  expect(complaints).toEqual([]);
});

async function draftWithCode(teamName: string): Promise<string> {
  const draft = await at.begin(key, team);
  const form = { ...draft.form, teamName, leaderPhone: '13800138009' };
  const { answers, papers, revision } = draft;
  await at.ask('PUT', `/${teams}/drafts/${draft.id}`, key, { answers, papers, form, revision });
  return at.codeOf(key, teams, draft.id);
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const home = (programme: string): string => `${at.whole.serverUrl()}/portal/${programme}/home`;
const entry = (): ReturnType<Page['locator']> => kiosk.locator('[data-test=draft-code]');
async function toTeams(unit = company): Promise<void> {
  // a page that is open would hear of the end of the session before and go to its beginning
  await kiosk.goto('about:blank');
  await at.login(unit, team);
  await kiosk.goto(`${at.whole.agent.url}#/section/teams`);
  await button(kiosk, '打开网上草稿').waitFor();
}
/** As a scanner types it: the text, and Enter. */
async function enter(text: string): Promise<void> {
  await entry().waitFor();
  await expect.poll(() => entry().evaluate((element) => element === document.activeElement)).toBe(true);
  await entry().fill('');
  await kiosk.keyboard.type(text);
  await kiosk.keyboard.press('Enter');
}
const codeOnPage = async (): Promise<string> => {
  await portal.locator('[data-test=draft-code]').waitFor();
  return (await portal.locator('[data-test=draft-code]').innerText()).trim();
};

test('a kind of the counter is filled in at the portal first, names why it is handed in at the counter, and shows its code', async () => {
  await portal.goto(`${at.whole.serverUrl()}/portal/${liaoning}/role`);
  await portal.getByText('投标人', { exact: true }).click();
  await portal.getByRole('link', { name: '经营资质', exact: true }).click();
  const card = portal.locator('[data-kind=qualification-grade]');
  await card.getByText('材料须用UKey签章').waitFor();
  await picture(portal, 'carry-at-counter');
  await card.getByRole('button', { name: '先在网上填写' }).click();
  await portal.locator('#field-certificate-certificateNumber').fill('D221000001');
  await portal.locator('[data-test=saved]', { hasText: '已自动保存' }).waitFor();
  await portal.locator('[data-test=at-counter-only]').waitFor();
  expect(await button(portal, '提交').count()).toBe(0);
  expect(await portal.locator('input[type=file]').count()).toBe(0);
  await button(portal, '生成办理码').click();
  expect(await codeOnPage()).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/u);
  await portal.getByRole('img', { name: '办理码的二维码' }).waitFor();
  await portal.getByText('前有效，只能用一次').waitFor();
  await picture(portal, 'carry-code');
});

test('at the counter a wrong code is refused in place, the right one opens the draft with all values, and the portal’s open page says where it is', async () => {
  await portal.goto(`${home(teams)}/sections/teams`);
  await button(portal, '新增班组').click();
  await portal.locator('#field-teamName').fill('砌筑一班');
  await portal.locator('#field-leaderPhone').fill('13800138002');
  await button(portal, '生成办理码').click();
  const code = await codeOnPage();
  await toTeams();
  await button(kiosk, '打开网上草稿').click();
  await enter('22222-22222');
  await kiosk.getByText('没有这个办理码').waitFor();
  await picture(kiosk, 'carry-kiosk-wrong');
  await enter(draftCodeText(code.replace('-', '')));
  await kiosk.locator('[data-field=teamName] input').waitFor();
  expect(await kiosk.locator('[data-field=teamName] input').inputValue()).toBe('砌筑一班');
  await kiosk.locator('[data-test=carried]').waitFor();
  await picture(kiosk, 'carry-kiosk-open');
  // nothing was reloaded
  await portal.locator('[data-test=at-counter]').getByText('一号采集站').waitFor();
  expect(await portal.locator('#field-teamName').isEnabled()).toBe(false);
  expect(await button(portal, '提交').count()).toBe(0);
  await picture(portal, 'carry-away');
});

test('it is sent back with what was entered at the counter, and the portal’s open page has it at once', async () => {
  await kiosk.locator('[data-field=teamName] input').fill('砌筑二班');
  await button(kiosk, '送回网上').click();
  await kiosk.getByRole('dialog').getByRole('button', { name: '送回网上' }).click();
  await button(kiosk, '打开网上草稿').waitFor();
  await expect.poll(() => portal.locator('#field-teamName').inputValue()).toBe('砌筑二班');
  await portal.locator('[data-test=at-counter]').waitFor({ state: 'hidden' });
  await portal.locator('#field-leaderPhone').fill('13800138003');
  await button(portal, '提交').click();
  await portal.getByText('唯一标识码').waitFor();
});

test('the camera finds the code; used once, it says so; another company is told that the draft is not its own', async () => {
  await button(kiosk, '打开网上草稿').click();
  await button(kiosk, '用高拍仪扫描').click();
  await kiosk.locator('[data-field=teamName] input').waitFor();
  expect(await kiosk.locator('[data-field=teamName] input').inputValue()).toBe('高拍仪班组');
  await toTeams();
  await button(kiosk, '打开网上草稿').click();
  await enter(shown);
  await kiosk.getByText('办理码已经用过').waitFor();
  const own = await draftWithCode('外架班组');
  await toTeams(otherCompany);
  await button(kiosk, '打开网上草稿').click();
  await enter(own);
  await kiosk.getByText('这份草稿不是本单位的').waitFor();
  await picture(kiosk, 'carry-kiosk-another');
});

test('a draft that is fetched back at the portal is filled in there again', async () => {
  const code = await draftWithCode('幕墙班组');
  await portal.goto(`${home(teams)}/sections/teams`);
  await portal.locator('tbody tr', { hasText: '幕墙班组' }).getByRole('button', { name: '继续填写' }).click();
  await portal.locator('#field-teamName:enabled').waitFor();
  await at.login(company, team);
  await at.whole.station.call('openDraft', { body: { code } });
  await button(portal, '取回到网上填写').click();
  await portal.getByRole('dialog').getByRole('button', { name: '取回' }).click();
  await portal.locator('#field-teamName:enabled').waitFor();
  await button(portal, '提交').waitFor();
});

test('a list that is left open shows what is changed elsewhere without being asked', async () => {
  await portal.goto(`${home(teams)}/sections/teams`);
  await portal.locator('tbody tr', { hasText: '砌筑二班' }).getByText('已入库').waitFor();
  const rows = await at.ask<{ summary: { id: string; form: { teamName?: string } } }[]>(
    'GET',
    `/${teams}/records?kind=labour-team`,
    key,
  );
  const id = rows.told.find(({ summary }) => summary.form.teamName === '砌筑二班')?.summary.id ?? '';
  const draft = await at.ask<{ id: string; revision: number; form: object }>(
    'POST',
    `/${teams}/records/${id}/draft`,
    key,
  );
  const form = { ...draft.told.form, teamName: '砌筑三班' };
  const body = { answers: [], papers: {}, form, revision: draft.told.revision };
  await at.ask('PUT', `/${teams}/drafts/${draft.told.id}`, key, body);
  await at.ask('POST', `/${teams}/drafts/${draft.told.id}/handing-in`, key);
  await portal.locator('tbody tr', { hasText: '砌筑三班' }).getByText('已入库').waitFor();
  expect(await portal.locator('tbody tr', { hasText: '砌筑二班' }).count()).toBe(0);
});

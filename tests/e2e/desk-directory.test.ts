/** 账号查询, 登录会话, 日志 and masked numbers in a real browser: what an administrator and a reviewer do with them. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { openPage } from '#tests/support/desk-browser.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { queryStore } from '#tests/support/server-stores.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from '../integration/server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  startTestServer,
} from '../integration/server-support.ts';

const password = 'kT7-vume-Rado';
const idNumber = '530102199001011231';
const mobile = '13812345678';
const data = makeDataFolder();
const catalogue = makeCatalogue({
  byHand: { form: [{ id: 'idNumber', label: '身份证号', kind: 'id-number', required: true }] },
});
let server: RunningServer;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  await buildConsolePages();
  const account = { password, department: '房建处' };
  server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      accounts: [
        { ...account, id: 'li', name: '李审核', permissions: ['review'] },
        { ...account, id: 'chief', name: '王处', permissions: ['accounts'] },
      ],
    },
    { catalogue },
  );
  await pushCase();
  const { db, close } = await openStore({ folder: data.folder, beside: true });
  await db
    .updateTable('person')
    .set({ mobile, id_number: idNumber })
    .where('id', 'in', (eb) => eb.selectFrom('account').select('person_id').where('account.id', '=', 'li'))
    .execute();
  await close();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  data.remove();
});
beforeEach(async () => {
  ({ page, complaints } = await openPage(browser, server.url));
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function pushCase(): Promise<void> {
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  const submission = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: 1, form: { idNumber } },
  });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { item, pushId } = makePush(2, submission.record.id, 'housing');
  await station.commit(item.commit);
  await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  station.close();
}
async function signIn(account: string): Promise<void> {
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '退出' }).waitFor();
}
const shot = (name: string): Promise<void> => screenshot(page, name);
/** Of somebody else, in another browser. */
async function apiSession(account: string) {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'the browser of li' },
    body: JSON.stringify({ account, password }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const isIn = async () => (await fetch(`${server.url}/api/session`, { headers: { cookie } })).status === 200;
  return { status: answer.status, isIn };
}

test('an administrator finds an account by the mobile’s last digits, freezes it with a reason that its owner reads, and thaws it', async () => {
  const li = await apiSession('li');
  await signIn('chief');
  await page.getByRole('link', { name: '账号查询' }).click();
  // the page before it has a box to search in as well
  await page.getByRole('heading', { name: '账号查询' }).waitFor();
  await page.getByRole('searchbox').fill('5678');
  const row = page.locator('[data-account=li]');
  await row.waitFor();
  await page.locator('[data-account=chief]').waitFor({ state: 'detached' });
  expect(await row.innerText()).toContain('138****5678');

  await row.getByRole('button', { name: '冻结' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '冻结' }).click();
  expect(await dialog.getByRole('alert').innerText()).toContain('请填写原因');
  await dialog.getByLabel('冻结原因').fill('涉嫌借用账号');
  await dialog.getByLabel('内部说明').fill('举报 12 号');
  await shot('directory-freezing');
  await dialog.getByRole('button', { name: '冻结' }).click();
  await page.getByText('李审核 的账号已冻结').waitFor();
  expect(await row.innerText()).toContain('涉嫌借用账号');
  await shot('directory');
  expect(await li.isIn()).toBe(false);

  const { page: other } = await openPage(browser, server.url);
  await other.getByLabel('账号').fill('li');
  await other.getByLabel('密码', { exact: true }).fill(password);
  await other.getByRole('button', { name: '登录' }).click();
  const told = other.getByRole('alert');
  await told.waitFor();
  expect(await told.innerText()).toContain('冻结原因：涉嫌借用账号');
  expect(await told.innerText()).not.toContain('举报');
  await other.close();

  await row.getByRole('button', { name: '解冻' }).click();
  await dialog.getByLabel('解冻原因').fill('核查无误');
  await dialog.getByRole('button', { name: '解冻' }).click();
  await page.getByText('李审核 的账号已解冻').waitFor();
  expect((await apiSession('li')).status).toBe(200);
});

test('an administrator sees where an account is signed in, and ends it; one’s own sessions are a page of everybody', async () => {
  const li = await apiSession('li');
  await signIn('chief');
  await page.getByRole('link', { name: '账号查询' }).click();
  await page.locator('[data-account=li]').getByRole('link', { name: '登录会话' }).click();
  const rows = page.locator('[data-session]');
  const mine = rows.filter({ has: page.getByTitle('the browser of li') }).first();
  await mine.waitFor();
  expect(await mine.innerText()).toContain('账号密码登录');
  await shot('sessions');
  const before = await rows.count();
  await mine.getByRole('button', { name: '结束' }).click();
  await page.locator('[data-test=accept]').click();
  await expect.poll(() => rows.count()).toBe(before - 1);
  expect(await li.isIn()).toBe(false);

  await page.getByRole('link', { name: '登录会话', exact: true }).click();
  await page.getByRole('heading', { name: '我的登录会话' }).waitFor();
  await page.getByText('本次登录').waitFor();
});

test('the log shows logins, operations and unmaskings, and that its chain is whole; altered, it names the line', async () => {
  await signIn('chief');
  await page.getByRole('link', { name: '日志' }).click();
  await page.locator('[data-line]').first().waitFor();
  await page.getByLabel('账号').fill('chief');
  await page.locator('[data-line]').filter({ hasText: '李审核' }).first().waitFor({ state: 'detached' });
  expect(await page.locator('[data-line]').first().innerText()).toContain('登录');
  await page.getByRole('button', { name: '现在核对' }).click();
  await page.getByText('全部核对，完好').waitFor();
  await page.getByRole('button', { name: '操作日志' }).click();
  await page.locator('[data-line]').filter({ hasText: '冻结账号' }).first().waitFor();
  await shot('logs');
  const [line] = await queryStore<{ number: number }>(
    data.folder,
    `select number from log_line where action = 'account-frozen'`,
  );
  const { db, close } = await openStore({ folder: data.folder, beside: true });
  const at = { number: line?.number ?? 0 };
  const alter = (detail: string) =>
    db.updateTable('log_line').set({ detail }).where('number', '=', at.number).execute();
  await alter('别的原因');
  await page.getByRole('button', { name: '现在核对' }).click();
  await page.getByText(`第 ${at.number} 行被改写`).waitFor();
  await shot('logs-altered');
  await alter('涉嫌借用账号（举报 12 号）');
  await close();
});

test('a reviewer sees a person’s number masked, and whole after saying why', async () => {
  await signIn('li');
  await page.locator('a[href^="/cases/"]').first().click();
  await page.getByRole('tab', { name: '申报信息' }).click();
  await page.getByText('530102********1231').waitFor();
  expect(await page.content()).not.toContain(idNumber);
  await page.getByRole('button', { name: '查看身份证号' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('查看原因').fill('与证件核对');
  await shot('unmasking');
  await dialog.getByRole('button', { name: '查看并记入日志' }).click();
  await page.getByText(idNumber).waitFor();
  const lines = await queryStore<{ detail: string }>(
    data.folder,
    `select detail from log_line where kind = 'unmask'`,
  );
  expect(lines).toEqual([{ detail: 'idNumber：与证件核对' }]);
});

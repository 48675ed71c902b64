/** What becomes of a registration: confirmed on the phone, reviewed at the desk, approved or refused, taken up again. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { makePerson } from '#tests/support/people.ts';
import type { Phone, Someone } from '#tests/support/phone.ts';
import { openRegistrationForms } from '#tests/support/registration-forms.ts';
import type { RegistrationForms } from '#tests/support/registration-forms.ts';
import { startRegistrationOffice } from '#tests/support/registration-office.ts';
import type { RegistrationOffice } from '#tests/support/registration-office.ts';
import { entriesOf, makeUnit, types } from '#tests/support/registration-walk.ts';
import type { TypeId, Unit, Walk } from '#tests/support/registration-walk.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

let office: RegistrationOffice;
let browser: Browser;
let forms: RegistrationForms;

beforeAll(async () => {
  await buildConsolePages();
  office = await startRegistrationOffice();
  browser = await startBrowser();
  forms = await openRegistrationForms({ browser, office });
  for (const { boss } of Object.values(types)) await office.phoneOf(boss);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await office?.close();
});
afterEach(() => forms.closeOpen());

interface Filed {
  walk: Walk;
  unit: Unit;
  caseId: string;
  entries: Record<string, string>;
  /** Of the main handler, and of the person named. */
  handler: Someone;
  phone: Phone;
  confirmer: Phone;
}
/** Filed: the page that waits is open. */
async function fileOne(type: TypeId): Promise<Filed> {
  const unit = await makeUnit(office);
  const handler = makePerson('张新');
  const phone = await office.phoneOf(handler);
  // a group is known by whoever answers for it: each registration needs another one
  const boss = type === 'group-or-person' ? makePerson('刀新') : types[type].boss;
  const confirmer = await office.phoneOf(boss);
  const entries = entriesOf(type, unit, { handler, boss });
  const walk = await forms.goOnWith(type, entries);
  await walk.submit();
  await walk.state('filed').waitFor();
  const { id: caseId } = await office.caseOf(unit.unitName);
  return { walk, unit, caseId, entries, handler, phone, confirmer };
}

async function decideAtDesk(unit: Unit, decision: 'approve' | 'refuse', opinion = ''): Promise<Page> {
  const page = await forms.desk();
  await page.goto(`${office.server.url}/`);
  await page.getByRole('row').filter({ hasText: unit.unitName }).getByRole('link').first().click();
  // the department may do either
  for (const either of ['approve', 'refuse']) await page.locator(`[data-decision="${either}"]`).waitFor();
  if (opinion !== '') await page.locator('textarea').fill(opinion);
  await page.locator(`[data-decision="${decision}"]`).click();
  await page.locator('[data-test=accept]').click();
  await page.locator('[data-test=decided]').waitFor();
  return page;
}

describe.each<[TypeId, Record<'submitted' | 'waiting' | 'refused', string>]>([
  [
    'enterprise',
    {
      submitted: 'YNU-021 YNU-039 YNU-040 YNU-041',
      waiting: 'YNU-009 YNU-049 YNU-050 YNU-051 YNU-052 YNU-093 YNQ-006',
      refused: 'YNU-049 YNU-055 YNU-056',
    },
  ],
  [
    'public-body',
    {
      submitted: 'YNU-023 YNU-063 YNU-064 YNU-065',
      waiting: 'YNU-069 YNU-128 YNU-130',
      refused: 'YNU-069 YNU-072',
    },
  ],
  [
    'group-or-person',
    { submitted: 'YNU-025 YNU-080 YNU-081', waiting: 'YNU-085 YNU-129 YNU-131', refused: 'YNU-086 YNU-087' },
  ],
])('%s', (type, rows) => {
  test(`${rows.submitted} ${rows.waiting} is filed, confirmed on the phone, reviewed at the desk and registered, and its main handler signs in`, async () => {
    const { walk, unit, caseId, handler, phone, confirmer } = await fileOne(type);
    expect(new URL(walk.page.url()).pathname).toBe('/user-centre/register/confirmation');
    await walk.page
      .getByRole('heading', { name: `${types[type].confirmer}确认`, exact: true, level: 1 })
      .waitFor();
    await walk.shot(`registration-filed-${type}`);
    const todos = await confirmer.todos();
    expect(todos.filter(({ id }) => id === caseId).map(({ title }) => title)).toEqual([
      '统一用户中心用户注册确认',
    ]);
    const staff = await office.signIn();
    const early = await office.decide(staff, caseId, { step: 'review', decision: 'approve' });
    expect(early.body['code']).toBe('CONFIRMATION_MISSING');

    await confirmer.confirm(caseId);
    await walk.state('under-review').waitFor();
    const text = await walk.state('under-review').innerText();
    expect(text).toContain('待主管部门审核');
    expect(text).toContain('请耐心等待结果');
    expect(await walk.state('under-review').getByRole('button').count()).toBe(0);
    await walk.shot(`registration-review-${type}`);
    // nobody signs in before it is registered
    expect((await phone.scan()).accounts).toEqual([]);

    const page = await decideAtDesk(unit, 'approve');
    expect(await page.locator('[data-test=in-person]').innerText()).toContain('本人');
    await walk.state('approved').waitFor();
    expect(await walk.state('approved').innerText()).toMatch(/注册成功[\s\S]*扫一扫/);
    await walk.shot(`registration-approved-${type}`);
    const shown = codeShown(walk);
    await walk.page.getByRole('link', { name: '去登录' }).click();
    await scan(phone, await shown, unit);
    await walk.page.waitForURL('**/user-centre/home');
    await walk.page.getByText(`${handler.name}，您好`).waitFor();
    expect(await walk.page.locator('.who').innerText()).toContain(`主账号 · ${types[type].title}`);
  });

  test(`${rows.refused} a rejection goes back to the types with everything typed, also on another computer after a scan`, async () => {
    const { walk, unit, caseId, entries, phone, confirmer } = await fileOne(type);
    await confirmer.confirm(caseId);
    await walk.state('under-review').waitFor();
    await decideAtDesk(unit, 'refuse', '授权委托书没有盖章');
    await walk.state('refused').waitFor();
    expect(await walk.state('refused').innerText()).toContain('注册失败');
    expect(await walk.page.locator('[data-test=opinion]').innerText()).toBe('授权委托书没有盖章');
    await walk.shot(`registration-refused-${type}`);

    const elsewhere = await forms.begin();
    const shown = codeShown(elsewhere);
    await elsewhere.page.getByRole('link', { name: '扫码继续办理' }).click();
    await elsewhere.shot(`registration-resume-${type}`);
    await scan(phone, await shown);
    await elsewhere.state('refused').waitFor();
    await elsewhere.page.getByRole('button', { name: '重新选择账号类型' }).click();
    await elsewhere.page.getByRole('heading', { name: '请选择注册的帐号类型' }).waitFor();
    await elsewhere.choose(type);
    await elsewhere.readNotice();
    for (const id of ['representativeId', 'handlerId'])
      expect(await elsewhere.entry(id).locator('.input').inputValue()).toBe(entries[id]);
    expect(await elsewhere.slot('authorisation').locator('[data-file]').count()).toBe(1);
    await elsewhere.submit();
    await elsewhere.state('filed').waitFor();
  });
});

test('a legal person who does not answer is reminded by a message, and the registration can be taken back, changed and filed anew', async () => {
  const { walk, entries, caseId, confirmer } = await fileOne('enterprise');
  await walk.page.getByRole('button', { name: '提醒法人' }).click();
  await walk.page.getByText('已发送短信提醒').waitFor();
  const message = await office.sandbox.sms.last(types.enterprise.boss.mobile);
  expect(message?.text).toContain('等待您本人确认');
  await walk.page.getByRole('button', { name: '撤回修改' }).click();
  await walk.page.locator('[data-test=accept]').click();
  await walk.readNotice();
  expect((await confirmer.todos()).map(({ id }) => id)).not.toContain(caseId);
  expect(await walk.entry('handlerId').locator('.input').inputValue()).toBe(entries['handlerId']);
  await walk.submit();
  await walk.state('filed').waitFor();
});

/** What the next code of that page leads to. */
const codeShown = async ({ page }: Walk): Promise<string> => {
  const made = await page.waitForResponse((answer) => answer.url().endsWith('/api/login-tickets'));
  return ((await made.json()) as { path: string }).path;
};
/** The main handler scans the code on the screen with his phone and says yes; as which unit, where he signs in. */
async function scan(phone: Phone, path: string, unit?: Unit): Promise<void> {
  const ticket = new URL(path, office.server.url).searchParams.get('t') ?? '';
  const { accounts } = await phone.ask(loginTicketRoutes.scanTicket, { body: { ticket } });
  // approved, the main handler has the unit's main account
  if (unit) expect(accounts).toMatchObject([{ unit: unit.unitName, kind: 'main' }]);
  const choice = unit && accounts[0] ? { account: accounts[0].id } : {};
  await phone.ask(loginTicketRoutes.chooseByTicket, { body: { ticket, ...choice } });
}

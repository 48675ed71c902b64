/**
 * A person without any key registers a unit at the counter: card, type of account, notice, papers that fill the form, 提交, what
 * becomes of it; and the same by the hand of the staff. Real browser, agent, server; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import {
  cardHolder,
  createCounterApplicant,
  mainHandler,
  makeCounterUnit,
  plainPicture,
  proveNames,
  registerUnit,
  registrationForm,
  registrationProgramme as programme,
} from '#tests/support/counter-registration.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { demoLicence, drawBusinessLicence } from '#tests/support/documents.ts';
import { once } from '#tests/support/once.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { createPhone } from '#tests/support/phone.ts';
import { photograph } from '#tests/support/photograph.ts';
import { blurred } from '#tests/support/registration-walk.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const office = { companyName: '昆明市政务服务中心', creditCode: '12530100431204567A' };
const readsMs = 60_000;
let services: TestOutsideServices;
let whole: WholeStation;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  services = await startOutsideServices();
  whole = await startWholeStation({
    otherHolders: [{ ...office, personName: '赵帮办', label: '帮办UKey', pin: demoPin }],
    profile: { programme, assistants: [{ creditCode: office.creditCode }] },
    serverSettings: { services: services.settings },
  });
  await registerUnit(services);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
  await services?.close();
});

const shot = (name: string) =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/counter-registration-${name}.png` })
    : Promise.resolve();
const typeCard = (id: string) => page.locator(`[data-account-type=${id}]`);
const field = (id: string) => page.locator(`[data-field=${id}]`);
const inputOf = (id: string) => field(id).locator('input, textarea').first();
const attachment = (id: string) => page.locator(`[data-attachment=${id}]`);
const upload = (id: string, name: string, buffer: Uint8Array) =>
  attachment(id)
    .locator('input[type=file]')
    .setInputFiles({
      name,
      mimeType: name.endsWith('.pdf') ? 'application/pdf' : 'image/jpeg',
      buffer: Buffer.from(buffer),
    });
const opened = async (): Promise<void> => {
  await page.goto(whole.agent.openingUrl());
  await page.locator('[data-test=by-card]').waitFor();
};
async function leave(): Promise<void> {
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByRole('button', { name: '退出并清除' }).click();
  await page.locator('[data-test=by-card]').waitFor();
}
/** By the card to the page of types, which is left at once by whoever goes on. */
const signedIn = once(async () => {
  await opened();
  await shot('ways');
  await page.locator('[data-test=by-card]').click();
  await page.getByText('请将本人身份证平放在读卡区').waitFor();
  await shot('card');
  await page.getByText('请选择注册的帐号类型').waitFor();
  await shot('types');
  return {
    titles: await page.locator('[data-account-type] strong').allTextContents(),
    precondition: await page.getByTestId('precondition').textContent(),
    enterprise: await typeCard('enterprise').textContent(),
    group: await typeCard('group-or-person').textContent(),
  };
});
test('YNU-018 YNU-010 by the card alone the page offers the three types of account, with what must be done before', async () => {
  const { titles, precondition } = await signedIn();
  expect(titles).toEqual(['企业', '事业单位、政府、机构', '团体、个人及其他']);
  expect(precondition).toContain('须先在“云南建管”小程序完成实名认证');
});
test('YNU-024 团体、个人 says that both sides of the responsible person’s ID card must be uploaded', async () => {
  expect((await signedIn()).group).toContain('须上传负责人身份证正反面');
});

const begun = once(async () => {
  const { enterprise } = await signedIn();
  await typeCard('enterprise').click();
  await page.getByRole('button', { name: '新增' }).click();
  const openedAt = performance.now();
  const known = page.locator('[data-test=notice-known]');
  await known.waitFor();
  const wasOpen = await known.isEnabled();
  await shot('notice');
  await page.getByRole('button', { name: '我知道了', exact: true }).click();
  const openMs = performance.now() - openedAt;
  await known.waitFor({ state: 'detached' });
  await shot('form');
  return { enterprise, wasOpen, openMs };
});
test('YNU-026 企业 is for 普通企业、建设单位、招标项目负责人等 and leads to the enterprise’s basic information alone', async () => {
  expect((await begun()).enterprise).toContain('普通企业、建设单位、招标项目负责人等');
  await page.getByRole('heading', { name: '企业主账号注册' }).waitFor();
  for (const id of Object.keys(registrationForm)) expect(await field(id).count()).toBe(1);
});
test('YNU-027 YNU-028 YNU-029 账号注册说明 opens by itself and closes with 我知道了 after five seconds, no sooner', async () => {
  const { wasOpen, openMs } = await begun();
  expect(wasOpen).toBe(false);
  expect(openMs).toBeGreaterThan(4_500);
});

const read = once(async () => {
  await begun();
  const { jpeg } = await photograph(await drawBusinessLicence(demoLicence), { seed: 7 });
  await upload('licence', '营业执照.jpg', jpeg);
  await attachment('licence')
    .getByTestId('was-read')
    .or(attachment('licence').getByTestId('reading-note'))
    .first()
    .waitFor({ timeout: readsMs });
  await shot('read');
});
test('YNU-031 the licence is read into the form by itself, and what was read is marked so', async () => {
  await read();
  expect(await inputOf('unitName').inputValue()).toBe(demoLicence.companyName);
  expect(await inputOf('creditCode').inputValue()).toBe(demoLicence.creditCode);
  expect(await inputOf('representative').inputValue()).toBe(demoLicence.legalRepresentative);
  expect(await field('unitName').getByTestId('read').count()).toBe(1);
  expect(await field('handler').getByTestId('read').count()).toBe(0);
});
/** Nothing lies there, whatever an earlier picture was. */
async function emptied(id: string): Promise<void> {
  const remove = attachment(id).getByRole('button', { name: /^删除/ });
  if ((await remove.count()) === 0) return;
  await remove.click();
  await page.locator('[data-test=accept]').click();
  await remove.waitFor({ state: 'detached' });
}
test('YNU-030 an unclear picture and one on which nothing stands are told, and the form stays as it is', async () => {
  await read();
  expect(await attachment('licence').innerText()).toContain('请确保营业执照图片清晰');
  const before = await inputOf('unitName').inputValue();
  await emptied('licence');
  const { jpeg } = await photograph(await drawBusinessLicence(demoLicence), { seed: 7 });
  await upload('licence', '模糊.jpg', await blurred(jpeg));
  await attachment('licence').getByTestId('reading-note').getByText('画面模糊').waitFor({ timeout: readsMs });
  await shot('unclear');
  await emptied('licence');
  await upload('licence', '白纸.png', await plainPicture('#f7f7f7'));
  await attachment('licence').locator('[data-code^=PAGE_]').waitFor({ timeout: readsMs });
  expect(await inputOf('unitName').inputValue()).toBe(before);
});
test('YNU-038 授权委托书 and 承诺书 in another format than a picture are refused', async () => {
  await read();
  for (const [id, title] of [
    ['authorisation', '授权委托书'],
    ['commitment', '承诺书'],
  ] as const) {
    await upload(id, `${title}.pdf`, new TextEncoder().encode('%PDF-1.7\n%%EOF\n'));
    await attachment(id).locator('[data-code=ATTACHMENT_UNSUPPORTED]').waitFor();
    expect(await attachment(id).locator('.file').count()).toBe(0);
  }
});

const corrected = once(async () => {
  await read();
  const byHand = { ...registrationForm, businessScope: `${demoLicence.businessScope}` };
  for (const [id, value] of Object.entries(byHand)) {
    if (id === 'establishedOn') continue;
    await inputOf(id).fill(value);
    await inputOf(id).blur();
  }
});
test('YNU-032 a value that was read is corrected by hand, and stands as it was typed', async () => {
  await corrected();
  await inputOf('address').fill('沈阳市另一条街1号');
  await inputOf('address').blur();
  await page.getByText('已自动保存').waitFor();
  expect(await field('address').getByTestId('read').count()).toBe(0);
  await inputOf('address').fill(demoLicence.address);
  await inputOf('address').blur();
});

const handedIn = once(async () => {
  await corrected();
  await proveNames(whole, [cardHolder, mainHandler]);
  for (const [id, colour] of [
    ['authorisation', '#eeeeee'],
    ['commitment', '#dddddd'],
  ] as const)
    await upload(id, `${id}.png`, await plainPicture(colour));
  await attachment('commitment').locator('.file').waitFor();
  await page.locator('.submit').getByRole('button', { name: '提交' }).click();
  await shot('ask');
  await page.locator('[data-test=accept]').click();
  await page.locator('[data-case-state=open]').waitFor({ timeout: readsMs });
  await shot('waiting');
});
test('YNU-051 after 提交 the page shows 待法人确认 and that nothing needs to be done', async () => {
  await handedIn();
  const state = page.locator('[data-case-state=open]');
  expect(await state.locator('strong').textContent()).toBe('待法人确认');
  expect(await state.textContent()).toContain('请耐心等待结果');
});
const withdrawn = once(async () => {
  await handedIn();
  await page.locator('[data-test=withdraw]').click();
  await page.locator('[data-test=accept]').click();
});
test('撤回 ends it, and the types of account are there again', async () => {
  await withdrawn();
  await page.locator('[data-case-state=withdrawn]').waitFor();
  await shot('withdrawn');
  await page.getByRole('button', { name: '重新注册' }).click();
  await page.getByText('请选择注册的帐号类型').waitFor();
});

/** The phone of the legal person. */
const confirmer = once(async () => {
  const phone = createPhone(whole.serverUrl(), services, cardHolder);
  await phone.proveName();
  return phone;
});
const rowOf = (id: string) => page.locator('tbody tr', { has: page.locator(`a[href$="/record/${id}"]`) });
/**
 * Another unit handed in by the same person, without a walk through the form; its line in the list follows what the phone
 * confirms, and its page is open then. Each try has a unit and a main handler of its own.
 */
async function confirmedAnew() {
  await withdrawn();
  const { form, handler } = await makeCounterUnit(services);
  await proveNames(whole, [handler]);
  const applicant = createCounterApplicant(() => whole);
  const { id } = await applicant.begin();
  await applicant.fill(id, form);
  await applicant.attachAll(id);
  await applicant.submit(id);
  const { cases = [] } = await applicant.until(
    id,
    'its case is told',
    ({ cases: told }) => told !== undefined,
  );
  // within the page: another opening would end the session
  await page.evaluate(() => void (window.location.hash = '#/role'));
  await typeCard('enterprise').click();
  await rowOf(id).getByText('待法人确认').waitFor();
  await (await confirmer()).confirm(cases[0]?.id ?? '');
  await rowOf(id).getByText('待主管部门审核').waitFor();
  await rowOf(id).getByRole('link', { name: '查看' }).click();
  const state = page.locator('[data-case-state=open]');
  await state.getByText('待主管部门审核').waitFor();
  // nothing to be done but to wait
  expect(await state.textContent()).toContain('请耐心等待结果');
  return { id, handler, unit: form['unitName'] };
}
async function decideAtDesk(id: string, decision: 'approve' | 'refuse', opinion: string): Promise<void> {
  const desk = await signInAtDesk(whole.serverUrl());
  await desk.decide(await desk.caseOf(id), decision, opinion);
}
test('YNU-049 YNU-051 YNU-055 refused by the department, the page says 注册失败 with the reason by itself, and leads back to the types', async () => {
  const { id } = await confirmedAnew();
  await decideAtDesk(id, 'refuse', '授权委托书没有盖章');
  const state = page.locator('[data-case-state=refused]');
  await state.getByText('注册失败').waitFor();
  expect(await state.textContent()).toContain('授权委托书没有盖章');
  await shot('refused');
  await page.getByRole('button', { name: '重新注册' }).click();
  await page.getByText('请选择注册的帐号类型').waitFor();
});
test('YNU-049 YNU-052 approved, the page says 注册成功 by itself, and the main handler has the account', async () => {
  const { id, handler, unit } = await confirmedAnew();
  const phone = createPhone(whole.serverUrl(), services, handler);
  await phone.proveName();
  expect((await phone.scan()).accounts).toEqual([]);
  await decideAtDesk(id, 'approve', '');
  await page.locator('[data-case-state=approved]').getByText('注册成功').waitFor();
  await shot('approved');
  expect(await page.getByRole('button', { name: '重新注册' }).count()).toBe(0);
  expect((await phone.scan()).accounts).toMatchObject([{ kind: 'main', unit }]);
});
test('帮办代办: what is consented to is read first, and 赵帮办（代王建国） stands on every page until the end', async () => {
  await withdrawn();
  await opened();
  await page.locator('[data-test=assisted]').click();
  await page.locator('.token', { hasText: '赵帮办' }).click();
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(demoPin);
  await page.keyboard.press('Enter');
  expect(await page.getByTestId('consent').textContent()).toContain('昆明市政务服务中心 的 赵帮办 代我');
  await shot('consent');
  await page.locator('[data-test=agree]').click();
  const acting = page.getByTestId('acting');
  await acting.getByText(`赵帮办（代${cardHolder.name}）办理`).waitFor();
  await typeCard('enterprise').click();
  await page.getByRole('button', { name: '新增' }).waitFor();
  await shot('assisted');
  expect(await acting.isVisible()).toBe(true);
  // what the person entered before is there to be opened
  await page.locator('tbody tr', { hasText: '已撤回' }).getByRole('link', { name: '查看' }).click();
  await page.locator('[data-case-state=withdrawn]').waitFor();
  expect(await acting.isVisible()).toBe(true);
  await leave();
  expect(await acting.count()).toBe(0);
});

/**
 * What a company has once, at two counters: a month's paper (LNC-170, LNC-171), and the basic information, which 修改 carries on
 * with all that it holds. Real browser, two real stations; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant, licenceValues } from '#tests/support/applicant.ts';
import type { Applicant } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { bringPaper, fillForm, readCard, storeBasicInfo, submitAndStore } from '#tests/support/basic-info.ts';
import { answer, button, heads, open, row, texts } from '#tests/support/counter-walk.ts';
import { demoLicence, drawBusinessLicence, drawLabelledPaper } from '#tests/support/documents.ts';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let line: LineProxy;
let other: Awaited<ReturnType<WholeStation['startNeighbour']>>;
let browser: Browser;
let page: Page;
let atFirst: Applicant;
let atSecond: Applicant;

beforeAll(async () => {
  whole = await startWholeStation({ enrolmentCode: 'code-of-both-stations' });
  line = await startLineProxy({ targetPort: Number(new URL(whole.serverUrl()).port) });
  other = await whole.startNeighbour({
    stationId: 'station-2',
    stationName: '二号采集站',
    serverUrl: line.url,
  });
  atFirst = createApplicant(() => whole);
  atSecond = createApplicant(() => ({ ...whole, station: other.station }));
  await atFirst.login();
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name, value, url: whole.agent.url }]);
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
});
/** Each test begins at the menu, with nothing open over it that another left. */
beforeEach(async () => {
  line.mend();
  await page.goto('about:blank');
  await page.goto(`${whole.agent.url}#/section/management`);
});
afterAll(async () => {
  await browser?.close();
  await other?.agent.close();
  await line?.close();
  await whole?.close();
});

/** What no try before had. */
let lastYear = 2016;
let lastPhone = 8008;
const freshYear = (): number => (lastYear += 1);
const freshPhone = (): string => `1380013${(lastPhone += 1)}`;

const taxPaper = (month: string) =>
  drawLabelledPaper({
    title: '税收完税证明',
    lines: [
      ['纳税人名称', demoLicence.companyName],
      ['纳税人识别号', demoLicence.creditCode],
      ['税款所属时期', `${month}-01至${month}-28`],
      ['金额合计', '¥128,450.00'],
      ['票证号码', '321015250600012345'],
      ['填发日期', '2025年07月08日'],
      ['税务机关', '国家税务总局沈阳市浑南区税务局'],
    ],
    authority: '国家税务总局沈阳市浑南区税务局',
  });

/** From the month to 保存, at that counter. */
async function savedMonth(applicant: Applicant, at: WholeStation['station'], month: string): Promise<string> {
  const { id } = await at.call('createRecord', { body: { kind: 'tax-payment', answers: { month } } });
  await bringPaper(applicant, { id, slot: 'certificate', paper: await taxPaper(month) });
  return id;
}

test.each([
  ['LNC-170', '税收完税证明（月度）', '增加税收完税证明'],
  ['LNC-171', '缴纳社保凭证（月度）', '增加缴纳社保凭证'],
])(
  '%s the month is chosen and not typed, and a month that has a record takes no second one',
  async (_row, part, add) => {
    const year = freshYear();
    await open(page, '经营管理信息', part);
    await button(page, add).click();
    const month = page.getByRole('dialog').locator('[data-field=month]');
    await month.waitFor();
    expect(await month.locator('input').getAttribute('readonly')).not.toBeNull();
    await answer(page, { month: `${year}年3月` });
    await page.locator('.halves.fixed').waitFor();
    await open(page, '经营管理信息', part);
    await page.getByRole('cell', { name: `${year}年3月`, exact: true }).waitFor();

    await button(page, add).click();
    await answer(page, { month: `${year}年3月` });
    await page.locator('[data-code=RECORD_REPEATED]', { hasText: `${part} ${year}年3月` }).waitFor();
    expect(await page.getByRole('cell', { name: `${year}年3月`, exact: true }).count()).toBe(1);
    // another month is another record
    await button(page, add).click();
    await answer(page, { month: `${year}年4月` });
    await page.locator('.halves.fixed').waitFor();
  },
);

test('LNC-170 a month that another counter was first with is refused by the server, and what was entered stays', async () => {
  const month = `${freshYear()}-05`;
  await atSecond.login();
  line.block();
  const second = await savedMonth(atSecond, other.station, month);
  await atSecond.submit(second);
  const first = await savedMonth(atFirst, whole.station, month);
  await atFirst.submit(first);
  await eventually('the first is stored', async () =>
    (await atFirst.record(first)).state === 'stored' ? true : undefined,
  );
  line.mend();
  const refused = await eventually(
    'the second is refused',
    async () => {
      const found = await atSecond.record(second);
      return found.state === 'rejected' ? found : undefined;
    },
    60_000,
  );
  expect(refused.rejection?.code).toBe('RECORD_REPEATED');
  expect(refused.rejection?.message).toContain(`税收完税证明（月度） ${month.slice(0, 4)}年5月`);
  expect(refused.materials[0]?.values['total']).toBe('128450');
});

const listed = (text: string) => page.locator('tbody tr', { hasText: text });
const draftsOf = async (of: string): Promise<string[]> =>
  (await whole.station.call('records'))
    .filter(({ kind, state }) => kind === of && state !== 'stored' && state !== 'superseded')
    .map(({ id }) => id);
/** What stands of 企业基本信息, with no change of it begun. */
async function basicInfo(): Promise<LudengRecord> {
  for (const id of await draftsOf('basic-info')) await whole.station.call('deleteRecord', { params: { id } });
  const stands = (await whole.station.call('records')).find(
    ({ kind, state }) => kind === 'basic-info' && state === 'stored',
  );
  return stands ? atFirst.record(stands.id) : storeBasicInfo(atFirst, whole.station);
}

test('LNC-188 LNC-191 LNC-192 submitted basic information is changed by 修改: all of it is carried over, key fields by a new entry alone, and what stood stays for ever', async () => {
  const first = await basicInfo();
  await open(page, '企业基本信息');
  const panel = page.locator('section.submit');
  await panel.getByRole('heading', { name: '证照提交' }).waitFor();
  await panel.locator('h3').nth(2).waitFor();
  expect((await texts(panel.locator('h3'))).slice(0, 3)).toEqual(['证照信息', '管理状态', '证照设置']);
  const settings = panel.locator('.part', { has: page.getByRole('heading', { name: '证照设置' }) });
  await panel.locator('.part', { hasText: '管理状态' }).getByText('已入库').waitFor();
  expect(await button(settings, '补充完善').count()).toBe(0);
  expect(await button(settings, '新增').count()).toBe(0);
  await button(settings, '修改').click();

  // the form and the papers as they stood, to be sealed anew
  await page.locator('#field-contactName:enabled').waitFor();
  expect(await page.locator('#field-contactName').inputValue()).toBe(first.form['contactName']);
  const [id = ''] = await draftsOf('basic-info');
  const draft = await atFirst.record(id);
  expect(draft.supersedes).toBe(first.id);
  expect(draft.form).toEqual(first.form);
  for (const before of first.materials) {
    const now = draft.materials.find(({ slot }) => slot === before.slot);
    expect(now?.values).toEqual(before.values);
    expect(now?.pages.map(({ sha }) => sha)).toEqual(before.pages.map(({ sha }) => sha));
    expect(now?.marks).toEqual(before.marks);
    expect(now?.seal).toBeUndefined();
  }
  // a second press goes on with the same
  const again = await whole.station.call('createRecord', {
    body: { kind: 'basic-info', answers: {}, supersedes: first.id },
  });
  expect(again.id).toBe(id);

  // a paper by 查看: its key fields are closed until it is entered anew
  await row(page, 'business-licence').getByRole('link', { name: '查看' }).click();
  await page.getByText('本材料沿用原信息的内容').waitFor();
  await page.getByRole('radio', { name: '人工模式', exact: true }).click();
  await page.locator('.form #field-registrationAuthority:enabled').waitFor();
  expect(await page.locator('.form #field-legalRepresentative').isDisabled()).toBe(true);
  await expect(atFirst.fill(id, 'business-licence', { legalRepresentative: '李晓东' })).rejects.toMatchObject(
    { code: 'RECORD_NOT_EDITABLE' },
  );
  await button(page, '新增（重新录入）').click();
  await button(page.getByRole('dialog'), '新增（重新录入）').click();
  await page.getByText('还没有上传电子文件').waitFor();
  await page.locator('.form #field-legalRepresentative:enabled').waitFor();
  const { materials } = await atFirst.record(id);
  expect(materials.find(({ slot }) => slot === 'business-licence')?.anew).toBe(true);
  // what stood has not moved, and the old record is the one that counts
  expect((await atFirst.record(first.id)).state).toBe('stored');

  // handed in, the new one stands, and the old one is read in 历史信息 as it was
  const contactPhone = freshPhone();
  await fillForm(whole.station, id, { contactPhone });
  const paper = await drawBusinessLicence(demoLicence);
  await bringPaper(atFirst, { id, slot: 'business-licence', paper, values: licenceValues });
  for (const { slot } of materials.filter((material) => material.slot !== 'business-licence')) {
    await atFirst.seal(id, slot);
    await atFirst.save(id, slot);
  }
  await submitAndStore(atFirst, id);
  await eventually('the first is history', async () =>
    (await atFirst.record(first.id)).state === 'superseded' ? true : undefined,
  );
  await page.goto(`${whole.agent.url}#/section/management`);
  await open(page, '企业基本信息');
  await expect.poll(() => page.locator('#field-contactPhone').inputValue()).toBe(contactPhone);
  const past = page.locator('section.history');
  await past.getByRole('heading', { name: '历史信息', exact: true }).waitFor();
  expect(await heads(past)).toEqual(['序号', '提交时间', '唯一标识码', '状态', '操作']);
  const newest = past.locator('tbody tr').first();
  expect((await texts(newest.locator('td'))).slice(2)).toEqual([first.uniqueCode, '历史信息', '查看']);
  await newest.getByRole('link', { name: '查看' }).click();
  await expect.poll(() => page.locator('#field-contactPhone').inputValue()).toBe(first.form['contactPhone']);
  expect(await page.locator('#field-contactPhone').isDisabled()).toBe(true);
  expect(await button(page, '修改').count()).toBe(0);
}, 240_000);

async function storePerson(phone: string): Promise<string> {
  const { id } = await whole.station.call('createRecord', { body: { kind: 'staff-member', answers: {} } });
  await readCard(whole.station, id, 'id-card');
  await fillForm(whole.station, id, { position: '项目经理', phone });
  await atFirst.seal(id, 'id-card');
  await atFirst.save(id, 'id-card');
  await submitAndStore(atFirst, id);
  return id;
}

test('LNC-196 a person’s basic information is changed by 修改, and the line of before stays in the list as 历史信息', async () => {
  for (const id of await draftsOf('staff-member'))
    await whole.station.call('deleteRecord', { params: { id } });
  const phone = freshPhone();
  const id = await storePerson(phone);
  await open(page, '企业人员', '人员管理');
  await listed(phone).getByRole('link', { name: '查看' }).click();
  await button(page, '修改').click();
  await page.locator('#field-position:enabled').fill('技术负责人');
  await page.getByText('已自动保存').waitFor();
  const [next = ''] = await draftsOf('staff-member');
  const draft = await atFirst.record(next);
  expect(draft).toMatchObject({ supersedes: id, form: { position: '技术负责人', phone } });
  expect(draft.materials[0]?.chip).toMatchObject({ name: '王建国' });
  await row(page, 'id-card').getByRole('link', { name: '查看' }).click();
  await page.getByText('本材料沿用原信息的内容').waitFor();
  await atFirst.seal(draft.id, 'id-card');
  await atFirst.save(draft.id, 'id-card');
  await submitAndStore(atFirst, draft.id);
  await eventually('the first is history', async () =>
    (await atFirst.record(id)).state === 'superseded' ? true : undefined,
  );
  await open(page, '企业人员', '人员管理');
  const past = page.locator('tr.past', { hasText: phone });
  await past.getByText('历史信息', { exact: true }).waitFor();
  expect(await texts(page.locator('tbody tr:not(.past)', { hasText: phone }).locator('.btn'))).toContain(
    '解绑',
  );
  expect(await button(past, '解绑').count()).toBe(0);
  await past.getByRole('link', { name: '查看' }).click();
  await page.locator('#field-position').waitFor();
  expect(await page.locator('#field-position').inputValue()).toBe('项目经理');
  expect(await button(page, '修改').count()).toBe(0);
  const old = await atFirst.record(id);
  expect(old.form['position']).toBe('项目经理');
  expect(old.operations.map(({ action }) => action)).toContain('提交入库');
}, 120_000);

test('LNC-080 LNC-103 LNC-104 LNC-105 LNC-106 解绑 is asked about twice, the line says 已解绑, and nothing of the person is seen any more, at any counter', async () => {
  await atSecond.login();
  // of one person several may stand where an earlier try or test left one: all but this go
  const standing = (await whole.station.call('records')).filter(
    ({ kind, state, released }) => kind === 'staff-member' && state === 'stored' && !released,
  );
  for (const { id } of standing) await whole.station.call('release', { params: { id } });
  const phone = freshPhone();
  const file = await storePerson(phone);
  const part = await whole.station.call('createRecord', {
    body: { kind: 'staff-title', answers: {}, partOf: file },
  });
  const paper = await drawLabelledPaper({
    title: '专业技术资格证书',
    lines: [
      ['姓名', '王建国'],
      ['资格名称', '高级工程师'],
      ['专业名称', '建筑工程管理'],
      ['证书编号', '辽人职20190812'],
      ['评审委员会', '辽宁省工程系列高级评审委员会'],
    ],
    authority: '辽宁省工程系列高级评审委员会',
  });
  await bringPaper(atFirst, { id: part.id, slot: 'certificate', paper });
  await submitAndStore(atFirst, part.id);

  await open(page, '企业人员', '人员管理');
  const own = page.locator('tbody tr:not(.past)', { hasText: phone });
  await own.waitFor();
  const shown = (await heads(page)).filter((title) => title !== '录入地点');
  expect(shown).toEqual(['序号', '姓名', '身份证号', '手机号', '操作']);
  expect(await texts(own.locator('.actions .btn'))).toEqual(['查看', '解绑']);
  const dialog = page.getByRole('dialog');
  await button(own, '解绑').click();
  await dialog.getByText('是否解绑该人员').waitFor();
  await button(dialog, '取消').click();
  await dialog.waitFor({ state: 'hidden' });
  expect((await atFirst.record(file)).released).toBeUndefined();

  const gone = page.locator('tbody tr', { hasText: '已解绑' });
  const before = await gone.count();
  await button(own, '解绑').click();
  await button(dialog, '确定').click();
  await expect.poll(() => gone.count()).toBe(before + 1);
  expect(await gone.getByRole('link', { name: '查看' }).count()).toBe(0);
  expect(await page.getByRole('cell', { name: phone }).count()).toBe(0);
  for (const id of [file, part.id])
    await expect(atFirst.record(id)).rejects.toMatchObject({ code: 'RECORD_RELEASED' });
  const left = await whole.station.call('records');
  expect(left.some(({ id }) => id === part.id)).toBe(false);
  // the server shows the other counter no more either
  const there = await eventually(
    'the other counter has heard of it',
    async () => {
      const found = (await other.station.call('records')).find(({ id }) => id === file);
      return found?.released ? found : undefined;
    },
    60_000,
  );
  expect(there.form).toEqual({});
  expect(there.materials[0]?.values['idNumber']).toMatch(/^210103\*{8}0014$/);
  await expect(atSecond.record(part.id)).rejects.toThrow();
}, 180_000);

test('LNC-085 a reader that is connected and reads nothing: the person is told of browser, driver and another try, and reads with it again', async () => {
  await open(page, '企业人员', '人员管理');
  await button(page, '增加人员').click();
  await row(page, 'id-card').getByRole('link', { name: '新增' }).click();
  whole.counter.cardReader.misbehave('select-fails');
  await button(page, '读取身份证').click();
  const told = page.locator('.note', { hasText: '请使用火狐或谷歌浏览器。' });
  await told.waitFor();
  const steps = await texts(told.locator('.step'));
  expect(steps).toHaveLength(3);
  expect(steps[1]).toMatch(/下载读卡器驱动.*\.exe/);
  expect(steps[2]).toContain('再次读取身份证');
  await button(told, '下载读卡器驱动').waitFor();
  whole.counter.cardReader.misbehave('none');
  await button(page, '读取身份证').click();
  await page.getByText('芯片读取').first().waitFor();
  expect(await told.count()).toBe(0);
}, 90_000);

/**
 * What the page does when things are not right: a wrong PIN, a red light, marks drawn by hand, an ID card instead of a
 * picture, leaving, and an agent that is gone. Real browser, real agent, simulated devices; `npm run build:pages` first.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { once } from '#tests/support/once.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let browser: Browser;
let page: Page;
let picture: string;
const complaints: string[] = [];

beforeAll(async () => {
  whole = await startWholeStation();
  picture = join(whole.folder, 'certificate.jpg');
  const { jpeg } = await photograph(await drawConstructionQualification(demoQualification), {
    turnDeg: 2,
    seed: 9,
  });
  await writeFile(picture, jpeg);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content.Security.Policy/iu.test(message.text())) complaints.push(message.text());
  });
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });

async function typePin(pin: string): Promise<void> {
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
}

/** The login page, with nobody signed in, a key plugged in and nothing of a step before. */
async function toDoor(): Promise<void> {
  await whole.counter.token.setFault();
  await whole.station.call('logout').catch(() => undefined);
  await page.goto('about:blank');
  await page.goto(whole.agent.openingUrl());
  await page.locator('.token').waitFor();
}
async function logIn(role: string): Promise<void> {
  await page.locator('.token').click();
  await typePin(demoPin);
  await page.getByText(role).first().click();
  await page.getByRole('link', { name: '企业基本信息' }).waitFor();
}
/** The page of a section, with no draft of before, as 投标人. */
async function toSection(name: string): Promise<void> {
  await asBidder();
  const { session } = await whole.station.call('station');
  if (session === undefined) {
    await toDoor();
    await logIn('投标人');
  }
  await page.goto('about:blank');
  for (const { id, state } of await whole.station.call('records'))
    if (state === 'draft' || state === 'saved') await whole.station.call('deleteRecord', { params: { id } });
  await page.goto(`${whole.agent.url}#/section/management`);
  await page.getByRole('link', { name, exact: true }).click();
}

const atDoor = once(toDoor);
test('LNC-210 the login page says whom to call, and when', async () => {
  await atDoor();
  const contacts = await page.locator('.contacts > div').allInnerTexts();
  expect(contacts.map((text) => text.split(/\s*\n\s*/u))).toEqual([
    ['联系电话', '19802479955'],
    ['联系电话', '13644976603'],
    ['办公时间', '周一至周五 08:30-11:30, 13:00-17:00 (工作日)'],
    ['非办公时间应急电话', '19802439955'],
  ]);
});

const loggedIn = once(async (isAgain) => {
  await atDoor();
  if (isAgain) await toDoor();
  await page.locator('.token').click();
  await typePin('87654321');
  await page.locator('[data-code=PIN_INCORRECT]').waitFor();
  expect(page.url()).not.toContain('code');
  await typePin(demoPin);
  await page.getByText('请选择登录主体').waitFor();
});
test('a wrong PIN is said in place, and the next try can be typed at once', loggedIn);

const asBidder = once(async (isAgain) => {
  await loggedIn();
  if (isAgain) {
    await toDoor();
    await logIn('投标人');
    return;
  }
  await page.getByText('投标人').first().click();
  await page.getByRole('link', { name: '企业基本信息' }).waitFor();
});

async function beginQualification(): Promise<void> {
  await toSection('经营资质');
  await button('增加资质').click();
  await page.locator('.el-select').click();
  await page.getByRole('option').first().click();
  await page.getByRole('dialog').getByText('否', { exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  expect(await page.locator('#field-certificateNumber').isDisabled()).toBe(true);
  await page.getByRole('radio', { name: '人工模式' }).click();
  await page.locator('#field-certificateNumber').fill('D999999999');
  await page.getByText('已自动保存').waitFor();
}
const typed = once(beginQualification);
test('LNC-023 LNC-057 LNC-062 人工模式 opens the fields, and what is typed is saved by itself', typed);

async function bringPicture(): Promise<void> {
  await page.locator('input[type=file]').first().setInputFiles(picture);
  await page.locator('.mark-view img').waitFor({ timeout: 90_000 });
}

const marked = once(async (isAgain) => {
  await typed();
  if (isAgain) await beginQualification();
  await bringPicture();
  await page.locator('[data-field=legalRepresentative] .go-mark').click();
  await page.getByText('请在图片上拖动，框出“法定代表人”的内容').waitFor();
  const frame = await page.locator('.frame').boundingBox();
  if (!frame) throw new Error('no picture');
  await page.mouse.move(frame.x + frame.width * 0.4, frame.y + frame.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(frame.x + frame.width * 0.6, frame.y + frame.height * 0.5, { steps: 4 });
  await page.mouse.up();
  const marksOf = async () => {
    const [summary] = await whole.station.call('records');
    const record = await whole.station.call('record', { params: { id: summary?.id ?? '' } });
    return record.materials[0]?.marks['legalRepresentative']?.length ?? 0;
  };
  await eventually('the mark is kept', async () => ((await marksOf()) === 1 ? true : undefined));
  await button('撤销').click();
  await eventually('the mark is gone', async () => ((await marksOf()) === 0 ? true : undefined));
});
test(
  'LNC-022 LNC-049 LNC-050 a mark drawn by 去标记 on the picture reaches the record, and 撤销 takes it back',
  marked,
);

const refused = once(async (isAgain) => {
  await marked();
  if (isAgain) {
    await beginQualification();
    await bringPicture();
  }
  await button('签章').click();
  await page.getByText('还有 5 项需要填写或修改，改好后再签章').waitFor();
  expect(await page.getByRole('dialog', { name: '电子签章' }).count()).toBe(0);
  await button('请填写资质名称').click();
  expect(
    await page.locator('#field-qualificationName').evaluate((one) => one === document.activeElement),
  ).toBe(true);
});
test('签章 with a form that is not complete says what to mend, before any PIN', refused);

async function fillForm(): Promise<void> {
  const typed = {
    qualificationName: '建筑工程施工总承包',
    qualificationCategoryAndGrade: demoQualification.qualificationCategoryAndGrade,
    issuingAuthority: demoQualification.issuingAuthority,
    certificateNumber: 'D221047999',
  };
  for (const [id, text] of Object.entries(typed)) await page.locator(`#field-${id}`).fill(text);
  await page.locator('#field-validUntil').fill('2030年12月31日');
  await page.keyboard.press('Enter');
  await page.locator('[data-field=grade] .el-select').click();
  await page.getByRole('option', { name: '一级', exact: true }).click();
}

const red = once(async (isAgain) => {
  await marked();
  if (isAgain) {
    await beginQualification();
    await bringPicture();
  }
  await fillForm();
  await button('签章').click();
  await page.getByRole('dialog').locator('.token').click();
  await typePin(demoPin);
  await button('确认提交').click();
  await button('保存').click();
  const result = page.getByRole('dialog', { name: '智慧校验结果' });
  await result.locator('tr[data-field=certificateNumber] [data-light=red]').waitFor({ timeout: 90_000 });
  expect(await result.getByRole('button', { name: '确认' }).isDisabled()).toBe(true);
  await result.getByText('红灯不能保存，请先修正红灯项').waitFor();
  // above the table
  const tips = result.getByRole('heading', { name: '温馨提示' });
  const [tipsAt, tableAt] = [await tips.boundingBox(), await result.locator('table').boundingBox()];
  expect(tipsAt?.y ?? Infinity).toBeLessThan(tableAt?.y ?? 0);
  await result.getByRole('button', { name: '关闭修改' }).click();
  await result.waitFor({ state: 'hidden' });
  expect(await button('提交').isDisabled()).toBe(true);
  await page.locator('.actions').getByText('红灯不能提交，请修正后重新保存').waitFor();
  // and by ×, after the result was opened again
  await page.locator('.actions').getByRole('button', { name: '智慧校验结果' }).click();
  await result.locator('.el-dialog__headerbtn').click();
  await result.waitFor({ state: 'hidden' });
  const [summary] = await whole.station.call('records');
  const refusal = createApplicant(() => whole).submit(summary?.id ?? '');
  await expect(refusal).rejects.toMatchObject({ code: 'RED_LIGHT' });
});
test(
  'LNC-038 LNC-039 LNC-144 a key field that deviates gives a red light with its tips above: 关闭修改 and × lead back, 确认 and 提交 cannot be pressed',
  red,
);

async function readCard(): Promise<void> {
  await whole.counter.cardReader.plug();
  await toSection('企业基本信息');
  await button('开始填写').click();
  await page.locator('tr[data-slot]', { hasText: '身份证' }).getByRole('link').click();
  await whole.counter.cardReader.unplug();
  await button('读取身份证').click();
  await page.getByText('请安装该品牌读卡器的驱动').waitFor();
  await whole.counter.cardReader.plug();
  await eventually('the reader is back', async () => {
    const { devices } = await whole.station.call('station');
    return devices.some(({ kind, state }) => kind === 'card-reader' && state === 'ready') ? true : undefined;
  });
  await button('读取身份证').click();
  await page.locator('[data-stage=waiting-for-card]').waitFor();
  await page.getByText('芯片读取').first().waitFor();
  expect(await page.locator('#field-name').inputValue()).toBe('王建国');
}
const cardRead = once(readCard);
test(
  'LNC-009 LNC-084 without a reader the page names the driver of its brand; an ID card is read by the reader, and its fields say so',
  cardRead,
);

const left = once(async (isAgain) => {
  await cardRead();
  if (isAgain) await readCard();
  await button('退出').click();
  await button('退出并清除').click();
  await page.getByText('已安全退出，屏幕内容已清除').waitFor();
  await page.goBack();
  await page.getByText('插入UKey登录').waitFor();
  expect(await page.getByText('王建国').count()).toBe(0);
});
test('LNC-019 退出 leaves nothing of the person on the page', left);

const keyless = once(async (isAgain) => {
  await left();
  if (isAgain) await toDoor();
  await whole.counter.token.setFault({ trouble: 'removed' });
  await page.getByText('没有检测到UKey').waitFor();
  await page.getByText('首次使用的UKey，如仍未检测到，请联系工作人员打开驱动后再试').waitFor();
  await whole.counter.token.setFault();
  await page.locator('.token').waitFor();
});
test('LNC-008 a key that is not detected at the login is told with the driver to open', keyless);

const asAgency = once(async (isAgain) => {
  await keyless();
  if (isAgain) await toDoor();
  await page.getByText('辽宁省工程建设项目主体云库').first().waitFor();
  await page.locator('.token').click();
  await typePin(demoPin);
  await page.getByText('代理机构').first().click();
  await page.getByRole('link', { name: '企业基本信息' }).waitFor();
  expect(await page.getByRole('link', { name: '经营资质' }).count()).toBe(0);
  await page.locator('header').getByText('代理机构').waitFor();
  await page.locator('header').getByText('辽宁省工程建设项目主体云库').waitFor();
});
test('LNC-001 LNC-019 the login page names the system, and another subject type is chosen there', asAgency);

test('the page broke no rule of its own policy and threw nothing', async () => {
  await loggedIn();
  expect(complaints).toEqual([]);
});

test('an agent that is gone is said at once', async () => {
  await loggedIn();
  await whole.agent.close();
  await page.getByText('采集站程序未运行').waitFor();
});

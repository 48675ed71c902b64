/** 湖南省公共资源交易统一注册系统 at its own counter: basic information, four lists, and the login by UKey. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  answer,
  bring,
  button,
  checked,
  heads,
  labels,
  open,
  readCard,
  row,
  sealAndConfirm,
  submit,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import * as drawn from '#tests/support/documents.ts';
import { test } from '#tests/support/row-test.ts';

const company = drawn.demoLicence.companyName;
const missing = (page: Page): Promise<string[]> => texts(page.locator('.submit .missing li strong'));
const wait = { timeout: 20_000 };
const openPaper = (page: Page, slot: string) => row(page, slot).getByRole('link').click();
/** In the list of the section, in its column. */
async function isListed(page: Page, section: string, column: string, text: string): Promise<void> {
  await open(page, section);
  await page.locator('tbody tr').first().waitFor();
  const at = (await heads(page)).filter((title) => title !== '录入地点').indexOf(column);
  expect(at).toBeGreaterThan(-1);
  const shown = page.locator('tbody tr', { hasText: text });
  await shown.first().waitFor();
  expect((await texts(shown.first().locator('td')))[at]).toContain(text);
}

test.concurrent(
  'HNR-026 HNR-027 HNR-028 HNR-037 基本信息 wants its asterisks and its papers before 提交, and is read-only after it',
  async ({ hunanPage: page, expect }) => {
    await open(page, '基本信息');
    await button(page, '开始填写').click();
    await page.locator('.grid .field').first().waitFor();
    const required = ['统一社会信用代码', '单位全称', '单位性质', '注册地址', '联系人', '联系电话'];
    const optional = ['法定代表人', '法定代表人身份证号码', '电子邮箱'];
    const shown = await labels(page);
    expect(shown.toSorted()).toEqual([...required.map((label) => `${label}*`), ...optional].toSorted());
    const ofTheForm = required.slice(2);
    await expect
      .poll(() => missing(page), wait)
      .toEqual(expect.arrayContaining([...ofTheForm, '营业执照', '法定代表人身份证']));
    expect(await missing(page)).not.toContain('经办人授权委托书');
    const send = page.locator('.submit').getByRole('button', { name: '提交', exact: true });
    expect(await send.isDisabled()).toBe(true);
    await page.locator('[data-field=unitKind]').getByText('企业', { exact: true }).click();
    await page.locator('#field-registeredPlace').fill('湖南省长沙市');
    await page.locator('#field-contactName').fill('李经办');
    await page.locator('#field-contactPhone').fill('13800138000');
    await page.getByText('已自动保存').waitFor();
    for (const label of ofTheForm)
      await page.locator('.submit .missing').getByText(label, { exact: true }).waitFor({ state: 'hidden' });
    await expect.poll(() => missing(page), wait).toEqual(['营业执照', '法定代表人身份证']);
    expect(await send.isDisabled()).toBe(true);

    await openPaper(page, 'legal-representative-id');
    await readCard(page);
    await sealAndConfirm(page);
    await checked(page);
    await button(page, '返回').click();
    await expect.poll(() => missing(page), wait).toEqual(['营业执照']);
    await openPaper(page, 'business-licence');
    const terms = { businessTerm: '2012-06-18至2042-06-17' };
    await bring(page, await drawn.drawBusinessLicence(drawn.demoLicence), terms);
    await checked(page);
    await button(page, '返回').click();
    await submit(page);
    await page.locator('.grid .field').first().waitFor();
    expect(await page.locator('.grid input:enabled, .grid textarea:enabled').count()).toBe(0);
    await page.reload();
    await page.locator('.grid .field').first().waitFor();
    expect(await page.locator('.grid input:enabled, .grid textarea:enabled').count()).toBe(0);
    expect(await page.locator('#field-contactName').inputValue()).toBe('李经办');
    expect(await page.locator('tr[data-slot] a').allTextContents()).not.toContain('新增');
  },
);

test.concurrent(
  'HNR-039 HNR-040 HNR-042 HNR-044 单位资质: 新增资质 asks 属性, 类型 and 可承担业务, and 提交 completes it',
  async ({ hunanPage: page }) => {
    await open(page, '单位资质');
    await button(page, '新增资质').click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.field').first().waitFor();
    expect(await labels(dialog)).toEqual(['资质属性*', '资质类型*', '可承担业务*']);
    const type = '建筑工程施工总承包';
    await dialog.locator('#field-business').fill('各类房屋建筑工程');
    await answer(page, { attribute: '施工', qualificationType: type });
    await bring(page, await drawn.drawConstructionQualification(drawn.demoQualification), {
      qualificationName: type,
      grade: '一级',
    });
    expect(await checked(page)).not.toBe('red');
    await submit(page);
    await isListed(page, '单位资质', '证书编号', drawn.demoQualification.certificateNumber);
  },
);

test.concurrent(
  'HNR-048 HNR-049 HNR-050 单位业绩: 新增单位业绩 leads to its page, 提交 at the bottom puts it in the list',
  async ({ hunanPage: page, expect }) => {
    await open(page, '单位业绩');
    await button(page, '新增单位业绩').click();
    await row(page, 'award-notice').waitFor();
    await openPaper(page, 'award-notice');
    await bring(page, await drawn.drawAwardNotice(drawn.demoAward));
    expect(await checked(page)).not.toBe('red');
    await button(page, '返回').click();
    await expect.poll(() => missing(page), wait).toEqual(['合同']);
    await openPaper(page, 'construction-contract');
    await upload(page, ...(await drawn.drawConstructionContract(drawn.demoContract)));
    await button(page, '确认信息').click();
    await page.getByRole('radio', { name: '人工模式' }).click();
    await page.locator('[data-field=hasChanged]').getByText('否', { exact: true }).click();
    await page.getByText('已自动保存').waitFor();
    await sealAndConfirm(page);
    expect(await checked(page)).not.toBe('red');
    await button(page, '返回').click();
    await submit(page);
    await isListed(page, '单位业绩', '项目名称', drawn.demoAward.sectionName);
  },
);

test.concurrent(
  'HNR-052 HNR-053 HNR-054 HNR-055 HNR-056 HNR-058 执业人员: four parts, of which 基本信息 is required and the others may be filled in before 提交',
  async ({ hunanPage: page, expect }) => {
    await open(page, '执业人员');
    await button(page, '新增人员').click();
    await row(page, 'id-card').waitFor();
    expect(await texts(page.locator('tr[data-slot] td:nth-child(2)'))).toEqual([
      '基本信息【必要材料】',
      '资格证书',
      '人员获奖',
      '安全生产考核证',
    ]);
    await page.locator('#field-phone').fill('13800138007');
    await page.getByText('已自动保存').waitFor();
    await page.locator('.submit .missing').getByText('手机号').waitFor({ state: 'hidden' });
    await expect.poll(() => missing(page), wait).toEqual(['基本信息']);
    await openPaper(page, 'honour');
    const honour = drawn.drawLabelledPaper({
      title: '荣誉证书',
      authority: '湖南省建筑业协会',
      lines: [
        ['姓名', '王建国'],
        ['荣誉称号', '湖南省优秀建造师'],
        ['授予单位', '湖南省建筑业协会'],
      ],
    });
    await bring(page, await honour);
    expect(await checked(page)).not.toBe('red');
    await button(page, '返回').click();
    await row(page, 'honour').getByText('已盖章').waitFor();
    expect(await button(page, '提交').isDisabled()).toBe(true);
    await openPaper(page, 'id-card');
    await readCard(page);
    await sealAndConfirm(page);
    // 保存 leads on to the person's page
    await checked(page);
    await button(page, '返回').click();
    await submit(page);
    await isListed(page, '执业人员', '手机号', '13800138007');
  },
);

test.concurrent(
  'HNR-059 HNR-060 HNR-061 获奖信息: 新增获奖 leads to its page, 提交 puts the award in the list',
  async ({ hunanPage: page }) => {
    await open(page, '获奖信息');
    await button(page, '新增获奖').click();
    const award = drawn.drawLabelledPaper({
      title: '表彰证书',
      authority: '湖南省建筑业协会',
      lines: [
        ['单位名称', company],
        ['荣誉称号', '湖南省优秀施工企业'],
        ['授予单位', '湖南省建筑业协会'],
      ],
    });
    await bring(page, await award);
    expect(await checked(page)).not.toBe('red');
    await submit(page);
    await isListed(page, '获奖信息', '荣誉名称', '湖南省优秀施工企业');
  },
);

test('HNR-017 HNR-021 HNR-022 the CA lock is needed, noticed when it is inserted, and 登录 with its password goes in', async ({
  hunanPage: page,
  hunan,
}) => {
  const { token } = hunan.counter;
  try {
    await button(page, '退出').click();
    await button(page, '退出并清除').click();
    await page.getByRole('heading', { name: '插入UKey登录' }).waitFor();
    await token.setFault({ trouble: 'removed' });
    await page.getByText('没有检测到UKey').waitFor();
    expect(await page.locator('.token, [type=password]').count()).toBe(0);
    const key = { tokenId: 'none', certificateId: 'none', pin: demoPin };
    await expect(hunan.station.call('login', { body: key })).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
    await token.setFault();
    await page.getByText('已检测到UKey').waitFor();
    await page.locator('.token').click();
    expect(await button(page, '登录').isDisabled()).toBe(true);
    await page.getByLabel('UKey密码', { exact: true }).fill(demoPin);
    await button(page, '登录').click();
    await page.getByRole('button', { name: /^单位/ }).click();
    await page.getByRole('link', { name: '单位资质', exact: true }).waitFor();
  } finally {
    await token.setFault();
    await createApplicant(() => hunan).login('unit');
  }
});

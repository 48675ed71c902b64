/**
 * A hall's station offers five programmes on its first page: chosen by keyboard or touch, left again, each with its own words and
 * records. Real browser, real agent, simulated UKey; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { once } from '#tests/support/once.ts';
import { photograph } from '#tests/support/photograph.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const names = {
  'liaoning-subject-library': '辽宁省工程建设项目主体云库',
  'hunan-unified-registration': '湖南省公共资源交易统一注册系统',
  'yunnan-user-centre': '云南省建筑市场监管与诚信一体化平台用户中心',
  'yunnan-quality-safety': '云南省建筑市场监管与诚信一体化平台（质量安全管理）系统',
  'shanghai-maintenance-fund': '上海市房屋维修资金管理系统',
} as const;
const ids = Object.keys(names);

let whole: WholeStation;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  whole = await startWholeStation({
    withServer: false,
    profile: { programme: ids[0], programmes: ids.slice(1) },
  });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(60_000);
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const choiceOf = (name: string) => page.getByRole('button', { name });
const leadOf = (name: string) => page.locator('.lead .programme', { hasText: name });
const shot = (name: string) =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/programmes-${name}.png` })
    : Promise.resolve();

async function login(): Promise<void> {
  await page.locator('.token').click();
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(demoPin);
  await page.keyboard.press('Enter');
  await page.getByText('请选择登录主体').waitFor();
}

const chosen = once(async () => {
  await page.goto(whole.agent.openingUrl());
  for (const name of Object.values(names)) await choiceOf(name).waitFor();
  await shot('choice');
  // by keyboard, and back
  await choiceOf(names['yunnan-quality-safety']).focus();
  await page.keyboard.press('Enter');
  await leadOf(names['yunnan-quality-safety']).waitFor();
  await page.getByRole('button', { name: '选择其他业务' }).click();
  await choiceOf(names['shanghai-maintenance-fund']).click();
  await leadOf(names['shanghai-maintenance-fund']).waitFor();
  await shot('shanghai');
  await page.getByRole('button', { name: '选择其他业务' }).click();
  await choiceOf(names['liaoning-subject-library']).waitFor();
});
test('all five stand on the first page, one is chosen by key or touch and left again', chosen);

const namedQuality = once(async () => {
  await chosen();
  await choiceOf(names['yunnan-quality-safety']).click();
  await leadOf(names['yunnan-quality-safety']).waitFor();
  expect(await page.locator('.lead .edition').innerText()).toBe(
    '建设单位版，2022年7月，云南省住房和城乡建设厅工程质量安全监管处发布',
  );
  const contacts = await page.locator('.contacts > div').allInnerTexts();
  const said = new Map(
    contacts.map((text) => {
      const [label = '', value = ''] = text.split(/\s*\n\s*/u);
      return [label, value];
    }),
  );
  expect(said.get('QQ群（云南省质量安全管理咨询）')).toBe('群1 641805811，群2 768158740，群3 674588137');
  expect(said.get('系统技术支持服务电话')).toBe('0871-65631360，0871-65212258');
  expect(said.get('注考中心（服务大厅）服务电话')).toBe('0871-68503755');
  expect(said.get('人员类咨询服务电话')).toBe('0871-68503755，64320981');
  expect(said.get('云南省住房和城乡建设厅工程质量安全监管处服务电话')).toBe('0871-64322249');
  await shot('quality');
  await page.getByRole('button', { name: '选择其他业务' }).click();
  await choiceOf(names['liaoning-subject-library']).waitFor();
});
test(
  'YNQ-001 YNQ-079 YNQ-080 YNQ-081 YNQ-082 YNQ-083 the quality system names itself, its edition and issuer, and whom to ask, on its first page at the counter',
  namedQuality,
);

const drivers = once(async () => {
  await chosen();
  await choiceOf(names['liaoning-subject-library']).click();
  await page.locator('.lead .edition', { hasText: '2024年1月' }).waitFor();
  await page.getByRole('button', { name: '驱动下载' }).click();
  const dialog = page.getByRole('dialog', { name: '驱动下载' });
  await dialog.getByText('采集站已装好CA锁和读卡器的驱动，不用下载和安装').waitFor();
  const download = dialog.locator('[data-guide=download]');
  expect(await download.isVisible()).toBe(false);
  await shot('drivers');
  await dialog.getByText('在家或单位的电脑上办理').click();
  await download.waitFor();
  expect(await download.getAttribute('href')).toContain('https://download.bqpoint.com/');
  await shot('drivers-home');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '选择其他业务' }).click();
  await choiceOf(names['liaoning-subject-library']).waitFor();
});
test(
  'LNC-002 at the counter 驱动下载 says what the station does itself, and shows the driver to whoever works from home',
  drivers,
);

const unopened = once(async () => {
  await chosen();
  await choiceOf(names['shanghai-maintenance-fund']).click();
  await login();
  await page.getByText('审计单位').first().click();
  await page.getByRole('link', { name: '操作员管理' }).click();
  await page.getByText('未开通：管理员新增、查询、修改、删除下属操作员').waitFor();
  await shot('not-open');
  await whole.station.call('logout');
  await choiceOf(names['hunan-unified-registration']).waitFor();
});
test('what is not built yet says what it will do, and whoever comes next chooses anew', unopened);

async function keyOf(): Promise<{ tokenId: string; certificateId: string }> {
  const [token] = await whole.station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  if (!token || !certificate) throw new Error('no token is plugged in');
  return { tokenId: token.id, certificateId: certificate.id };
}

test('drafts belong to the programme that was chosen', async () => {
  await unopened();
  const { station } = whole;
  const signIn = async (programme: string, role: string): Promise<void> => {
    await station.call('login', { body: { ...(await keyOf()), pin: demoPin, programme } });
    await station.call('role', { body: { role } });
  };
  await signIn('liaoning-subject-library', 'bidder');
  const { id } = await station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
  await station.call('logout');
  await signIn('hunan-unified-registration', 'unit');
  expect(await station.call('records')).toEqual([]);
  await expect(station.call('record', { params: { id } })).rejects.toThrow(/NOT_FOUND/);
  await station.call('logout');
  await signIn('liaoning-subject-library', 'bidder');
  expect((await station.call('records')).map((record) => record.id)).toEqual([id]);
  await station.call('logout');
  await expect(signIn('nowhere', 'unit')).rejects.toThrow(/BAD_REQUEST/);
});

test('the check of Hunan names its weights 关键信息 and 一般信息', async () => {
  await unopened();
  await choiceOf(names['hunan-unified-registration']).click();
  await login();
  await page.locator('button.role').first().click();
  await page.waitForURL(/section/);
  const { station } = whole;
  const created = await station.call('createRecord', {
    body: {
      kind: 'unit-qualification',
      answers: { attribute: 'construction', qualificationType: '建筑工程施工总承包', business: '房屋建筑' },
    },
  });
  const params = { id: created.id, slot: 'certificate' };
  const { jpeg } = await photograph(await drawConstructionQualification(demoQualification), { seed: 5 });
  await station.finished(await station.call('capture', { params, query: { source: 'upload' }, body: jpeg }));
  const { certificateNumber, ...rest } = demoQualification;
  const values = {
    ...{ companyName: rest.companyName, qualificationName: '建筑工程施工总承包', grade: '一级' },
    ...{ qualificationCategoryAndGrade: rest.qualificationCategoryAndGrade, certificateNumber },
    ...{ issuingAuthority: rest.issuingAuthority, validUntil: '2030-12-31' },
    ...{ creditCode: rest.creditCode, legalRepresentative: rest.legalRepresentative },
  };
  const revision = async () => (await station.call('record', { params })).revision;
  const body = { revision: await revision(), values, confirmed: true };
  await station.call('editValues', { params, body });

  await page.getByRole('link', { name: '单位资质' }).click();
  await page
    .locator('tbody tr')
    .first()
    .getByRole('link')
    .or(page.locator('tbody tr').first().getByRole('button'))
    .first()
    .click();
  await page.getByText('标记代表关键信息').waitFor();
  await page.getByRole('button', { name: '签章', exact: true }).click();
  await page.getByRole('dialog').locator('.token').click();
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(demoPin);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '确认提交', exact: true }).click();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const result = page.getByRole('dialog', { name: '智慧校验结果' });
  const legend = result.locator('.legends');
  await legend.waitFor({ timeout: 120_000 });
  expect(await legend.innerText()).toMatch(/关键信息[\s\S]*一般信息/);
  expect(await result.getByText('关键实质性信息').count()).toBe(0);
  await shot('hunan-check');
});

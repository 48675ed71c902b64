/** The sandbox as a person uses it: its pages in the browser, and what the server's adapters notice of it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import type { OutsideServices } from '../../sync-server/wiring/outside-services.ts';
import { connectServices } from './outside-services-support.ts';

let sandbox: TestOutsideServices;
let outside: OutsideServices;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [sandbox, browser] = await Promise.all([startOutsideServices(), startBrowser()]);
  outside = connectServices({ services: sandbox.settings });
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
});
afterAll(async () => {
  await browser.close();
  await sandbox.close();
  expect(faults).toEqual([]);
});

const faceRequest = (about: string) => ({
  name: '刀永祥',
  idNumber: '532528198802295046',
  purpose: '确认“云南省示例建筑业协会”注册主账号',
  about,
  nonce: about.padStart(40, 'n'),
  returnUrl: `${sandbox.url}/messages`,
});

it('says 沙箱 on every page, also on those that find nothing', async () => {
  const { url } = await outside.face.begin(faceRequest('every page'));
  await page.goto(sandbox.url);
  const links = await page.locator('nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(links).toHaveLength(13);
  const all = [...links.map((path) => `${sandbox.url}${path}`), `${sandbox.url}/openapi/face`, url];
  for (const address of all) {
    await page.goto(address);
    expect(await page.locator('.banner strong').innerText(), address).toBe('沙箱');
  }
  const missing = await fetch(`${sandbox.url}/face/unknown`);
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain('<strong>沙箱</strong>');
});

it('shows a message with its code the moment it comes, as text', async () => {
  await page.goto(`${sandbox.url}/messages`);
  await page.getByText('还没有短信').waitFor();
  await outside.sms.send({
    mobile: '13900000014',
    text: '【云南建管】验证码 903377，5 分钟内有效。<b>x</b>',
  });
  await page.locator('.code', { hasText: '903377' }).waitFor();
  expect(await page.locator('.bubble').innerText()).toBe('【云南建管】验证码 903377，5 分钟内有效。<b>x</b>');
});

it('asks the person on the phone, with the name masked, and leads back', async () => {
  for (const [button, outcome] of [
    ['通过', 'passed'],
    ['不通过', 'failed'],
  ] as const) {
    const request = faceRequest(`phone ${outcome}`);
    const { checkId, url } = await outside.face.begin(request);
    await page.goto(url);
    const text = await page.locator('main').innerText();
    expect(text).toContain('模拟人脸识别，沙箱');
    expect(text).toContain('**祥');
    expect(text).toContain(request.purpose);
    expect(text).not.toMatch(/刀永祥|532528198802295046/);
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL(request.returnUrl);
    expect(await outside.face.resultOf(checkId, request)).toBe(outcome);
    await page.goto(url);
    expect(await page.getByRole('button').count()).toBe(0);
  }
});

it('changes the business register, and keeps what was typed where it does not go', async () => {
  await page.goto(`${sandbox.url}/businesses`);
  const company = page.locator('details', { hasText: '91530100MA6K1A017N' });
  await company.locator('summary').click();
  await company.getByLabel('名称').fill('云南滇池建工集团有限公司');
  await company.getByLabel('状态').selectOption('吊销');
  await company.getByRole('button', { name: '保存' }).click();
  await page.getByText('云南滇池建工集团有限公司').waitFor();
  expect(await outside.businessRegister.find('91530100MA6K1A017N')).toMatchObject({
    name: '云南滇池建工集团有限公司',
    legalRepresentative: '杨志明',
    state: 'revoked',
  });

  const fresh = page.locator('details').first();
  await fresh.locator('summary').click();
  const values = {
    统一社会信用代码: '92530103MA6K1E093X',
    名称: '昆明示例建材经营部',
    '法定代表人（负责人）': '张丽华',
    类型: '个体工商户',
    住所: '云南省昆明市盘龙区',
    注册资本: '无',
    成立日期: '2021-05-06',
    经营范围: '建材零售',
  };
  for (const [label, value] of Object.entries(values)) await fresh.getByLabel(label).fill(value);
  await fresh.getByRole('button', { name: '保存' }).click();
  expect(await page.getByRole('alert').innerText()).toContain('统一社会信用代码不正确');
  const again = page.locator('details').first();
  expect(await again.getByLabel('名称').inputValue()).toBe('昆明示例建材经营部');
  faults.length = 0; // the browser notes the status 400 of the form
  await again.getByLabel('统一社会信用代码').fill('92530103MA6K1E093P');
  await again.getByRole('button', { name: '保存' }).click();
  await page.locator('summary', { hasText: '昆明示例建材经营部' }).waitFor();
  expect((await outside.businessRegister.find('92530103MA6K1E093P'))?.type).toBe('个体工商户');
});

it('adds persons and keys', async () => {
  await page.goto(`${sandbox.url}/persons`);
  await page.getByLabel('姓名').fill('新的人');
  await page.getByLabel('身份证号码').fill('210105198803120034');
  await page.getByLabel('手机号码').fill('13500001111');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('cell', { name: '13500001111' }).waitFor();
  expect(await outside.mobileCheck.matches({ name: '新的人', mobile: '13500001111' })).toBe(true);
  expect(await outside.mobileCheck.matches({ name: '李晓东', mobile: '13900000002' })).toBe(false);

  await page.goto(`${sandbox.url}/keys`);
  await page.getByLabel('统一社会信用代码').fill('91530400MA6K1B036C');
  await page.getByLabel('证书序列号').fill('0A0B0C');
  await page.getByLabel('证书上的名称').fill('云南滇池建设工程有限公司');
  await page.getByLabel('有效期起').fill('2026-01-01');
  await page.getByLabel('有效期止').fill('2029-01-01');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('cell', { name: '0A0B0C' }).waitFor();
  expect(await outside.caCompany.keysOf('91530400MA6K1B036C')).toEqual([
    {
      serial: '0A0B0C',
      holderName: '云南滇池建设工程有限公司',
      validFrom: '2025-12-31T16:00:00.000Z',
      validUntil: '2028-12-31T16:00:00.000Z',
      state: 'valid',
    },
  ]);
});

it('is told on the page to fail, and says so there until it is told otherwise', async () => {
  await page.goto(sandbox.url);
  const card = page.getByRole('region', { name: '短信服务' });
  await card.getByLabel('表现').selectOption('故障（500）');
  await card.getByRole('button', { name: '设置' }).click();
  await card.locator('.chip', { hasText: '故障（500）' }).waitFor();
  const send = () => outside.sms.send({ mobile: '13900000014', text: '一条短信' });
  await expect(send()).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE', details: { status: 500 } });
  await page.locator('.requests .chip', { hasText: '500' }).waitFor();
  // told from elsewhere, the page follows
  await sandbox.setBehaviour({ service: 'sms', mode: 'normal' });
  await card.locator('.chip', { hasText: '正常' }).waitFor();
  await send();
});

/** Shanghai's administrator and the company's operators in a browser: 操作员管理, 用户审核, and how an operator comes in. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, idNumberOf, openCompanies, ownPassword, shanghai } from '#tests/support/companies.ts';
import type { Companies } from '#tests/support/companies.ts';
import { startBrowser } from '#tests/support/desk-browser.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { openUnits } from '#tests/support/units.ts';
import type { TestUnits } from '#tests/support/units.ts';
import { unnoted } from '#tests/support/walks.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from '../integration/server-support.ts';

const company = { id: 'hujia', name: '沪甲造价咨询有限公司', code: codeOf('91310000MA1K00031') };
const staff = { name: '陆敏', mobile: '13820000001' };
const system = '上海市商品住房维修资金管理系统';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let outside: TestOutsideServices;
let companies: Companies;
let units: TestUnits;
let browser: Browser;
/** Of the administrator, and of the operator. */
let page: Page;
let own: Page;

beforeAll(async () => {
  await buildConsolePages();
  data = makeDataFolder();
  outside = await startOutsideServices();
  const { mobileCheck, sms } = outside.settings;
  server = await startTestServer(data.folder, { services: { mobileCheck, sms } });
  const settings = testSettings(data.folder, await storeSettings(data.folder));
  companies = await openCompanies({
    ...{ folder: data.folder, url: () => server.url, services: outside, settings },
  });
  units = await openUnits(data.folder);
  await companies.openCompany(company.id, company.name, company.code);
  browser = await startBrowser();
  await sharp({ create: { width: 600, height: 380, channels: 3, background: '#dde' } })
    .jpeg()
    .toFile(join(data.folder, 'card.jpg'));
  page = await newPage(await units.signInWithKey(company.id, company));
  own = await newPage();
  await enterAs(page, `/portal/${shanghai}/home`);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await units?.close();
  await companies?.close();
  await server?.close();
  await outside?.close();
  data?.remove();
});

function newPage(cookie?: string): Promise<Page> {
  return unnoted(async () => {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
    const [name = '', value = ''] = cookie?.split('=') ?? [];
    if (cookie !== undefined) await context.addCookies([{ name, value, url: server.url }]);
    const made = await context.newPage();
    made.setDefaultTimeout(15_000);
    return made;
  });
}
/** Whoever may come as several chooses first. */
async function enterAs(who: Page, path: string): Promise<void> {
  await who.goto(`${server.url}${path}`);
  await who.getByRole('button', { name: '审价单位' }).click();
  await menuOf(who).waitFor();
}
const menuOf = (who: Page) => who.getByRole('navigation', { name: '功能菜单' });
const button = (name: string, who = page) => who.getByRole('button', { name, exact: true });
/** Anew, whatever an earlier test left open. */
const atOperators = () => page.goto(`${server.url}/portal/${shanghai}/home/pages/operators`);
const rowOf = (mobile: string) => page.locator(`[data-operator="${mobile}"]`);
async function fillOperator({ name, mobile }: { name: string; mobile: string }): Promise<void> {
  await page.getByLabel('操作员姓名').fill(name);
  await page.getByLabel('手机号码').fill(mobile);
  await button('保存').click();
}
async function select(mobile: string): Promise<void> {
  await rowOf(mobile).getByRole('radio').check();
}

describe('操作员管理', () => {
  test('SHW-023 SHW-025 SHW-026 SHW-027 the administrator comes by 公共部分-系统管理-操作员管理, and 增加 opens 新增操作员 with its fields', async () => {
    await menuOf(page).getByText('公共部分-系统管理').waitFor();
    await menuOf(page).getByRole('link', { name: '操作员管理' }).click();
    await page.getByText('公共部分-系统管理-操作员管理', { exact: true }).waitFor();
    for (const name of ['增加', '查询', '修改', '删除']) await button(name).waitFor();
    await button('增加').click();
    await page.getByRole('heading', { name: '新增操作员' }).waitFor();
    expect(await page.getByLabel('操作员姓名').isEditable()).toBe(true);
    expect(await page.getByLabel('手机号码').isEditable()).toBe(true);
    expect(await page.getByLabel(system).isChecked()).toBe(true);
  });

  test('SHW-028 SHW-032 SHW-033 保存 checks name and number: what fails is told in the exact words, and nothing is in the list', async () => {
    await companies.knowPerson(staff.mobile, '别人');
    await fillOperator(staff);
    const alert = page.getByRole('alert');
    await alert
      .getByText('您填写的身份信息与手机号认证失败, 请确认信息是否填写正确。', { exact: true })
      .waitFor();
    await picture(page, 'shanghai-add-operator-refused');
    expect(await outside.requests('mobileCheck')).toMatchObject([{ body: staff }]);
    expect(await page.getByLabel('操作员姓名').inputValue()).toBe(staff.name);
    await button('返回').click();
    await page.getByText('还没有操作员').waitFor();
  });

  test('SHW-029 SHW-030 SHW-031 what passes is saved with an account, and the first password comes to the phone', async () => {
    await companies.knowPerson(staff.mobile, staff.name);
    await button('增加').click();
    await fillOperator(staff);
    await page.getByText(`已生成${staff.name}的操作员账号`).waitFor();
    await rowOf(staff.mobile).getByText('可用', { exact: true }).waitFor();
    const password = await companies.firstPassword(staff.mobile);
    expect(password).not.toBe('');
    expect(await page.content()).not.toContain(password);
    await picture(page, 'shanghai-operators');
  });

  test('a message that could not be sent says that nothing was saved, and what was typed stays', async () => {
    const other = { name: '施红', mobile: '13820000002' };
    await companies.knowPerson(other.mobile, other.name);
    await outside.setBehaviour({ service: 'sms', mode: 'fail' });
    await button('增加').click();
    await fillOperator(other);
    await page.getByRole('alert').getByText('初始密码短信没有发出，本次操作没有生效').waitFor();
    await outside.setBehaviour({ service: 'sms', mode: 'normal' });
    await button('保存').click();
    await rowOf(other.mobile).waitFor();
  });

  test('SHW-034 查询 shows the details of the operator that is selected', async () => {
    await atOperators();
    expect(await button('查询').isDisabled()).toBe(true);
    await select(staff.mobile);
    await button('查询').click();
    const dialog = page.getByRole('dialog', { name: '操作员详情' });
    for (const text of [staff.name, staff.mobile, '可用', system, '初始密码尚未更换'])
      await dialog.getByText(text, { exact: true }).waitFor();
    await dialog.getByRole('button', { name: '关闭' }).click();
  });

  test('SHW-035 修改 lets the number and the state change alone, the number checked again', async () => {
    const other = '13820000002';
    await atOperators();
    await select(other);
    await button('修改').click();
    const dialog = page.getByRole('dialog', { name: '修改操作员：施红' });
    expect(
      await dialog
        .locator('input:enabled, select:enabled')
        .evaluateAll((all) => all.map((one) => one.getAttribute('name'))),
    ).toEqual(['mobile', 'state']);
    await dialog.getByLabel('手机号码').fill('13820000003');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('您填写的身份信息与手机号认证失败').waitFor();
    await companies.knowPerson('13820000003', '施红');
    await dialog.getByRole('button', { name: '保存' }).click();
    await rowOf('13820000003').waitFor();
  });
});

describe('an operator', () => {
  const signIn = async (password: string): Promise<void> => {
    await companies.waitForAnother();
    await own.goto(`${server.url}/portal/${shanghai}/login`);
    await own.locator('[data-way="password-sms"]').click();
    await own.getByLabel('手机号码').fill(staff.mobile);
    await own.getByLabel('密码', { exact: true }).fill(password);
    await button('获取验证码', own).click();
  };

  test('SHW-037 SHW-038 signs in with number, password and code, and must change the first password', async () => {
    await signIn(await companies.firstPassword(staff.mobile));
    await own.getByText(`验证码已发送到 ${staff.mobile}`).waitFor();
    const code = await companies.newestCode(staff.mobile);
    await own.getByLabel('手机验证码').fill(code === '000000' ? '111111' : '000000');
    await picture(own, 'shanghai-operator-login');
    await button('登录', own).click();
    await own.getByRole('alert').getByText('验证码不正确或已失效').waitFor();
    await own.getByLabel('手机验证码').fill(code);
    await button('登录', own).click();
    await own.getByRole('heading', { name: '首次登录，请更换密码' }).waitFor();
    await own.getByLabel('新密码', { exact: true }).fill(ownPassword);
    await own.getByLabel('再次输入新密码').fill(ownPassword);
    await picture(own, 'shanghai-first-password');
    await button('保存新密码', own).click();
    await own.getByRole('heading', { name: '请选择要进入的业务系统' }).waitFor();
  });

  test('SHW-039 chooses 上海市商品住房维修资金管理系统 to enter, and finds nothing of the administrator’s there', async () => {
    await button(system, own).click();
    await button('审价单位', own).click();
    await own.getByText(`${staff.name}，您好`).waitFor();
    const links = await menuOf(own).getByRole('link').allInnerTexts();
    expect(links).toEqual(['实名认证申请']);
    await own.goto(`${server.url}/portal/${shanghai}/home/pages/operators`);
    await own.getByText('本栏目还没有可办理的内容').waitFor();
  });

  test('SHW-040 hands in 实名认证申请 with the number and the pictures of the ID card', async () => {
    await menuOf(own).getByRole('link', { name: '实名认证申请' }).click();
    await button('提交申请', own).click();
    await own.getByText('请上传身份证（人像面）').waitFor();
    await own.getByLabel('身份证号码').fill(idNumberOf(staff.mobile));
    for (const slot of ['id-card-front', 'id-card-back']) {
      const place = own.locator(`[data-attachment="${slot}"]`);
      await place.locator('input[type=file]').setInputFiles(join(data.folder, 'card.jpg'));
      await place.locator('img').waitFor();
    }
    await picture(own, 'shanghai-name-application');
    await button('提交申请', own).click();
    await own.getByText('待管理员审核', { exact: true }).waitFor();
  });

  test('SHW-024 SHW-041 the administrator reviews it under 用户审核, and either result reaches both', async () => {
    const decide = async (decision: string, opinion: string): Promise<void> => {
      await atOperators();
      await menuOf(page).getByRole('link', { name: '用户审核' }).click();
      await page.locator('[data-application]', { hasText: '待管理员审核' }).getByRole('button').click();
      const dialog = page.getByRole('dialog', { name: `实名认证申请：${staff.name}` });
      await dialog.getByRole('img', { name: '身份证（人像面）' }).waitFor();
      await picture(page, `shanghai-review-${decision}`);
      await dialog.getByLabel('审核意见').fill(opinion);
      await dialog.locator(`[data-decision="${decision}"]`).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const shown = async (text: string): Promise<void> => {
      await own.reload();
      await own.getByText(text).first().waitFor();
    };
    await decide('refuse', '照片不清楚');
    await page.getByText('操作员的实名认证申请未通过审核').waitFor();
    await shown('未通过的原因：照片不清楚');
    await own.getByText('您的实名认证申请未通过审核').waitFor();
    await own.getByLabel('身份证号码').fill(idNumberOf(staff.mobile));
    await button('提交申请', own).click();
    await own.getByText('待管理员审核', { exact: true }).waitFor();
    await decide('approve', '');
    await page.getByText('操作员的实名认证申请已通过审核').waitFor();
    await shown('已通过实名认证');
    await own.getByText('您的实名认证申请已通过审核').waitFor();
  });

  test('SHW-036 SHW-045 删除 reports success, the record stays as 不可使用, and the login is refused with words', async () => {
    await atOperators();
    await select(staff.mobile);
    await button('删除').click();
    const dialog = page.getByRole('dialog', { name: '删除操作员' });
    await dialog.getByRole('button', { name: '删除' }).click();
    await page.getByText('删除成功').waitFor();
    await rowOf(staff.mobile).getByText('不可使用', { exact: true }).waitFor();
    await signIn(ownPassword);
    await own.getByRole('alert').getByText('该账号已被删除或停用，不可使用').waitFor();
    await picture(own, 'shanghai-removed-operator');
  });
});

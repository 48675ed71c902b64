/** Shanghai's administrator and the company's operators in a browser: 操作员管理, 用户审核, and how an operator comes in. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, idNumberOf, openCompanies, ownPassword, shanghai } from '#tests/support/companies.ts';
import type { Companies } from '#tests/support/companies.ts';
import { startBrowser } from '#tests/support/browser.ts';
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
interface Operator {
  name: string;
  mobile: string;
}
/** Each is another person, so that a second try finds nothing of the first. */
let peopleMade = 0;
function freshOperator(): Operator {
  peopleMade += 1;
  const mobile = `13820000${String(peopleMade).padStart(3, '0')}`;
  return {
    name: `陆${'敏红芳华丽英玉兰梅霞云燕'.charAt(peopleMade % 12)}${'甲乙丙丁戊'.charAt(peopleMade % 5)}`,
    mobile,
  };
}
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
/** Of the administrator, at the server's routes. */
let administrator: string;

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
  administrator = await companies.openCompany(company.id, company.name, company.code);
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
async function openAdding(): Promise<void> {
  await atOperators();
  await button('增加').click();
  await page.getByRole('heading', { name: '新增操作员' }).waitFor();
}
/** Added already, with the first password. */
async function addedOperator(): Promise<Operator & { password: string }> {
  const who = freshOperator();
  const { password } = await companies.addOperator(administrator, who.name, who.mobile);
  return { ...who, password };
}
async function select(mobile: string): Promise<void> {
  await rowOf(mobile).getByRole('radio').check();
}

describe('操作员管理', () => {
  test('SHW-023 SHW-025 SHW-026 SHW-027 the administrator comes by 公共部分-系统管理-操作员管理, and 增加 opens 新增操作员 with its fields', async () => {
    await page.goto(`${server.url}/portal/${shanghai}/home`);
    await menuOf(page).getByText('公共部分-系统管理').waitFor();
    await menuOf(page).getByRole('link', { name: '操作员管理' }).click();
    await page.getByText('公共部分-系统管理-操作员管理', { exact: true }).waitFor();
    for (const name of ['查询', '修改', '删除']) await button(name).waitFor();
    await button('增加').click();
    await page.getByRole('heading', { name: '新增操作员' }).waitFor();
    const fieldOf = (label: string) => page.locator('label', { hasText: label });
    expect(await page.getByLabel('操作员姓名').isEditable()).toBe(true);
    expect(await fieldOf('操作员姓名').innerText()).toContain('与身份证一致');
    expect(await page.getByLabel('手机号码').isEditable()).toBe(true);
    expect(await fieldOf('手机号码').innerText()).toContain('本人身份证实名登记的手机号码');
    expect(await page.getByLabel(system).isChecked()).toBe(true);
    await button('保存').click();
    for (const gap of ['请填写操作员姓名', '请填写 11 位手机号码']) await page.getByText(gap).waitFor();
    await page.getByLabel(system).uncheck();
    await page.getByText('请至少选择一个业务系统').waitFor();
  });

  test('SHW-028 SHW-032 SHW-033 保存 checks name and number: what fails is told in the exact words, and nothing is in the list', async () => {
    const staff = freshOperator();
    await companies.knowPerson(staff.mobile, '别人');
    await openAdding();
    await fillOperator(staff);
    const alert = page.getByRole('alert');
    await alert
      .getByText('您填写的身份信息与手机号认证失败, 请确认信息是否填写正确。', { exact: true })
      .waitFor();
    await picture(page, 'shanghai-add-operator-refused');
    expect((await outside.requests('mobileCheck')).map(({ body }) => body)).toContainEqual(staff);
    expect(await page.getByLabel('操作员姓名').inputValue()).toBe(staff.name);
    await button('返回').click();
    await button('增加').waitFor();
    expect(await rowOf(staff.mobile).count()).toBe(0);
    expect(await outside.sms.last(staff.mobile)).toBeUndefined();
  });

  test('SHW-029 SHW-030 SHW-031 what passes is saved with an account, and the first password comes to the phone', async () => {
    const staff = freshOperator();
    await companies.knowPerson(staff.mobile, staff.name);
    await openAdding();
    await fillOperator(staff);
    await page.getByText(`已生成${staff.name}的操作员账号`).waitFor();
    await rowOf(staff.mobile).getByText('可用', { exact: true }).waitFor();
    const password = await companies.firstPassword(staff.mobile);
    expect(password).not.toBe('');
    expect(await page.content()).not.toContain(password);
    expect((await companies.operatorSignIn(staff.mobile, password)).status).toBe(200);
    await picture(page, 'shanghai-operators');
  });

  test('a message that could not be sent says that nothing was saved, and what was typed stays', async () => {
    const other = freshOperator();
    await companies.knowPerson(other.mobile, other.name);
    await openAdding();
    await outside.setBehaviour({ service: 'sms', mode: 'fail' });
    await fillOperator(other);
    await page.getByRole('alert').getByText('初始密码短信没有发出，本次操作没有生效').waitFor();
    await outside.setBehaviour({ service: 'sms', mode: 'normal' });
    await button('保存').click();
    await rowOf(other.mobile).waitFor();
  });

  test('SHW-034 查询 shows the details of the operator that is selected', async () => {
    const staff = await addedOperator();
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
    const other = await addedOperator();
    const next = freshOperator().mobile;
    await atOperators();
    await select(other.mobile);
    await button('修改').click();
    const dialog = page.getByRole('dialog', { name: `修改操作员：${other.name}` });
    expect(
      await dialog
        .locator('input:enabled, select:enabled')
        .evaluateAll((all) => all.map((one) => one.getAttribute('name'))),
    ).toEqual(['mobile', 'state']);
    await dialog.getByLabel('手机号码').fill(next);
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('您填写的身份信息与手机号认证失败').waitFor();
    await companies.knowPerson(next, other.name);
    await dialog.getByRole('button', { name: '保存' }).click();
    await rowOf(next).waitFor();
  });
});

describe('an operator', () => {
  const askForCode = async (who: Page, mobile: string, password: string): Promise<void> => {
    await companies.waitForAnother();
    await who.context().clearCookies();
    await who.goto(`${server.url}/portal/${shanghai}/login`);
    await who.locator('[data-way="password-sms"]').click();
    await who.getByLabel('手机号码').fill(mobile);
    await who.getByLabel('密码', { exact: true }).fill(password);
    await button('获取验证码', who).click();
  };

  test('SHW-037 SHW-038 signs in with number, password and code, and must change the first password', async () => {
    const { mobile, password } = await addedOperator();
    await askForCode(own, mobile, password);
    await own.getByText(`验证码已发送到 ${mobile}`).waitFor();
    const code = await companies.newestCode(mobile);
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
    const { name, mobile, password } = await addedOperator();
    await companies.enterAsOperator(mobile, password);
    await askForCode(own, mobile, ownPassword);
    await own.getByText(`验证码已发送到 ${mobile}`).waitFor();
    await own.getByLabel('手机验证码').fill(await companies.newestCode(mobile));
    await button('登录', own).click();
    await own.getByRole('heading', { name: '请选择要进入的业务系统' }).waitFor();
    await button(system, own).click();
    await button('审价单位', own).click();
    await own.getByText(`${name}，您好`).waitFor();
    const links = await menuOf(own).getByRole('link').allInnerTexts();
    expect(links).toEqual(['实名认证申请']);
    await own.goto(`${server.url}/portal/${shanghai}/home/pages/operators`);
    await own.getByText('本栏目还没有可办理的内容').waitFor();
  });

  /** An operator of his own at 实名认证申请, signed in. */
  async function openApplication(): Promise<{ applicant: Page; who: Operator }> {
    const who = await addedOperator();
    const applicant = await newPage(await companies.enterAsOperator(who.mobile, who.password));
    await enterAs(applicant, `/portal/${shanghai}/home`);
    await menuOf(applicant).getByRole('link', { name: '实名认证申请' }).click();
    return { applicant, who };
  }
  async function handIn(applicant: Page, { mobile }: Operator): Promise<void> {
    await applicant.getByLabel('身份证号码').fill(idNumberOf(mobile));
    for (const slot of ['id-card-front', 'id-card-back']) {
      const place = applicant.locator(`[data-attachment="${slot}"]`);
      await place.locator('input[type=file]').setInputFiles(join(data.folder, 'card.jpg'));
      await place.locator('img').waitFor();
    }
    await picture(applicant, 'shanghai-name-application');
    await button('提交申请', applicant).click();
    await applicant.getByText('待管理员审核', { exact: true }).waitFor();
  }

  test('SHW-040 hands in 实名认证申请 with the number and the pictures of the ID card', async () => {
    const { applicant, who } = await openApplication();
    await button('提交申请', applicant).click();
    await applicant.getByText('请上传身份证（人像面）').waitFor();
    await handIn(applicant, who);
    await applicant.context().close();
  });

  test('SHW-024 SHW-041 the administrator reviews it under 用户审核, and either result reaches both', async () => {
    const { applicant, who } = await openApplication();
    await handIn(applicant, who);
    const decide = async (decision: string, opinion: string): Promise<void> => {
      await atOperators();
      await menuOf(page).getByRole('link', { name: '用户审核' }).click();
      const waiting = page.locator('[data-application]', { hasText: '待管理员审核' });
      await waiting.filter({ hasText: who.name }).getByRole('button').click();
      const dialog = page.getByRole('dialog', { name: `实名认证申请：${who.name}` });
      await dialog.getByRole('img', { name: '身份证（人像面）' }).waitFor();
      await picture(page, `shanghai-review-${decision}`);
      await dialog.getByLabel('审核意见').fill(opinion);
      await dialog.locator(`[data-decision="${decision}"]`).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const shown = async (text: string): Promise<void> => {
      await applicant.reload();
      await applicant.getByText(text).first().waitFor();
    };
    await decide('refuse', '照片不清楚');
    await page.getByText('操作员的实名认证申请未通过审核').first().waitFor();
    await shown('未通过的原因：照片不清楚');
    await applicant.getByText('您的实名认证申请未通过审核').waitFor();
    await applicant.getByLabel('身份证号码').fill(idNumberOf(who.mobile));
    await button('提交申请', applicant).click();
    await applicant.getByText('待管理员审核', { exact: true }).waitFor();
    await decide('approve', '');
    await page.getByText('操作员的实名认证申请已通过审核').first().waitFor();
    await shown('已通过实名认证');
    await applicant.getByText('您的实名认证申请已通过审核').waitFor();
    await applicant.context().close();
  });

  test('SHW-036 SHW-045 删除 reports success, the record stays as 不可使用, and the login is refused with words', async () => {
    const { mobile, password } = await addedOperator();
    await companies.enterAsOperator(mobile, password);
    await atOperators();
    await select(mobile);
    await button('删除').click();
    const dialog = page.getByRole('dialog', { name: '删除操作员' });
    await dialog.getByRole('button', { name: '删除' }).click();
    await page.getByText('删除成功').waitFor();
    await rowOf(mobile).getByText('不可使用', { exact: true }).waitFor();
    await askForCode(own, mobile, ownPassword);
    await own.getByRole('alert').getByText('该账号已被删除或停用，不可使用').waitFor();
    await picture(own, 'shanghai-removed-operator');
  });
});

/**
 * Hunan's door as a person goes through it: an ordinary browser, registration, both ways in with the station program of the same
 * computer and a simulated key in it, the key asked for at the CA company, the certificates. `npm run build:pages` first.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { openPage } from '#tests/support/desk-browser.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { idNumberCheck } from '#domain/fields/check-digits.ts';
import { freePort } from '#tests/support/free-port.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { openRegistrants } from '#tests/support/registrants.ts';
import type { TestRegistrants } from '#tests/support/registrants.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import { codeOf } from '#tests/support/portal-pages.ts';
import { attachPicture, fillForm } from '#tests/support/portal-form-page.ts';
import { basicInfo, fileQualification } from '#tests/support/portal-forms.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { openUnits } from '#tests/support/units.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

const programme = 'hunan-unified-registration';
const unit = { name: demoLicence.companyName, number: demoLicence.creditCode };
const password = 'kT7-vume-Rado';
/** Each is another one's, so that a second try registers anew. */
let numbersGiven = 0;
function freshUnit(): { name: string; number: string } {
  const serial = String((numbersGiven += 1)).padStart(3, '0');
  return { name: `长沙开福${serial}建设有限公司`, number: codeOf(`91430105MA4K00${serial}`) };
}
function freshPerson(): { name: string; number: string } {
  const body = `43010219900307${String((numbersGiven += 1)).padStart(3, '0')}`;
  return {
    name: `龙${'晓燕敏红芳华丽英玉兰'.charAt(numbersGiven % 10)}`,
    number: `${body}${idNumberCheck(body)}`,
  };
}

let outside: TestOutsideServices;
let whole: WholeStation;
let registrants: TestRegistrants;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  await buildConsolePages();
  const port = await freePort();
  outside = await startOutsideServices();
  whole = await startWholeStation({
    profile: { port, programme },
    serverSettings: { stationProgram: `http://127.0.0.1:${port}`, services: outside.settings },
  });
  registrants = await openRegistrants(join(whole.folder, 'server'));
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await registrants?.close();
  await whole?.close();
  await outside?.close();
});

const at = (path: string): string => `${whole.serverUrl()}/portal/${programme}${path}`;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name });
const path = (): string => new URL(page.url()).pathname.replace(`/portal/${programme}`, '');

async function firstStep(type: '单位' | '自然人', label: '代码' | '证件号', number: string): Promise<void> {
  await page.goto(at('/register'));
  await page.getByRole('radio', { name: type }).check();
  await page.getByLabel(label, { exact: true }).fill(number);
  await button('下一步').click();
}
async function signOut(): Promise<void> {
  await button('退出').click();
  await page.getByRole('tab', { name: '账号登录' }).waitFor();
}
async function fillSignIn(account: string, said = password): Promise<void> {
  await page.getByLabel('账号', { exact: true }).fill(account);
  await page.getByLabel('密码', { exact: true }).fill(said);
  await button('登录').click();
}
/** Another unit each time, registered and signed in by its account, with what it has filed. */
async function openFreshUnit(filed?: Record<string, string>): Promise<{ name: string; number: string }> {
  const fresh = freshUnit();
  const door = openDoor(whole.serverUrl(), programme);
  await door.register({ kind: 'hunan-unit', ...fresh, password });
  if (filed) await registrants.fileForm(fresh, filed);
  await page.context().clearCookies();
  await page.goto(at('/login'));
  await fillSignIn(fresh.name);
  await page.getByText(`${fresh.name}，您好`).waitFor();
  return fresh;
}
/** Whether the test that registers the unit ran or not: its account. */
async function accountOfUnit(): Promise<string> {
  const door = openDoor(whole.serverUrl(), programme);
  if ((await registrants.count(unit.number)) === 0)
    await door.register({ kind: 'hunan-unit', ...unit, password });
  return registrants.accountOf(unit.number);
}
async function signInByKey(): Promise<void> {
  await accountOfUnit();
  await page.context().clearCookies();
  await page.goto(at('/login'));
  await page.getByRole('tab', { name: 'CA证书登录' }).click();
  await page.getByLabel(unit.name).waitFor();
  await button('登录').click();
  await dialog('用户认证').getByLabel('口令', { exact: true }).fill(demoPin);
  await dialog('用户认证').getByRole('button', { name: '确定' }).click();
  await page.getByText(`${unit.name}，您好`).waitFor();
}
async function openBasicInfo(): Promise<void> {
  await page.getByRole('navigation', { name: '功能菜单' }).getByRole('link', { name: '基本信息' }).click();
  await page.getByRole('heading', { name: 'CA申请信息' }).waitFor();
}

describe('the entrance', () => {
  test('HNR-001 shows the flow of the whole registration, step by step', async () => {
    await page.goto(at(''));
    await page.getByRole('heading', { name: '湖南省公共资源交易统一注册系统' }).waitFor();
    const steps = await page.getByRole('list').getByRole('listitem').allInnerTexts();
    const flow = ['注册', '填报基本信息', '办理CA', '填报资质、业绩、人员和获奖'];
    const found = flow.map((title) => steps.findIndex((step) => step.split('\n').includes(title)));
    expect(found.every((index) => index >= 0)).toBe(true);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    await picture(page, 'hunan-entrance');
  });

  test('HNR-002 HNR-015 names the site and where 注册登记 and 登录注册平台 stand there, and leads to both', async () => {
    await page.goto(at(''));
    const link = page.getByRole('link', { name: 'http://www.hnsggzy.com/' });
    expect(await link.getAttribute('href')).toBe('http://www.hnsggzy.com/');
    const stepsOf = (title: string) =>
      page.getByRole('list', { name: title }).getByRole('listitem').allInnerTexts();
    const site = '湖南省公共资源交易服务平台';
    expect(await stepsOf('注册')).toEqual([site, '网上办事大厅', '注册登记']);
    expect(await stepsOf('登录')).toEqual([site, '网上办事大厅', '登录注册平台']);
    await page.getByRole('link', { name: '注册', exact: true }).click();
    await page.getByRole('group', { name: '请选择注册类型' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: '登录', exact: true }).click();
    await page.getByRole('tab', { name: '账号登录' }).waitFor();
  });
});

describe('registration', () => {
  test('HNR-003 HNR-004 HNR-005 HNR-006 says who must register, lets the type be chosen and wants its number', async () => {
    const { number } = freshUnit();
    await page.goto(at('/register'));
    await page.getByText('湖南省公共资源交易中心进场交易系统').waitFor();
    await page.getByText('新用户须先注册').waitFor();
    expect(await page.getByRole('radio').all()).toHaveLength(2);
    await page.getByRole('radio', { name: '自然人' }).check();
    await page.getByLabel('证件号', { exact: true }).waitFor();
    await page.getByRole('radio', { name: '单位' }).check();
    await button('下一步').click();
    await page.getByText('请填写代码').waitFor();
    expect(await page.getByLabel('代码', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await picture(page, 'hunan-register-1');
    // one letter is wrong
    await page
      .getByLabel('代码', { exact: true })
      .fill(`${number.slice(0, 17)}${number.endsWith('1') ? '2' : '1'}`);
    await button('下一步').click();
    await page.getByText(/校验/u).waitFor();
    await page.getByLabel('代码', { exact: true }).fill(number);
    await button('下一步').click();
    await page.getByLabel('单位全称').waitFor();
  });

  test('HNR-009 HNR-010 a number that is not known leads to the second page: 单位全称 and 新建密码, both wanted', async () => {
    const { name, number } = freshUnit();
    await firstStep('单位', '代码', number);
    await page.getByLabel('单位全称').waitFor();
    await page.getByText(number).waitFor();
    await button('注册并登录').click();
    await page.getByText('请填写单位全称').waitFor();
    await page.getByLabel('单位全称').fill(name);
    await page.getByLabel('新建密码').fill('1234567890');
    await button('注册并登录').click();
    await page.getByText('新密码不符合要求').waitFor();
    await picture(page, 'hunan-register-2');
    await firstStep('自然人', '证件号', freshPerson().number);
    await page.getByLabel('姓名').waitFor();
    await page.getByLabel('新建密码').waitFor();
  });

  test('HNR-011 HNR-012 HNR-014 注册并登录 registers, a box tells the account, and 基本信息 opens signed in', async () => {
    const { name, number } = freshUnit();
    await firstStep('单位', '代码', number);
    await page.getByLabel('单位全称').fill(name);
    await page.getByLabel('新建密码').fill(password);
    await button('注册并登录').click();
    await dialog('注册成功').getByText(name).waitFor();
    await picture(page, 'hunan-registered');
    await dialog('注册成功').getByRole('button', { name: '确定' }).click();
    await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
    expect(path()).toBe('/home/sections/basic-info');
    const self = await page.request.get(`${whole.serverUrl()}/api/portals/${programme}/self`);
    expect(await self.json()).toMatchObject({ subject: { name, code: number } });
    await signOut();
  });

  test('HNR-008 a number that is known leads to the login page, which says why', async () => {
    await accountOfUnit();
    await firstStep('单位', '代码', unit.number);
    await page.getByText('该号码已在本系统注册，请直接登录').waitFor();
    expect(path()).toBe('/login');
  });

  test('a natural person is told that the number is the account, and finds what is a person’s alone', async () => {
    const person = freshPerson();
    await firstStep('自然人', '证件号', person.number);
    await page.getByLabel('姓名').fill(person.name);
    await page.getByLabel('新建密码').fill(password);
    await button('注册并登录').click();
    await dialog('注册成功').getByText(person.number).waitFor();
    await dialog('注册成功').getByRole('button', { name: '确定' }).click();
    await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
    const menu = page.getByRole('navigation', { name: '功能菜单' }).getByRole('link');
    expect(await menu.allInnerTexts()).toEqual(['基本信息', '变更历史总览', '数字证书', '账号与密码']);
    expect(await page.getByText('CA申请信息').count()).toBe(0);
    await signOut();
  });
});

describe('signing in', () => {
  test('HNR-016 HNR-018 two ways in; 账号登录 takes 账号 and 密码', async () => {
    await accountOfUnit();
    await page.goto(at('/login'));
    await page.getByRole('tab').first().waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['账号登录', 'CA证书登录']);
    await page.getByLabel('账号', { exact: true }).fill(unit.name);
    await page.getByLabel('密码', { exact: true }).fill('not-the-password-1');
    await button('登录').click();
    await page.getByText('账号或密码不正确').waitFor();
    await button('忘记密码？').click();
    await dialog('找回密码').getByText('本系统不用提问找回密码').waitFor();
    await dialog('找回密码').getByRole('button', { name: '知道了' }).click();
    await page.getByLabel('密码', { exact: true }).fill(password);
    await picture(page, 'hunan-login');
    await button('登录').click();
    await page.getByText(`${unit.name}，您好`).waitFor();
    await signOut();
  });

  test('HNR-019 HNR-020 the page of CA证书登录 has CA驱动下载 at its lower right, with the steps of the installation', async () => {
    await page.goto(at('/login'));
    await page.getByRole('tab', { name: 'CA证书登录' }).click();
    await page.getByText('须已在湖南CA办理CA锁').waitFor();
    const [drivers, submit] = [await button('CA驱动下载').boundingBox(), await button('登录').boundingBox()];
    if (!drivers || !submit) throw new Error('not to be seen');
    expect(drivers.y).toBeGreaterThan(submit.y);
    expect(drivers.x + drivers.width / 2).toBeGreaterThan(submit.x + submit.width / 2);
    await button('CA驱动下载').click();
    await page.getByRole('cell', { name: /飞天诚信 ePass3003/u }).waitFor();
    const steps = await page.getByRole('listitem').allInnerTexts();
    for (const [index, title] of ['运行', '确定', '安装', '完成'].entries())
      expect(steps[index]).toContain(title);
    await picture(page, 'hunan-drivers');
    await button('返回登录').click();
    await button('登录').waitFor();
  });

  test('HNR-021 a key that is put in is noticed by the page itself', async () => {
    await whole.counter.token.setFault({ trouble: 'removed' });
    await page.goto(at('/login'));
    await page.getByRole('tab', { name: 'CA证书登录' }).click();
    await page.getByText('请将CA锁插入电脑的USB口').waitFor();
    expect(await button('登录').isEnabled()).toBe(false);
    await whole.counter.token.setFault();
    await page.getByText('已检测到CA锁，请点击“登录”并输入CA锁口令').waitFor();
    await page.getByLabel(unit.name).waitFor();
    await picture(page, 'hunan-key');
  });

  test('HNR-022 HNR-023 HNR-024 登录 opens 用户认证, which asks for the 口令; 确定 leads to the home page', async () => {
    await accountOfUnit();
    await page.context().clearCookies();
    await page.goto(at('/login'));
    await page.getByRole('tab', { name: 'CA证书登录' }).click();
    await page.getByLabel(unit.name).waitFor();
    await button('登录').click();
    const asking = dialog('用户认证');
    await asking.getByLabel('口令', { exact: true }).fill('87654321');
    await asking.getByRole('button', { name: '确定' }).click();
    await asking.getByText('UKey密码错误').waitFor();
    expect(path()).toBe('/login');
    await picture(page, 'hunan-pin');
    await asking.getByLabel('口令', { exact: true }).fill(demoPin);
    await asking.getByRole('button', { name: '确定' }).click();
    await page.getByText(`${unit.name}，您好`).waitFor();
    expect(path()).toBe('/home');
    const self = await page.request.get(`${whole.serverUrl()}/api/portals/${programme}/self`);
    expect(await self.json()).toMatchObject({ proofs: [{ way: 'ukey', assurance: 'signed' }] });
  });

  test('HNR-065 HNR-066 数字证书 of the left menu lists every certificate that is bound to the account and none of another, and 查看 shows that certificate', async () => {
    await signInByKey();
    await registrants.bindCertificate(unit, '77AA01');
    await registrants.bindCertificate(await openFreshUnit(), '77AA02');
    await signInByKey();
    const menu = page.getByRole('navigation', { name: '功能菜单' });
    await menu.getByRole('link', { name: '数字证书', exact: true }).click();
    await page.getByRole('heading', { name: '数字证书', exact: true }).waitFor();
    await page.locator('[data-serial="77AA01"]').waitFor();
    const serials = await page
      .locator('[data-serial]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-serial')));
    expect(serials).toHaveLength(2);
    expect(serials).not.toContain('77AA02');
    const own = serials.find((serial) => serial !== '77AA01') ?? '-';
    for (const [serial, issuer] of [
      [own, /模拟/u],
      ['77AA01', /旧认证中心/u],
    ] as const) {
      const row = page.locator(`[data-serial="${serial}"]`);
      await row.getByText('有效', { exact: true }).waitFor();
      await row.getByText(unit.name).waitFor();
      await row.getByRole('button', { name: '查看' }).click();
      const shown = dialog('数字证书信息');
      await shown.getByText(serial, { exact: true }).waitFor();
      await shown.getByText(unit.name).waitFor();
      await shown.getByText(issuer).first().waitFor();
      await picture(page, 'hunan-certificate');
      await shown.getByRole('button', { name: '关闭' }).click();
    }
  });

  test('with the key a forgotten password is chosen anew', async () => {
    await signInByKey();
    await page.goto(at('/home/pages/own-account'));
    await page.getByText('已用CA锁登录，可直接设置新密码').waitFor();
    await page.getByLabel('新密码', { exact: true }).fill('Zw4-nimo-Kela');
    await page.getByLabel('再次输入新密码').fill('Zw4-nimo-Kela');
    await picture(page, 'hunan-password');
    await button('保存新密码').click();
    await page.getByText('新密码已保存').waitFor();
    await signOut();
    await page.getByLabel('账号', { exact: true }).fill(unit.name);
    await page.getByLabel('密码', { exact: true }).fill('Zw4-nimo-Kela');
    await button('登录').click();
    await page.getByText(`${unit.name}，您好`).waitFor();
    await signOut();
  });
});

describe('those who stand in each other’s way, or have forgotten', () => {
  test('a unit of another one’s name is told so, and may sign in by its number instead', async () => {
    await accountOfUnit();
    const { number: namesake } = freshUnit();
    await firstStep('单位', '代码', namesake);
    await page.getByLabel('单位全称').fill(unit.name);
    await page.getByLabel('新建密码').fill(password);
    await button('注册并登录').click();
    await page.getByText('该名称已是另一单位的登录账号').waitFor();
    await page.getByRole('checkbox', { name: '确与其同名' }).check();
    await picture(page, 'hunan-same-name');
    await button('注册并登录').click();
    await dialog('注册成功').getByText(namesake).waitFor();
    await dialog('注册成功').getByRole('button', { name: '确定' }).click();
    await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
    await signOut();
  });

  test('a password that the desk reset is replaced before anything else', async () => {
    const person = freshPerson();
    const door = openDoor(whole.serverUrl(), programme);
    await door.register({ kind: 'hunan-person', ...person, password });
    const { page: desk, complaints } = await openPage(browser, whole.serverUrl());
    await desk.getByLabel('账号').fill('demo');
    await desk.getByLabel('密码', { exact: true }).fill('ludeng-demo');
    await desk.getByRole('button', { name: '登录' }).click();
    await desk.getByRole('link', { name: '账号查询' }).click();
    await desk.getByRole('heading', { name: '账号查询' }).waitFor();
    await desk.getByRole('searchbox').fill(person.name);
    const row = desk.locator(`[data-account="${await registrants.accountOf(person.number)}"]`);
    await row.getByRole('button', { name: '重设密码' }).click();
    const asking = desk.getByRole('dialog', { name: `重设 ${person.name} 的密码` });
    await asking.getByText('请先核验其证件').waitFor();
    await asking.getByRole('button', { name: '重设密码' }).click();
    await asking.getByText('请填写原因').waitFor();
    await asking.getByLabel('核验了什么证件').fill('身份证原件');
    await picture(desk, 'desk-reset-password');
    await asking.getByRole('button', { name: '重设密码' }).click();
    const issued = await desk.locator('[data-test=password]').innerText();
    await picture(desk, 'desk-reset-password-shown');
    expect(complaints).toEqual([]);
    await desk.close();
    await page.goto(at('/login'));
    await page.getByLabel('账号', { exact: true }).fill(person.number);
    await page.getByLabel('密码', { exact: true }).fill(issued);
    await button('登录').click();
    await page.getByText('您的密码由工作人员重设').waitFor();
    expect(path()).toBe('/password');
    await page.getByLabel('原密码').fill(issued);
    await page.getByLabel('新密码', { exact: true }).fill('Zw4-nimo-Kela');
    await page.getByLabel('再次输入新密码').fill('Zw4-nimo-Kela');
    await picture(page, 'hunan-password-due');
    await button('保存新密码').click();
    await page.getByText(`${person.name}，您好`).waitFor();
    await signOut();
  });
});

describe('CA办理申请', () => {
  const ofUnit = async ({ number }: { number: string }) =>
    (await outside.requests('caCompany')).filter(
      ({ body }) => (body as { creditCode?: string }).creditCode === number,
    );
  const block = () => page.getByRole('region', { name: 'CA申请信息' });

  test('HNR-031 stands in the block CA申请信息 of 基本信息, and says what is missing', async () => {
    const applicant = await openFreshUnit();
    await openBasicInfo();
    await block().getByText('前提需完善法人和法人代表基本信息').waitFor();
    await block()
      .getByText(/还缺：.*法定代表人/u)
      .waitFor();
    await block().getByRole('button', { name: 'CA办理申请' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await ofUnit(applicant)).toEqual([]);
    await picture(page, 'hunan-application-missing');
  });

  test('HNR-033 HNR-034 HNR-035 asks first, 确定 sends it to the CA company, and the result is told', async () => {
    const applicant = await openFreshUnit(registrants.wholeForm);
    await openBasicInfo();
    await block().getByRole('button', { name: 'CA办理申请' }).click();
    await dialog('确认申请').getByText('将发送给CA公司').waitFor();
    expect(await ofUnit(applicant)).toEqual([]);
    await picture(page, 'hunan-application');
    await dialog('确认申请').getByRole('button', { name: '确定' }).click();
    await block().getByText('CA办理申请成功').waitFor();
    await block().getByText('请携带数字证书申请表等资料到受理点办理').waitFor();
    expect(await ofUnit(applicant)).toMatchObject([{ body: { name: applicant.name } }]);
    await picture(page, 'hunan-application-done');
  });

  test('HNR-036 a refusal, and a CA company that does not answer, say whom to turn to', async () => {
    const applicant = await openFreshUnit(registrants.wholeForm);
    await outside.setBehaviour({ service: 'caCompany', mode: 'fail' });
    await openBasicInfo();
    const send = async (): Promise<void> => {
      await block().getByRole('button', { name: 'CA办理申请' }).click();
      await dialog('确认申请').getByRole('button', { name: '确定' }).click();
    };
    const whom = block().getByText('0731-82210013/82210016或QQ群：湖南省统一注册平台878543073');
    await send();
    await whom.waitFor();
    expect(await block().getByText('CA办理申请成功').count()).toBe(0);
    await outside.setBehaviour({ service: 'caCompany', mode: 'normal' });
    await outside.addBusiness({
      ...{ creditCode: applicant.number, name: applicant.name, legalRepresentative: '周建军' },
      ...{ state: 'revoked', type: '有限责任公司', address: '长沙市', registeredCapital: '100万元人民币' },
      ...{ establishedOn: '2019-01-01', businessScope: '工程施工' },
    });
    await send();
    await block()
      .getByText(/CA公司答复：.*吊销/u)
      .waitFor();
    await whom.waitFor();
    await picture(page, 'hunan-application-refused');
  });
});

describe('a new name', () => {
  test('a unit that hands in another 单位全称 signs in by it from then on, and the old one says which it is', async () => {
    const { name: old, number: code } = freshUnit();
    const before = { name: old, code };
    const { name } = freshUnit();
    await firstStep('单位', '代码', before.code);
    await page.getByLabel('单位全称').fill(before.name);
    await page.getByLabel('新建密码').fill(password);
    await button('注册并登录').click();
    await dialog('注册成功').getByRole('button', { name: '确定' }).click();
    await page.getByRole('heading', { name: '基本信息', level: 1 }).waitFor();
    const { form, papers } = basicInfo({ ...before, name }, '李敏');
    await fillForm(page, form);
    for (const [slot, values] of Object.entries(papers)) {
      await fillForm(page, values, `${slot}-`);
      await attachPicture(page, slot);
    }
    await button('提交').click();
    await page.getByText('唯一标识码').waitFor();
    await signOut();
    await fillSignIn(before.name);
    await page.getByRole('status').getByText(name).waitFor();
    await picture(page, 'hunan-renamed');
    await fillSignIn(name);
    await page.getByText(`${name}，您好`).waitFor();
    await signOut();
  });
});

describe('at a counter', () => {
  async function openCounter(): Promise<void> {
    await page.goto(whole.agent.openingUrl());
    const key = page.locator('.token');
    await key.or(button('退出')).first().waitFor();
    if (!(await key.isVisible())) return;
    await key.click();
    await page.getByLabel('UKey密码', { exact: true }).waitFor();
    await page.keyboard.type(demoPin);
    await page.keyboard.press('Enter');
    await button('退出').waitFor();
  }

  test('a record of the portal shows every line of 资质列表 and the files that its papers came as', async () => {
    const units = await openUnits(join(whole.folder, 'server'));
    const account = await accountOfUnit();
    const cookie = await units.signInWithKey(account, { code: unit.number, name: unit.name });
    await units.close();
    const certificate = `D1430${ulid().slice(-8)}`;
    await fileQualification(whole.serverUrl(), cookie, { unit, certificate });

    await openCounter();
    await page.goto(`${whole.agent.url}#/section/qualifications`);
    await page.locator('tbody tr', { hasText: certificate }).getByRole('link', { name: '查看' }).click();
    await page.getByText('在网上办理录入，附件在需要时从服务器获取').waitFor();
    expect(await page.getByText('仅材料已签章').count()).toBe(0);
    const list = page.getByRole('region', { name: '资质列表' });
    expect(await list.locator('[data-answer] td:nth-child(3)').allInnerTexts()).toEqual([
      '建筑工程施工总承包',
      '市政公用工程施工总承包',
    ]);
    const paper = page.locator('[data-attachment=certificate]');
    await paper.getByText('资质证书.png').waitFor();
    await paper.locator('.thumb img').waitFor();
    expect(await paper.getByRole('button', { name: '上传文件' }).count()).toBe(0);
    await picture(page, 'hunan-at-counter');
    await paper.locator('.thumb').click();
    await page.getByRole('dialog', { name: '资质证书.png' }).locator('img').waitFor();
  });

  test('a record that was voided at the portal is shown as void and not supplemented; once it is restored it is', async () => {
    const units = await openUnits(join(whole.folder, 'server'));
    const account = await accountOfUnit();
    const cookie = await units.signInWithKey(account, { code: unit.number, name: unit.name });
    await units.close();
    const certificate = `D1430${ulid().slice(-8)}`;
    const record = await fileQualification(whole.serverUrl(), cookie, { unit, certificate });
    const setVoid = async (method: string): Promise<void> => {
      const path = `/api/portals/hunan-unified-registration/records/${record}/voiding`;
      const answer = await fetch(`${whole.serverUrl()}${path}`, { method, headers: { cookie } });
      expect(answer.status).toBe(200);
    };
    await openCounter();
    await page.goto(`${whole.agent.url}#/section/qualifications`);
    const row = page.locator('tbody tr', { hasText: certificate });
    await row.getByRole('button', { name: '补充完善' }).waitFor();
    await setVoid('POST');
    await row.getByText('已作废').waitFor();
    expect(await row.getByRole('button', { name: '补充完善' }).count()).toBe(0);
    await row.getByRole('link', { name: '查看' }).click();
    await page.locator('[data-test="voided"]').getByText(`已作废（${unit.name}`).waitFor();
    expect(await page.getByRole('button', { name: /补充完善|修改/ }).count()).toBe(0);
    await picture(page, 'hunan-void-at-counter');
    await setVoid('DELETE');
    await page.getByRole('button', { name: '补充完善' }).waitFor();
    expect(await page.locator('[data-test="voided"]').count()).toBe(0);
  });
});

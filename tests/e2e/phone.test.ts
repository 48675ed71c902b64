/** A person's phone: the pages at phone size, with the sandbox's services, and the face answered on the service's own page. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { openPage } from '#tests/support/desk-browser.ts';
import { openCaseFiler } from '#tests/support/filed-cases.ts';
import type { CaseFiler, Filing } from '#tests/support/filed-cases.ts';
import { once } from '#tests/support/once.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { makePerson } from '#tests/support/people.ts';
import { createPhone } from '#tests/support/phone.ts';
import type { Someone } from '#tests/support/phone.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { makeUnitCode } from '#tests/support/unit-codes.ts';
import { unnoted } from '#tests/support/walks.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const data = makeDataFolder();
const password = 'a long password of the test';
const size = { width: 390, height: 844 };
let services: TestOutsideServices;
let server: RunningServer;
let filer: CaseFiler;
let browser: Browser;
/** Stands for every paper that is uploaded. */
let picture: Uint8Array;
let page: Page;
let complaints: string[];

const boss = makePerson('杨法人');
const handler = makePerson('李经办');
const filing: Filing = {
  ...{ unitName: '云南滇池建设工程有限公司', creditCode: makeUnitCode() },
  ...{ representative: boss, handler },
};

beforeAll(async () => {
  services = await startOutsideServices();
  server = await startTestServer(data.folder, {
    services: services.settings,
    accounts: [
      { id: 'reviewer', name: '张科长', department: '主管部门', permissions: ['registrations'], password },
    ],
  });
  filer = await openCaseFiler(data.folder);
  for (const one of [boss, handler]) await createPhone(server.url, services, one).proveName();
  browser = await startBrowser();
  const blank = await browser.newPage({ viewport: { width: 600, height: 400 } });
  await blank.setContent('<h1>营业执照</h1>');
  picture = await blank.screenshot({ type: 'jpeg' });
  await blank.close();
});
afterAll(async () => {
  await browser?.close();
  await filer?.close();
  await server?.close();
  await services?.close();
  data.remove();
});
beforeEach(async () => {
  await filer.db.deleteFrom('tally').execute();
  ({ page, complaints } = await openPage(browser, `${server.url}/m/`, size));
  page.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

const shot = (name: string): Promise<void> => screenshot(page, `phone-${name}`, { fullPage: true });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const heading = (name: string | RegExp) => page.getByRole('heading', { name });
const read = (): Promise<string> => page.locator('main').innerText();

async function signIn({ mobile }: Someone): Promise<void> {
  await page.getByLabel('手机号码').fill(mobile);
  await button('获取验证码').click();
  await page.getByText('验证码已发送').waitFor();
  const code = (await services.sms.last(mobile))?.code ?? '';
  await page.getByLabel('验证码', { exact: true }).fill(code);
  await page.getByRole('checkbox').click();
  await button('登录').click();
  await page.getByText('您好').waitFor();
}
/** Signed in already, as by the page above. */
async function enter(someone: Someone): Promise<void> {
  await unnoted(async () => {
    await filer.db.deleteFrom('tally').execute();
    const phone = createPhone(server.url, services, someone);
    await phone.signIn();
    const [name = '', value = ''] = phone.cookie.split('=');
    await page.context().clearCookies();
    await page.context().addCookies([{ name, value, url: server.url }]);
  });
  await page.goto(`${server.url}/m/`);
  await page.getByText('您好').waitFor();
}
/** What the person presses on the service's page. */
async function showFace(answer: '通过' | '不通过' = '通过'): Promise<void> {
  await button(answer).click();
  await page.waitForURL(/\/m\/face\//);
}
async function openTodo(title: string, caseId: string): Promise<void> {
  await page.getByText('待办事项').first().click();
  const card = page.locator(`[data-todo="${caseId}"]`);
  await card.getByRole('heading', { name: title }).waitFor();
  await card.getByRole('button', { name: '立即办理' }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}
const json = { 'content-type': 'application/json' };
/** The department's reviewer. */
const staff = once(async (): Promise<string> => {
  const signedIn = await fetch(`${server.url}/api/session`, {
    ...{ method: 'POST', headers: json, body: JSON.stringify({ account: 'reviewer', password }) },
  });
  return signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
});
/** What the reviewer may decide now. */
async function waitingAtDesk(): Promise<string[]> {
  const answer = await fetch(`${server.url}/api/cases?state=open`, { headers: { cookie: await staff() } });
  const { cases } = caseListSchema.parse(await answer.json());
  return cases.filter(({ stepTitle }) => stepTitle === '待主管部门审核').map(({ id }) => id);
}
async function decideAsStaff(caseId: string, decision: string, opinion = ''): Promise<void> {
  const answer = await fetch(`${server.url}/api/cases/${caseId}/decisions`, {
    method: 'POST',
    headers: { ...json, cookie: await staff() },
    body: JSON.stringify({ step: 'review', decision, opinion }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
const stateIn = async (caseId: string): Promise<string> =>
  (
    await filer.db
      .selectFrom('case_file')
      .select('step_title')
      .where('id', '=', caseId)
      .executeTakeFirstOrThrow()
  ).step_title;

/** Both are told of it on their own phones. */
async function readNotice(someone: Someone): Promise<string> {
  await enter(someone);
  await page.getByRole('tab', { name: /消息/ }).click();
  await page.locator('li h2').first().waitFor();
  return page.locator('li').first().innerText();
}

test('YNU-010 YNU-107 real-name authentication: agreements, code, name and number, own consent, face', async () => {
  const someone = makePerson('阿依·木呷');
  await services.addPerson(someone);
  await heading('登录').waitFor();
  await shot('sign-in');
  expect(await page.title()).toBe('云南建管');
  await page.getByLabel('手机号码').fill(someone.mobile);
  await button('登录').click();
  await page.getByText('请先阅读并勾选同意用户协议和隐私政策').waitFor();
  await page.getByRole('link', { name: '《用户协议》' }).click();
  await page.getByText('版本 2026-11').waitFor();
  await shot('agreement');
  await page.goBack();
  // what was typed is still there
  expect(await page.getByLabel('手机号码').inputValue()).toBe(someone.mobile);
  await signIn(someone);
  await page.getByText('您还没有完成实名认证').waitFor();
  await shot('home-without-name');
  await button('去实名认证').click();
  await page.getByLabel('姓名').fill(someone.name);
  await page
    .getByLabel('身份证号码')
    .fill(`${someone.idNumber.slice(0, 17)}${someone.idNumber.endsWith('1') ? '2' : '1'}`);
  await button('下一步').click();
  await page.getByRole('alert').filter({ hasText: '身份证号码' }).waitFor();
  await shot('real-name-refused');
  await page.getByLabel('身份证号码').fill(someone.idNumber);
  await button('下一步').click();
  await page.getByText('还需人脸识别').waitFor();
  await shot('real-name-checked');
  await button('开始人脸识别').click();
  await page.getByRole('dialog', { name: '请先单独同意' }).waitFor();
  await shot('face-consent');
  await button('不同意').click();
  await page.getByText('未同意处理人脸信息').waitFor();
  await button('开始人脸识别').click();
  await button('同意并进行人脸识别').click();
  await showFace('不通过');
  await page.getByText('人脸识别没有通过').waitFor();
  await page.goto(`${server.url}/m/real-name`);
  await button('开始人脸识别').click();
  await showFace();
  await heading('实名认证已完成').waitFor();
  await shot('real-name-done');
  await button('返回首页').click();
  await heading('阿依·木呷，您好').waitFor();
  const row = await filer.db
    .selectFrom('person')
    .selectAll()
    .where('id_number', '=', someone.idNumber)
    .executeTakeFirstOrThrow();
  expect(row.real_name_at).not.toBeNull();
});

describe.each([
  {
    type: 'enterprise' as const,
    rows: 'YNU-042 YNU-043 YNU-044 YNU-045 YNU-046 YNU-047 YNU-048',
    step: '待法人确认',
    labels: ['企业名称', '法定代表人', '主经办人'],
  },
  {
    type: 'public-body' as const,
    rows: 'YNU-066 YNU-067 YNU-068',
    step: '待负责人确认',
    labels: ['单位名称', '负责人', '主经办人'],
  },
  {
    type: 'group' as const,
    rows: 'YNU-082 YNU-083 YNU-084',
    step: '待负责人确认',
    labels: ['团体或个人名称', '负责人', '主经办人'],
  },
])('$type', ({ type, rows, step, labels }) => {
  test(`${rows} 待办事项, 立即办理, 确认, face: 待主管部门审核`, async () => {
    const { caseId } = await unnoted(() =>
      filer.registration({ ...filing, creditCode: makeUnitCode() }, type, picture),
    );
    const title = '统一用户中心用户注册确认';
    // nobody but the person named sees or confirms it
    await enter(handler);
    await page.getByText('没有等您办理的事项').waitFor();
    await page.goto(`${server.url}/m/todos/${caseId}`);
    await page.getByText('没有这条待办，或它不是发给您本人的').waitFor();
    expect(await stateIn(caseId)).toBe(step);
    await enter(boss);
    await shot(`home-${type}`);
    await openTodo(title, caseId);
    await page.waitForFunction(() => {
      const pictures = [...document.querySelectorAll<HTMLImageElement>('main img')];
      return pictures.length >= 3 && pictures.every((one) => one.naturalWidth === 600);
    });
    await shot(`todo-${type}`);
    const shown = await read();
    for (const part of [...labels, filing.unitName, handler.name, '203.0.113.7', '谷歌浏览器', step])
      expect(shown).toContain(part);
    for (const secret of [boss.idNumber, handler.idNumber, handler.mobile])
      expect(shown).not.toContain(secret);
    // no face, no confirmation
    await button('确认').click();
    await showFace('不通过');
    await page.getByText('人脸识别没有通过').waitFor();
    expect(await stateIn(caseId)).toBe(step);
    await button('返回待办事项').click();
    await page.locator(`[data-todo="${caseId}"]`).getByRole('button', { name: '立即办理' }).click();
    await button('确认').click();
    await page.getByText(title).first().waitFor();
    await showFace();
    await heading('已确认').waitFor();
    await shot(`confirmed-${type}`);
    expect(await read()).toContain('待主管部门审核');
    expect(await stateIn(caseId)).toBe('待主管部门审核');
    // the department has it now
    expect(await waitingAtDesk()).toContain(caseId);
    // the face was for this once
    await page.reload();
    await page.getByText('这次人脸识别已经用过').waitFor();
  });
});

test.each([
  {
    rows: 'YNU-053',
    type: 'enterprise' as const,
    decision: 'approve',
    text: '注册成功',
  },
  {
    rows: 'YNU-054',
    type: 'enterprise' as const,
    decision: 'refuse',
    text: '注册失败',
  },
  {
    rows: 'YNU-071',
    type: 'public-body' as const,
    decision: 'refuse',
    text: '注册失败',
  },
  { rows: 'YNU-086', type: 'group' as const, decision: 'refuse', text: '注册失败' },
])('$rows $text comes to the person named and to the handler', async ({ type, decision, text }) => {
  const [representative, clerk] = [makePerson('张法人'), makePerson('赵经办')];
  const own: Filing = { ...filing, creditCode: makeUnitCode(), representative, handler: clerk };
  const caseId = await unnoted(async () => {
    const phones = [representative, clerk].map((one) => createPhone(server.url, services, one));
    for (const phone of phones) await phone.proveName();
    const filed = await filer.registration(own, type);
    await phones[0]?.confirm(filed.caseId);
    return filed.caseId;
  });
  await enter(representative);
  await page.getByText('没有未读消息').waitFor();
  await decideAsStaff(caseId, decision, '章不清楚');
  // without reloading
  await page.getByText('1 条未读').waitFor();
  for (const one of [representative, clerk]) {
    const notice = await readNotice(one);
    for (const part of [text, filing.unitName, '章不清楚']) expect(notice).toContain(part);
  }
  await shot(`notices-${decision}`);
});

test('YNU-070 YNU-085 注册成功 comes to 负责人 and 主经办人 of a public body and of a group', async () => {
  for (const type of ['public-body', 'group'] as const) {
    const [representative, clerk] = [makePerson('钱负责'), makePerson('孙经办')];
    const caseId = await unnoted(async () => {
      const phones = [representative, clerk].map((one) => createPhone(server.url, services, one));
      for (const phone of phones) await phone.proveName();
      const filed = await filer.registration(
        { ...filing, creditCode: makeUnitCode(), representative, handler: clerk },
        type,
      );
      await phones[0]?.confirm(filed.caseId);
      return filed.caseId;
    });
    await decideAsStaff(caseId, 'approve');
    for (const one of [representative, clerk]) expect(await readNotice(one)).toContain('注册成功');
  }
});

test('YNU-103 YNU-108 YNU-109 YNU-110 添加账号确认 comes to the 法人 by itself; confirmed with the face, the account is in use', async () => {
  const clerk = makePerson('周新人');
  await unnoted(() => createPhone(server.url, services, clerk).proveName());
  await enter(boss);
  const { caseId, recordId } = await unnoted(() => filer.handlerAccount(filing, clerk));
  const isPending = async () =>
    (
      await filer.db
        .selectFrom('account')
        .select('is_pending')
        .where('record_id', '=', recordId)
        .executeTakeFirstOrThrow()
    ).is_pending;
  expect(await isPending()).toBe(1);
  await openTodo('添加账号确认', caseId);
  expect(await read()).toContain(clerk.name);
  await button('确认').click();
  await showFace();
  await heading('已确认').waitFor();
  expect(await isPending()).toBe(0);
  expect(await readNotice(clerk)).toContain('经办人账号已启用');
});

test('YNU-124 YNU-125 更换主经办人: nothing changes before the 法人 confirms, and a refusal leaves it', async () => {
  const [representative, first, second] = [makePerson('吴法人'), makePerson('郑经办'), makePerson('王接手')];
  const own: Filing = {
    ...{ unitName: '玉溪路桥有限公司', creditCode: makeUnitCode() },
    ...{ representative, handler: first },
  };
  const { refused, changed } = await unnoted(async () => {
    for (const one of [first, second]) await createPhone(server.url, services, one).proveName();
    const phone = createPhone(server.url, services, representative);
    await phone.proveName();
    const { caseId } = await filer.registration(own);
    await phone.confirm(caseId);
    await decideAsStaff(caseId, 'approve');
    return {
      refused: (await filer.mainHandlerChange(own, second)).caseId,
      changed: (await filer.mainHandlerChange(own, second)).caseId,
    };
  });
  const mainOf = async () =>
    (
      await filer.db
        .selectFrom('account')
        .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
        .select('account.name')
        .where('organisation.credit_code', '=', own.creditCode)
        .where('account.kind', '=', 'main')
        .executeTakeFirstOrThrow()
    ).name;
  await enter(representative);
  await openTodo('更换主经办人', refused);
  await button('不同意').click();
  await page.getByRole('dialog', { name: '确定不同意吗？' }).waitFor();
  await shot('refusal');
  await button('再看看').click();
  expect(await mainOf()).toBe(first.name);
  await button('不同意').click();
  await page.getByLabel('原因（可不填）').fill('不认识此人');
  await page.getByRole('dialog').getByRole('button', { name: '不同意' }).click();
  await page.getByText('未通过').waitFor();
  expect(await mainOf()).toBe(first.name);
  await page.goto(`${server.url}/m/`);
  await openTodo('更换主经办人', changed);
  await button('确认').click();
  await showFace();
  await heading('已确认').waitFor();
  expect(await mainOf()).toBe(second.name);
});

test('a person sees what is kept, takes the consent back, ends another device, and leaves', async () => {
  const someone = makePerson('冯离开');
  await unnoted(() => createPhone(server.url, services, someone).proveName());
  await enter(someone);
  await page.getByRole('tab', { name: '我的' }).click();
  await page.getByText('本人信息').waitFor();
  await page.getByText('本机').waitFor();
  await shot('mine');
  const shown = await read();
  expect(shown).toContain('版本 2026-11');
  for (const secret of [someone.idNumber, someone.mobile]) expect(shown).not.toContain(secret);
  const download = page.waitForEvent('download');
  await button('下载本人数据').click();
  expect((await download).suggestedFilename()).toBe('本人数据.json');
  await button('退出该设备').click();
  await button('退出该设备').waitFor({ state: 'detached' });
  await button('撤回人脸信息同意').click();
  await button('确定').click();
  await page.getByText(/撤回$/).waitFor();
  await page.getByRole('link', { name: '注销账号' }).click();
  await shot('erasure');
  // the consent was taken back: it is asked for again, and so is the face, never a code alone
  await button('人脸识别并注销').click();
  await button('同意并进行人脸识别').click();
  await page.getByText('账号注销').first().waitFor();
  await showFace('不通过');
  await page.getByText('人脸识别没有通过').waitFor();
  await page.goto(`${server.url}/m/mine/erasure`);
  await button('人脸识别并注销').click();
  await showFace();
  await heading('账号已注销').waitFor();
  await page.goto(`${server.url}/m/mine`);
  await heading('登录').waitFor();
});

test('an agreement that has a new version is agreed to anew before anything else, or signs out', async () => {
  const someone = makePerson('陈新约');
  await signIn(someone);
  const outdate = async (): Promise<void> => {
    await filer.db
      .updateTable('consent')
      .set({ version: '2025-01' })
      .where('document', '=', 'privacy')
      .execute();
    await page.goto(`${server.url}/m/mine`);
    await heading('协议已更新').waitFor();
  };
  await outdate();
  await shot('new-agreements');
  const shown = await read();
  expect(shown).toContain('隐私政策');
  expect(shown).not.toContain('用户协议');
  await button('同意并继续').click();
  await page.getByText('本人信息').waitFor();
  await outdate();
  await button('不同意，退出登录').click();
  await heading('登录').waitFor();
});

test('no text of the pages is smaller than 16 pixels, and nothing is wider than the phone', async () => {
  const { caseId } = await unnoted(() =>
    filer.registration({ ...filing, creditCode: makeUnitCode() }, 'public-body'),
  );
  const check = async (): Promise<void> => {
    const found = await page.evaluate(() => {
      const small = [...document.querySelectorAll<HTMLElement>('#app *')]
        .filter((one) =>
          [...one.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
          ),
        )
        .filter((one) => Number.parseFloat(getComputedStyle(one).fontSize) < 16)
        .map((one) => `${one.className}: ${one.textContent}`);
      return { small, width: document.documentElement.scrollWidth };
    });
    expect(found).toEqual({ small: [], width: size.width });
  };
  await heading('登录').waitFor();
  await check();
  await signIn(boss);
  await check();
  for (const [path, title] of [
    ['todos', '待办事项'],
    [`todos/${caseId}`, '统一用户中心用户注册确认'],
    ['notices', '消息'],
    ['mine', '我的'],
    ['real-name', '实名认证'],
  ] as const) {
    await page.goto(`${server.url}/m/${path}`);
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    await check();
  }
});

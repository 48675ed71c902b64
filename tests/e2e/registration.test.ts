/** 主账号注册 in a browser, each type from its page to what the department decides, before a real server with real pictures. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import { startBrowser } from '#tests/support/desk-browser.ts';
import { makePerson } from '#tests/support/people.ts';
import type { Phone } from '#tests/support/phone.ts';
import { clerk, people, startRegistrationOffice } from '#tests/support/registration-office.ts';
import type { RegistrationOffice } from '#tests/support/registration-office.ts';
import {
  blurred,
  cardBack,
  cardFront,
  certificateOf,
  entriesOf,
  letter,
  licenceOf,
  makeUnit,
  openWalk,
  types,
} from '#tests/support/registration-walk.ts';
import type { TypeId, Unit, Walk } from '#tests/support/registration-walk.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

/** Its reader is turned off: what the pages do with pictures needs no reading. */
let office: RegistrationOffice;
/** Reads what is uploaded. */
let reading: RegistrationOffice;
let browser: Browser;
let authorisation: Uint8Array;
let commitment: Uint8Array;
const open: Walk[] = [];

beforeAll(async () => {
  await buildConsolePages();
  [office, reading] = await Promise.all([
    startRegistrationOffice(),
    startRegistrationOffice({ uploadReading: { enabled: true } }),
  ]);
  browser = await startBrowser();
  for (const person of Object.values(people)) await office.phoneOf(person);
  [authorisation, commitment] = [await letter('授权委托书'), await letter('承诺书')];
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await reading?.close();
});
afterEach(async () => {
  const complaints = open.flatMap((walk) => walk.complaints);
  for (const walk of open.splice(0)) await walk.close();
  expect(complaints).toEqual([]);
});

async function begin(path?: string, { server } = office): Promise<Walk> {
  const walk = await openWalk(browser, server.url, path === undefined ? {} : { path });
  open.push(walk);
  return walk;
}
async function beginForm(type: TypeId, at = office): Promise<Walk> {
  const walk = await begin(undefined, at);
  await walk.choose(type);
  await walk.readNotice();
  return walk;
}
const firstPaper = {
  enterprise: (unit: Unit) => licenceOf(unit),
  'public-body': (unit: Unit) => certificateOf(unit),
  'group-or-person': () => cardFront(),
} as const;
async function attachPapers(walk: Walk, type: TypeId, unit: Unit): Promise<void> {
  const [first] = types[type].papers;
  await walk.upload(first, await firstPaper[type](unit));
  await walk.looked(first);
  if (type === 'group-or-person') {
    await walk.upload('id-card-back', await cardBack());
    await walk.looked('id-card-back');
  }
  await walk.upload('authorisation', authorisation);
  await walk.looked('authorisation');
  await walk.upload('commitment', commitment);
  await walk.looked('commitment');
}
interface Filed {
  walk: Walk;
  unit: Unit;
  caseId: string;
  entries: Record<string, string>;
  /** Of the main handler, and of the person named. */
  phone: Phone;
  confirmer: Phone;
}
/** Filled in and filed: the page that waits is open. */
async function fileOne(type: TypeId): Promise<Filed> {
  const unit = await makeUnit(office);
  const handler = makePerson('张新');
  const phone = await office.phoneOf(handler);
  // a group is known by whoever answers for it: each registration needs another one
  const boss = type === 'group-or-person' ? makePerson('刀新') : types[type].boss;
  const confirmer = await office.phoneOf(boss);
  const walk = await beginForm(type);
  await attachPapers(walk, type, unit);
  const entries = entriesOf(type, unit, { handler, boss });
  await walk.fill(entries);
  await walk.submit();
  await walk.state('filed').waitFor();
  const { id: caseId } = await office.caseOf(unit.unitName);
  return { walk, unit, caseId, entries, phone, confirmer };
}

/** The department's desk, in a window of its own. */
async function openDesk(): Promise<Page> {
  const walk = await begin('/');
  await walk.page.getByLabel('账号').fill(clerk.id);
  await walk.page.getByLabel('密码', { exact: true }).fill(clerk.password);
  await walk.page.getByRole('button', { name: '登录' }).click();
  await walk.page.getByRole('tab', { name: '待审核' }).waitFor();
  return walk.page;
}
async function decideAtDesk(unit: Unit, decision: 'approve' | 'refuse', opinion = ''): Promise<Page> {
  const page = await openDesk();
  await page.getByRole('row').filter({ hasText: unit.unitName }).getByRole('link').first().click();
  await page.locator(`[data-decision="${decision}"]`).waitFor();
  if (opinion !== '') await page.locator('textarea').fill(opinion);
  await page.locator(`[data-decision="${decision}"]`).click();
  await page.locator('[data-test=accept]').click();
  await page.locator('[data-test=decided]').waitFor();
  return page;
}

describe('the page of types', () => {
  test('YNU-017 YNQ-002 YNQ-003 立即注册 on the login page leads to 请选择注册的帐号类型', async () => {
    const walk = await begin('/user-centre/login');
    await walk.page.getByRole('link', { name: '立即注册' }).click();
    await walk.page.getByRole('heading', { name: '请选择注册的帐号类型' }).waitFor();
    expect(new URL(walk.page.url()).pathname).toBe('/user-centre/register');
  });

  test('YNU-001 YNU-009 YNU-010 YNU-011 YNU-012 says whose it is, what must be done before and why, and with which browsers', async () => {
    const walk = await begin();
    const text = async (): Promise<string> => walk.page.locator('body').innerText();
    await walk.card('enterprise').waitFor();
    expect(await text()).toContain('云南省建筑市场监管与诚信一体化平台用户中心');
    expect(await text()).toContain('法人或主要负责人须先在“云南建管”小程序完成实名认证');
    expect(await walk.page.locator('[data-test=reason]').innerText()).toContain('及时接收企业相关待办信息');
    expect(await text()).toMatch(/谷歌.*360浏览器/);
    expect(await text()).toContain('主账号属于主经办人');
    expect(await text()).toContain('主账号注册（主经办人）');
    await walk.shot('registration-types');
  });

  test('YNU-002 YNU-018 YNQ-004 offers the types, which between them and the desk reach every audience', async () => {
    const walk = await begin();
    await walk.card('enterprise').waitFor();
    const titles = await walk.page.locator('[data-type] h2').allInnerTexts();
    expect(titles).toEqual(['企业', '事业单位、政府、机构', '团体、个人及其他']);
    const desk = await openDesk();
    expect(await desk.locator('body').innerText()).toContain(clerk.name);
  });

  test('YNU-019 YNU-020 YNU-021 YNU-026 says of 企业 for whom it is and what it needs', async () => {
    const walk = await begin();
    const text = await walk.card('enterprise').innerText();
    for (const part of ['普通企业、建设单位、招标项目负责人', '须上传企业营业执照'])
      expect(text).toContain(part);
    expect(text).toContain('须与工商备案信息一致');
    expect(text).toContain('须企业法人在“云南建管”小程序确认');
  });

  test('YNU-022 YNU-023 YNU-024 YNU-025 YNU-073 says of the other types what they need', async () => {
    const walk = await begin();
    const body = await walk.card('public-body').innerText();
    expect(body).toContain('须上传单位证件');
    expect(body).toContain('须单位负责人在“云南建管”小程序确认');
    const group = await walk.card('group-or-person').innerText();
    expect(group).toContain('个人报建（甲方）');
    expect(group).toContain('须上传负责人身份证正反面');
    expect(group).toContain('在“云南建管”小程序确认');
  });

  test('YNQ-008 the registration guide is reachable, step by step', async () => {
    const walk = await begin();
    await walk.page.getByRole('link', { name: '注册指引' }).click();
    await walk.page.getByRole('heading', { name: '注册指引' }).waitFor();
    const text = await walk.page.locator('body').innerText();
    for (const part of ['选择账号类型', '填写注册信息', '法人或负责人确认', '主管部门审核', '注册成功'])
      expect(text).toContain(part);
    await walk.shot('registration-guide', true);
  });
});

describe('账号注册说明', () => {
  test.each<[TypeId, string, string]>([
    ['enterprise', '企业基本信息', 'YNU-026 YNU-027 YNU-028 YNU-029'],
    ['public-body', '事业单位、政府、机构基本信息', 'YNU-057 YNU-058 YNU-059'],
    ['group-or-person', '团体、个人及其他基本信息', 'YNU-074 YNU-075 YNU-076'],
  ])(
    '$2 opens by itself on the page of $0 and closes after five seconds with 我知道了',
    async (type, title) => {
      const walk = await begin();
      await walk.choose(type);
      await walk.page.getByRole('heading', { name: title }).waitFor();
      await walk.notice().waitFor();
      const button = walk.notice().getByRole('button');
      expect(await button.innerText()).toMatch(/我知道了（\d 秒）/);
      expect(await button.isDisabled()).toBe(true);
      await walk.page.clock.fastForward(4_000);
      expect(await button.isDisabled()).toBe(true);
      await walk.page.keyboard.press('Escape');
      expect(await walk.notice().isVisible()).toBe(true);
      await walk.shot(`registration-notice-${type}`);
      await walk.page.clock.fastForward(1_100);
      await walk.page.getByRole('button', { name: '我知道了', exact: true }).click();
      await walk.notice().waitFor({ state: 'detached' });
    },
  );
});

describe('papers', () => {
  test('YNU-030 YNU-031 YNU-032 the licence is read into the form; an unclear one is told, what was read can be corrected and stays', async () => {
    const unit = await makeUnit(reading);
    const walk = await beginForm('enterprise', reading);
    const licence = await licenceOf(unit);
    expect(await walk.slot('licence').innerText()).toContain('请确保营业执照图片清晰');
    await walk.upload('licence', await blurred(licence));
    expect(await walk.looked('licence')).toContain('图片不清晰，请重新拍摄');
    await walk.slot('licence').getByRole('button', { name: '删除' }).click();
    await walk.slot('licence').locator('[data-file]').waitFor({ state: 'detached' });

    await walk.upload('licence', licence);
    expect(await walk.looked('licence')).toContain('已识别并填入下方');
    expect(await walk.entry('unitName').locator('.input').inputValue()).toBe(unit.unitName);
    expect(await walk.entry('creditCode').locator('.input').inputValue()).toBe(unit.creditCode);
    for (const id of ['unitName', 'creditCode', 'unitType', 'address', 'establishedOn', 'representative'])
      expect(await walk.entry(id).locator('[data-test=origin]').innerText()).toBe('识别填写，请核对');
    expect(await walk.entry('handler').locator('[data-test=origin]').count()).toBe(0);

    const address = walk.entry('address');
    await address.locator('.input').fill('云南省昆明市五华区人民中路89号');
    expect(await address.locator('[data-test=origin]').innerText()).toBe('已更正');
    await address.locator('.input').blur();
    await walk.page.locator('[data-test=saved]').filter({ hasText: '已自动保存' }).waitFor();
    await walk.shot('registration-read', true);
    await walk.page.reload();
    await walk.readNotice();
    expect(await address.locator('.input').inputValue()).toContain('89号');
    expect(await address.innerText()).toContain('88号');
    expect(await walk.slot('licence').locator('[data-file]').count()).toBe(1);
  });

  test('an ID card in the place of the licence is told, and fills nothing', async () => {
    const walk = await beginForm('enterprise', reading);
    await walk.upload('licence', await cardFront());
    expect(await walk.looked('licence')).toMatch(/这看起来是.*身份证.*，不是营业执照/);
    expect(await walk.entry('address').locator('.input').inputValue()).toBe('');
  });

  test('YNU-060 the unit certificate fills the form of a public body', async () => {
    const unit = await makeUnit(reading);
    const walk = await beginForm('public-body', reading);
    await walk.upload('unit-certificate', await certificateOf(unit));
    expect(await walk.looked('unit-certificate')).toContain('已识别并填入下方');
    expect(await walk.entry('creditCode').locator('.input').inputValue()).toBe(unit.creditCode);
    expect(await walk.entry('unitName').locator('.input').inputValue()).toBe(unit.unitName);
    await walk.fill({ 主经办人: '张丽华' });
    expect(await walk.entry('handler').locator('.input').inputValue()).toBe('张丽华');
  });

  test('YNU-077 both sides of the ID card are asked for, and its front fills the form', async () => {
    const walk = await beginForm('group-or-person', reading);
    await walk.upload('id-card-front', await cardFront());
    expect(await walk.looked('id-card-front')).toContain('已识别并填入下方');
    expect(await walk.entry('representativeId').locator('.input').inputValue()).toBe(people.dao.idNumber);
    expect(await walk.entry('representative').locator('.input').inputValue()).toBe(people.dao.name);
    await walk.submit();
    await walk.page.locator('[data-test=problems]').waitFor();
    expect(await walk.slot('id-card-back').innerText()).toContain('请上传负责人身份证（国徽面）');
  });

  test.each<[TypeId, string, string]>([
    ['enterprise', '由法定代表人签字并加盖公章', 'YNU-036 YNU-037 YNU-038'],
    ['public-body', '由负责人签字并加盖公章', 'YNU-062'],
    ['group-or-person', '由负责人签字并盖章', 'YNU-079'],
  ])(
    '$2 授权委托书 and 承诺书 of $0 are asked for signed and sealed, and taken as pictures alone',
    async (type, hint) => {
      const walk = await beginForm(type);
      const pdf = new TextEncoder().encode('%PDF-1.7\n授权委托书');
      const bytes = { authorisation, commitment };
      for (const id of ['authorisation', 'commitment'] as const) {
        expect(await walk.slot(id).innerText()).toContain(hint);
        await walk.upload(id, pdf, '授权委托书.jpg');
        await walk.slot(id).getByRole('alert').waitFor();
        expect(await walk.slot(id).innerText()).toContain('只能以图片格式上传');
        expect(await walk.slot(id).locator('[data-file]').count()).toBe(0);
        await walk.upload(id, bytes[id]);
        await walk.looked(id);
        expect(await walk.slot(id).locator('[data-file]').count()).toBe(1);
      }
      await walk.submit();
      await walk.page.locator('[data-test=problems]').waitFor();
      expect(await walk.slot('authorisation').innerText()).not.toContain('请上传');
    },
  );
});

describe('提交', () => {
  test('YNU-032 YNU-039 YNQ-005 goes through only once everything is there, each gap named', async () => {
    const unit = await makeUnit(office);
    const walk = await beginForm('enterprise');
    await walk.submit();
    await walk.page.locator('[data-test=problems]').waitFor();
    expect(await walk.entry('creditCode').innerText()).toContain('请填写统一社会信用代码');
    expect(await walk.slot('licence').innerText()).toContain('请上传营业执照');
    await attachPapers(walk, 'enterprise', unit);
    await walk.fill({ ...entriesOf('enterprise', unit), 法定代表人身份证号: '530102198502302019' });
    await walk.submit();
    await walk.page.getByText('还有 1 处需要修改').waitFor();
    expect(await walk.entry('representativeId').innerText()).toContain('出生日期不是有效日期');
    await walk.shot('registration-problems');
    expect(new URL(walk.page.url()).pathname).toBe('/user-centre/register/form');
    await walk.fill({ 法定代表人身份证号: people.yang.idNumber });
    await walk.submit();
    await walk.state('filed').waitFor();
  });

  test('YNU-020 YNU-035 what disagrees with the business register is marked red, and goes through once it agrees', async () => {
    const unit = await makeUnit(office);
    const walk = await beginForm('enterprise');
    await attachPapers(walk, 'enterprise', unit);
    await walk.fill({ ...entriesOf('enterprise', unit), 住所: '云南省昆明市盘龙区别处1号' });
    await walk.submit();
    await walk.page.getByText('还有 1 处需要修改').waitFor();
    const entry = walk.entry('address');
    expect(await entry.innerText()).toContain('住所与工商备案不一致');
    expect(await entry.locator('.input').getAttribute('aria-invalid')).toBe('true');
    expect(await walk.entry('unitName').locator('.input').getAttribute('aria-invalid')).toBe('false');
    await walk.fill({ 住所: '云南省昆明市五华区人民中路88号' });
    await walk.submit();
    await walk.state('filed').waitFor();
  });

  test.each<[TypeId, string, string, string]>([
    ['enterprise', '法定代表人', '法定代表人尚未在云南建管小程序完成实名认证', 'YNU-033 YNU-034'],
    ['public-body', '负责人', '负责人尚未在云南建管小程序完成实名认证', 'YNU-061'],
    ['group-or-person', '负责人', '负责人尚未在云南建管小程序完成实名认证', 'YNU-078'],
  ])(
    '$3 of $0 the person named and the main handler must have proved their real names',
    async (type, label, text) => {
      const unit = await makeUnit(office);
      const walk = await beginForm(type);
      await attachPapers(walk, type, unit);
      // 赵国强 is nobody's phone here
      const unproved = { name: '赵国强', idNumber: '53062119760101605X', mobile: '13900000015' };
      await walk.fill(entriesOf(type, unit, { handler: unproved }));
      await walk.submit();
      await walk.page.getByText('主经办人尚未在云南建管小程序完成实名认证').waitFor();
      const right = entriesOf(type, unit);
      await walk.fill({ ...right, [`${label}身份证号`]: unproved.idNumber });
      await walk.submit();
      await walk.page.getByText(text).waitFor();
      await walk.fill(right);
      await walk.submit();
      await walk.state('filed').waitFor();
    },
  );
});

test('a legal person who does not answer is reminded by a message, and the registration can be taken back, changed and filed anew', async () => {
  const { walk, entries, caseId, confirmer } = await fileOne('enterprise');
  await walk.page.getByRole('button', { name: '提醒法人' }).click();
  await walk.page.getByText('已发送短信提醒').waitFor();
  const message = await office.sandbox.sms.last(types.enterprise.boss.mobile);
  expect(message?.text).toContain('等待您本人确认');
  await walk.page.getByRole('button', { name: '撤回修改' }).click();
  await walk.page.locator('[data-test=accept]').click();
  await walk.readNotice();
  expect((await confirmer.todos()).map(({ id }) => id)).not.toContain(caseId);
  expect(await walk.entry('handlerId').locator('.input').inputValue()).toBe(entries['主经办人身份证号']);
  await walk.submit();
  await walk.state('filed').waitFor();
});

describe.each<[TypeId, Record<'submitted' | 'waiting' | 'refused', string>]>([
  [
    'enterprise',
    {
      submitted: 'YNU-039 YNU-040 YNU-041',
      waiting: 'YNU-049 YNU-050 YNU-051 YNU-052 YNQ-006',
      refused: 'YNU-055 YNU-056',
    },
  ],
  [
    'public-body',
    {
      submitted: 'YNU-063 YNU-064 YNU-065',
      waiting: 'YNU-069 YNU-128 YNU-130',
      refused: 'YNU-072',
    },
  ],
  ['group-or-person', { submitted: 'YNU-080 YNU-081', waiting: 'YNU-129 YNU-131', refused: 'YNU-087' }],
])('%s', (type, rows) => {
  test(`${rows.submitted} ${rows.waiting} is filed, confirmed on the phone, reviewed at the desk and registered, and the page moves on by itself`, async () => {
    const { walk, unit, caseId, confirmer } = await fileOne(type);
    expect(new URL(walk.page.url()).pathname).toBe('/user-centre/register/confirmation');
    await walk.page
      .getByRole('heading', { name: `${types[type].confirmer}确认`, exact: true, level: 1 })
      .waitFor();
    await walk.shot(`registration-filed-${type}`);
    const todos = await confirmer.todos();
    expect(todos.filter(({ id }) => id === caseId).map(({ title }) => title)).toEqual([
      '统一用户中心用户注册确认',
    ]);
    const staff = await office.signIn();
    const early = await office.decide(staff, caseId, { step: 'review', decision: 'approve' });
    expect(early.body['code']).toBe('CONFIRMATION_MISSING');

    await confirmer.confirm(caseId);
    await walk.state('under-review').waitFor();
    const text = await walk.state('under-review').innerText();
    expect(text).toContain('待主管部门审核');
    expect(text).toContain('请耐心等待结果');
    expect(await walk.state('under-review').getByRole('button').count()).toBe(0);
    await walk.shot(`registration-review-${type}`);

    const desk = await decideAtDesk(unit, 'approve');
    expect(await desk.locator('[data-test=in-person]').innerText()).toContain('本人');
    await walk.state('approved').waitFor();
    expect(await walk.state('approved').innerText()).toMatch(/注册成功[\s\S]*扫一扫/);
    await walk.shot(`registration-approved-${type}`);
    await walk.page.getByRole('link', { name: '去登录' }).click();
    await walk.page.waitForURL('**/user-centre/login');
  });

  test(`${rows.refused} a rejection goes back to the types with everything typed, also on another computer after a scan`, async () => {
    const { walk, unit, caseId, entries, phone, confirmer } = await fileOne(type);
    await confirmer.confirm(caseId);
    await walk.state('under-review').waitFor();
    await decideAtDesk(unit, 'refuse', '授权委托书没有盖章');
    await walk.state('refused').waitFor();
    expect(await walk.state('refused').innerText()).toContain('注册失败');
    expect(await walk.page.locator('[data-test=opinion]').innerText()).toBe('授权委托书没有盖章');
    await walk.shot(`registration-refused-${type}`);

    const elsewhere = await begin();
    const shown = elsewhere.page.waitForResponse((answer) => answer.url().endsWith('/api/login-tickets'));
    await elsewhere.page.getByRole('link', { name: '扫码继续办理' }).click();
    const { path } = (await (await shown).json()) as { path: string };
    await elsewhere.page.locator('.scan[data-state=waiting]').waitFor();
    await elsewhere.shot(`registration-resume-${type}`);
    await scan(phone, path);
    await elsewhere.state('refused').waitFor();
    await elsewhere.page.getByRole('button', { name: '重新选择账号类型' }).click();
    await elsewhere.page.getByRole('heading', { name: '请选择注册的帐号类型' }).waitFor();
    await elsewhere.choose(type);
    await elsewhere.readNotice();
    for (const [label, value] of Object.entries(entries).filter(([one]) => one.includes('身份证号')))
      expect(await elsewhere.page.getByLabel(new RegExp(`^\\*?\\s*${label}`)).inputValue()).toBe(value);
    expect(await elsewhere.slot('authorisation').locator('[data-file]').count()).toBe(1);
    await elsewhere.submit();
    await elsewhere.state('filed').waitFor();
  });
});

/** The main handler scans the code on the screen with his phone and says yes. */
async function scan(phone: Phone, path: string): Promise<void> {
  const ticket = new URL(path, office.server.url).searchParams.get('t') ?? '';
  await phone.ask(loginTicketRoutes.scanTicket, { body: { ticket } });
  await phone.ask(loginTicketRoutes.chooseByTicket, { body: { ticket } });
}

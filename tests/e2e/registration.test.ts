/** 主账号注册 in a browser, each type from its page to 提交, before a real server with real pictures. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { makePerson } from '#tests/support/people.ts';
import { openRegistrationForms } from '#tests/support/registration-forms.ts';
import type { RegistrationForms } from '#tests/support/registration-forms.ts';
import { clerk, people, startRegistrationOffice } from '#tests/support/registration-office.ts';
import type { RegistrationOffice } from '#tests/support/registration-office.ts';
import {
  blurred,
  cardFront,
  certificateOf,
  entriesOf,
  licenceOf,
  makeUnit,
  types,
} from '#tests/support/registration-walk.ts';
import type { TypeId } from '#tests/support/registration-walk.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

/** Its reader is turned off: what the pages do with pictures needs no reading. */
let office: RegistrationOffice;
/** Reads what is uploaded. */
let reading: RegistrationOffice;
let browser: Browser;
let forms: RegistrationForms;

beforeAll(async () => {
  await buildConsolePages();
  [office, reading] = await Promise.all([
    startRegistrationOffice(),
    startRegistrationOffice({ uploadReading: { enabled: true } }),
  ]);
  browser = await startBrowser();
  forms = await openRegistrationForms({ browser, office });
  for (const person of Object.values(people)) await office.phoneOf(person);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await office?.close();
  await reading?.close();
});
afterEach(() => forms.closeOpen());

describe('the page of types', () => {
  test('YNU-001 YNU-009 YNU-010 YNU-011 YNU-012 says whose it is, what must be done before and why, and with which browsers', async () => {
    const walk = await forms.typesPage();
    await walk.card('enterprise').waitFor();
    expect(await walk.page.locator('header').innerText()).toContain(
      '云南省建筑市场监管与诚信一体化平台用户中心',
    );
    const before = await walk.page.locator('.before').innerText();
    expect(before).toContain('法人或主要负责人须先在“云南建管”小程序完成实名认证');
    expect(await walk.page.locator('[data-test=reason]').innerText()).toContain('及时接收企业相关待办信息');
    expect(before).toMatch(/谷歌.*360浏览器/);
    expect(before).toContain('主账号属于主经办人');
    expect(before).toContain('主账号注册（主经办人）');
    await walk.shot('registration-types');
  });

  test('YNU-002 YNU-018 YNQ-004 offers the types, which between them and the desk reach every audience', async () => {
    const walk = await forms.typesPage();
    await walk.card('enterprise').waitFor();
    const titles = await walk.page.locator('[data-type] h2').allInnerTexts();
    expect(titles).toEqual(['企业', '事业单位、政府、机构', '团体、个人及其他']);
    expect(await (await forms.desk()).locator('body').innerText()).toContain(clerk.name);
  });

  test('YNU-019 YNU-020 YNU-021 YNU-026 says of 企业 for whom it is and what it needs', async () => {
    const text = await (await forms.typesPage()).card('enterprise').innerText();
    for (const part of ['普通企业、建设单位、招标项目负责人', '须上传企业营业执照'])
      expect(text).toContain(part);
    expect(text).toContain('须与工商备案信息一致');
    expect(text).toContain('须企业法人在“云南建管”小程序确认');
  });

  test('YNU-022 YNU-023 YNU-024 YNU-025 YNU-073 says of the other types what they need', async () => {
    const walk = await forms.typesPage();
    const body = await walk.card('public-body').innerText();
    expect(body).toContain('须上传单位证件');
    expect(body).toContain('须单位负责人在“云南建管”小程序确认');
    const group = await walk.card('group-or-person').innerText();
    expect(group).toContain('个人报建（甲方）');
    expect(group).toContain('须上传负责人身份证正反面');
    expect(group).toContain('在“云南建管”小程序确认');
  });

  test('YNQ-008 the registration guide is reachable, step by step', async () => {
    const walk = await forms.begin();
    const { page } = walk;
    await page.getByRole('link', { name: '注册指引' }).click();
    await page.getByRole('heading', { name: '注册指引' }).waitFor();
    const titles = await page.locator('.steps h2').allInnerTexts();
    expect(titles.map((title) => title.replace(/^\d+\s*/, ''))).toEqual([
      ...['选择账号类型', '填写注册信息', '法人或负责人确认', '主管部门审核', '注册成功'],
    ]);
    for (const part of ['点击“立即注册”', '点击“提交”', '“立即办理”', '请耐心等待结果', '“扫一扫”即可登录'])
      expect(await page.locator('.steps').innerText()).toContain(part);
    await walk.shot('registration-guide', true);
  });
});

describe('账号注册说明', () => {
  test.each<[TypeId, string, string, string]>([
    ['enterprise', '企业基本信息', '企业名称', 'YNU-026 YNU-027 YNU-028 YNU-029 YNQ-004'],
    ['public-body', '事业单位、政府、机构基本信息', '单位名称', 'YNU-057 YNU-058 YNU-059'],
    ['group-or-person', '团体、个人及其他基本信息', '团体或个人名称', 'YNU-074 YNU-075 YNU-076'],
  ])(
    '$3 choosing $0 leads to its page, on which the notice opens by itself and closes after five seconds with 我知道了',
    async (type, title, nameLabel) => {
      const walk = await forms.begin();
      const { page } = walk;
      await walk.card(type).waitFor();
      // the page's time stands still: nothing passes but what the test lets pass
      await page.clock.pauseAt(Date.now() + 1_000);
      await walk.choose(type);
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      await walk.notice().waitFor();
      const button = walk.notice().getByRole('button');
      await page.clock.runFor(50);
      expect(await button.innerText()).toBe('我知道了（5 秒）');
      await page.clock.runFor(4_900);
      expect(await button.innerText()).toBe('我知道了（1 秒）');
      expect(await button.isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      expect(await walk.notice().isVisible()).toBe(true);
      await walk.shot(`registration-notice-${type}`);
      await page.clock.runFor(200);
      expect(await button.innerText()).toBe('我知道了');
      await button.click();
      await walk.notice().waitFor({ state: 'detached' });
      expect(await walk.entry('unitName').locator('label').innerText()).toContain(nameLabel);
    },
  );
});

describe('papers', () => {
  test('YNU-030 YNU-031 YNU-032 the licence is read into the form; another paper and an unclear one are told, what was read can be corrected and stays', async () => {
    const unit = await makeUnit(reading);
    const walk = await forms.beginForm('enterprise', reading);
    const licence = await licenceOf(unit);
    expect(await walk.slot('licence').innerText()).toContain('请确保营业执照图片清晰');
    for (const [bytes, told] of [
      [await cardFront(), /这看起来是.*身份证.*，不是营业执照/],
      [await blurred(licence), /图片不清晰，请重新拍摄/],
    ] as const) {
      await walk.upload('licence', bytes);
      expect(await walk.looked('licence')).toMatch(told);
      await walk.slot('licence').getByRole('button', { name: '删除' }).click();
      await walk.slot('licence').locator('[data-file]').waitFor({ state: 'detached' });
    }
    expect(await walk.entry('address').locator('.input').inputValue()).toBe('');

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

  test('YNU-060 the unit certificate fills the form of a public body', async () => {
    const unit = await makeUnit(reading);
    const walk = await forms.beginForm('public-body', reading);
    await walk.upload('unit-certificate', await certificateOf(unit));
    expect(await walk.looked('unit-certificate')).toContain('已识别并填入下方');
    expect(await walk.entry('creditCode').locator('.input').inputValue()).toBe(unit.creditCode);
    expect(await walk.entry('unitName').locator('.input').inputValue()).toBe(unit.unitName);
    await walk.fill({ handler: '张丽华' });
    expect(await walk.entry('handler').locator('.input').inputValue()).toBe('张丽华');
  });

  test('YNU-077 both sides of the ID card are asked for, and its front fills the form', async () => {
    const walk = await forms.beginForm('group-or-person', reading);
    await walk.upload('id-card-front', await cardFront());
    expect(await walk.looked('id-card-front')).toContain('已识别并填入下方');
    expect(await walk.entry('representativeId').locator('.input').inputValue()).toBe(people.dao.idNumber);
    expect(await walk.entry('representative').locator('.input').inputValue()).toBe(people.dao.name);
    await walk.submit();
    await walk.page.locator('[data-test=problems]').waitFor();
    expect(await walk.slot('id-card-back').innerText()).toContain('请上传负责人身份证（国徽面）');
    await walk.fill({ handler: '张丽华' });
    expect(await walk.entry('handler').locator('.input').inputValue()).toBe('张丽华');
  });

  test.each<[TypeId, string, readonly [string, string][], string]>([
    [
      'enterprise',
      '由法定代表人签字并加盖公章',
      [['licence', '营业执照']],
      'YNU-019 YNU-036 YNU-037 YNU-038 YNU-039',
    ],
    ['public-body', '由负责人签字并加盖公章', [['unit-certificate', '单位证件']], 'YNU-022 YNU-060 YNU-062'],
    [
      'group-or-person',
      '由负责人签字并盖章',
      [
        ['id-card-front', '负责人身份证（人像面）'],
        ['id-card-back', '负责人身份证（国徽面）'],
      ],
      'YNU-024 YNU-077 YNU-079',
    ],
  ])(
    '$3 of $0 every paper is demanded, 授权委托书 and 承诺书 signed and sealed, and taken as pictures alone',
    async (type, hint, papers) => {
      const walk = await forms.beginForm(type);
      const letters = [
        ['authorisation', '授权委托书'],
        ['commitment', '承诺书'],
      ] as const;
      await walk.submit();
      await walk.page.locator('[data-test=problems]').waitFor();
      expect(await walk.entry('handler').innerText()).toContain('请填写主经办人');
      for (const [id, title] of [...papers, ...letters])
        expect(await walk.slot(id).getByRole('alert').innerText()).toBe(`请上传${title}`);
      const pdf = new TextEncoder().encode('%PDF-1.7\n授权委托书');
      for (const [id] of letters) {
        expect(await walk.slot(id).innerText()).toContain(hint);
        await walk.upload(id, pdf, '授权委托书.jpg');
        await walk.slot(id).getByText('只能以图片格式上传').waitFor();
        expect(await walk.slot(id).locator('[data-file]').count()).toBe(0);
        await walk.upload(id, forms.paper);
        await walk.looked(id);
        expect(await walk.slot(id).locator('[data-file]').count()).toBe(1);
      }
      // with the papers there nothing is said of them any more
      for (const [id] of papers) {
        await walk.upload(id, forms.paper);
        await walk.looked(id);
      }
      await walk.submit();
      await walk.page
        .getByRole('button', { name: '提交', exact: true })
        .and(walk.page.locator(':enabled'))
        .waitFor();
      for (const [id] of [...papers, ...letters])
        expect(
          await walk
            .slot(id)
            .getByText(/请上传|只能/)
            .count(),
        ).toBe(0);
    },
  );
});

describe('提交', () => {
  test('YNU-032 YNU-039 YNQ-005 goes through only once every entry is right, each gap named', async () => {
    const unit = await makeUnit(office);
    const walk = await forms.goOnWith('enterprise', {});
    await walk.submit();
    await walk.page.locator('[data-test=problems]').waitFor();
    expect(await walk.entry('creditCode').innerText()).toContain('请填写统一社会信用代码');
    await walk.fill({ ...entriesOf('enterprise', unit), representativeId: '530102198502302019' });
    await walk.submit();
    await walk.page.getByText('还有 1 处需要修改').waitFor();
    expect(await walk.entry('representativeId').innerText()).toContain('出生日期不是有效日期');
    await walk.shot('registration-problems');
    expect(new URL(walk.page.url()).pathname).toBe('/user-centre/register/form');
    await walk.fill({ representativeId: people.yang.idNumber });
    await walk.submit();
    await walk.state('filed').waitFor();
  });

  test('YNU-020 YNU-035 whatever disagrees with the business register is marked red, and goes through once all agrees', async () => {
    const unit = await makeUnit(office);
    const right = entriesOf('enterprise', unit);
    const wrong: Record<string, string> = {
      ...{ unitName: '昆明另一建设工程有限公司', unitType: '股份有限公司', registeredCapital: '伍仟万元整' },
      ...{ address: '云南省昆明市盘龙区别处1号', establishedOn: '2017年4月11日' },
      ...{ businessScope: '餐饮服务。', representative: '杨志' },
    };
    const walk = await forms.goOnWith('enterprise', { ...right, ...wrong });
    const isMarked = async (id: string): Promise<boolean> =>
      (await walk.entry(id).locator('.input').getAttribute('aria-invalid')) === 'true';
    await walk.submit();
    await walk.page.getByText('还有 7 处需要修改').waitFor();
    for (const id of Object.keys(wrong)) {
      expect(await walk.entry(id).innerText()).toContain('与工商备案不一致');
      expect(await isMarked(id)).toBe(true);
    }
    expect(await isMarked('creditCode')).toBe(false);
    await walk.fill({ ...right, creditCode: '91530100MA6K3T5A1W' });
    await walk.submit();
    await walk.entry('creditCode').getByText('工商备案中没有这个统一社会信用代码').waitFor();
    await walk.fill(right);
    await walk.submit();
    await walk.state('filed').waitFor();
  });

  test.each<[TypeId, string, string]>([
    ['enterprise', '法定代表人尚未在云南建管小程序完成实名认证', 'YNU-010 YNU-033 YNU-034'],
    ['public-body', '负责人尚未在云南建管小程序完成实名认证', 'YNU-061'],
    ['group-or-person', '负责人尚未在云南建管小程序完成实名认证', 'YNU-078'],
  ])(
    '$2 of $0 the person named and the main handler must have proved their real names',
    async (type, text) => {
      const unit = await makeUnit(office);
      const handler = makePerson('张新');
      await office.phoneOf(handler);
      const boss = type === 'group-or-person' ? makePerson('刀新') : types[type].boss;
      await office.phoneOf(boss);
      // 赵国强 is nobody's phone here
      const unproved = { name: '赵国强', idNumber: '53062119760101605X', mobile: '13900000015' };
      const right = entriesOf(type, unit, { handler, boss });
      const walk = await forms.goOnWith(type, entriesOf(type, unit, { handler: unproved, boss }));
      const told = walk.page.getByRole('alert').filter({ hasText: '实名认证' });
      await walk.submit();
      await told.getByText('主经办人尚未在云南建管小程序完成实名认证').waitFor();
      expect(await told.innerText()).not.toContain(text);
      await walk.fill({ ...right, representativeId: unproved.idNumber });
      await walk.submit();
      await told.getByText(text).waitFor();
      expect(await told.innerText()).not.toContain('主经办人尚未');
      await walk.fill(right);
      await walk.submit();
      await walk.state('filed').waitFor();
    },
  );
});

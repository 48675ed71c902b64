/** Hunan's records in an ordinary browser: basic information by an account, everything else by the CA lock. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import {
  actionsIn,
  attachPicture as attach,
  button,
  fillForm as fill,
  isReadOnly,
  listRow,
  menuOf,
  openSection,
  submit,
} from '#tests/support/portal-form-page.ts';
import {
  achievementOf,
  award,
  basicInfo,
  fileBasicInfo,
  idCard,
  qualification,
} from '#tests/support/portal-forms.ts';
import { codeOf, enterPortal, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

const hunan = 'hunan-unified-registration';
const unit = { id: 'xiangjiang', name: '湘江建设有限公司', code: codeOf('91430100MA4K00001') };
const needsKey = '用CA锁登录才可以提交信息';
let portal: PortalServer;
let browser: Browser;
let byAccount: Page;
let byKey: Page;

async function openAs(cookie: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await enterPortal(page, portal.server, cookie);
  await page.goto(`${portal.server.url}/portal/${hunan}/home`);
  await menuOf(page).getByRole('link').first().waitFor();
  return page;
}
beforeAll(async () => {
  await buildConsolePages();
  portal = await openPortalServer();
  await portal.openUnit(unit);
  browser = await startBrowser();
  byAccount = await openAs(await portal.withPassword(unit));
  byKey = await openAs(await portal.withKey(unit));
});
/** Of certificates, works and people alike. */
let serialsGiven = 0;
const fresh = (prefix: string): string => `${prefix}${String((serialsGiven += 1)).padStart(3, '0')}`;
afterAll(async () => {
  await browser.close();
  await portal.close();
});

/** Anew, whatever the walk before left open. */
beforeEach(async () => {
  await Promise.all(
    [byAccount, byKey].map(async (page) => {
      await page.goto(`${portal.server.url}/portal/${hunan}/home`);
      await menuOf(page).getByRole('link').first().waitFor();
    }),
  );
});

const refusedHere = (page: Page) => page.getByRole('alert').getByText(needsKey).waitFor();

describe('基本信息', () => {
  test('HNR-025 HNR-026 HNR-027 HNR-028 HNR-029 HNR-037 is filled in by the page’s hints, wants asterisks and papers, says what an account is limited to, and is read-only after 提交', async () => {
    const own = await portal.openFreshUnit();
    const page = await openAs(await portal.withPassword(own));
    await openSection(page, '基本信息');
    await page.getByText('务必保证信息填写准确').waitFor();
    await page.locator('[data-test=limit]', { hasText: '仅限制开展纸质标业务' }).waitFor();
    await submit(page);
    await page.locator('[data-test=problems]').waitFor();
    for (const label of ['单位性质', '注册地址', '联系人', '联系电话'])
      expect(await page.getByText(`请填写${label}`).count()).toBe(1);
    for (const paper of ['营业执照', '法定代表人身份证']) await page.getByText(`请上传${paper}`).waitFor();
    expect(await page.locator('[data-field=unitKind] .star').count()).toBe(1);
    const { form, papers } = basicInfo(own, '李经办');
    await fill(page, form);
    for (const [slot, values] of Object.entries(papers)) await fill(page, values, `${slot}-`);
    await page.locator('[data-test=saved]', { hasText: '已自动保存' }).waitFor();
    await submit(page);
    await page.getByText('请上传法定代表人身份证').waitFor();
    await attach(page, 'business-licence');
    await attach(page, 'legal-representative-id');
    await picture(page, 'portal-basic-info');
    await submit(page);
    await page.getByText('唯一标识码').waitFor();
    expect(await isReadOnly(page)).toBe(true);
    expect(await page.locator('#field-contactName').inputValue()).toBe('李经办');
    await page.reload();
    await page.getByText('唯一标识码').waitFor();
    expect(await isReadOnly(page)).toBe(true);
    await page.context().close();
  });

  test('HNR-030 what an account handed in is no good for 电子标业务 and says so until it is handed in under the CA lock', async () => {
    const own = await portal.openFreshUnit();
    const asked = { url: portal.server.url, cookie: await portal.withPassword(own) };
    await fileBasicInfo(asked, own, '李经办');
    const page = await openAs(await portal.withKey(own));
    const limit = page.locator('[data-test=limit]');
    await page.goto(`${portal.server.url}/portal/${hunan}`);
    await page.getByText('电子标业务须持CA锁登录并提交').waitFor();
    await page.goto(`${portal.server.url}/portal/${hunan}/home`);
    await openSection(page, '基本信息');
    await page.getByText('唯一标识码').waitFor();
    // whoever looks at it, it was handed in by an account
    await limit.getByText('开展电子标业务，请用CA锁登录后提交').waitFor();
    await picture(page, 'portal-limited');
    await button(page, '变更').click();
    await page.getByText('务必保证信息填写准确').waitFor();
    expect(await limit.count()).toBe(0);
    await submit(page);
    await page.getByText('唯一标识码').waitFor();
    expect(await limit.count()).toBe(0);
    const rows = await portal.units.db
      .selectFrom('record')
      .select('body')
      .where('state', '=', 'stored')
      .where('subject_code', '=', own.code)
      .execute();
    const levels = rows.map(
      ({ body }) =>
        (JSON.parse(body) as { handedIn: { assurance: { level: string }[] } }).handedIn.assurance[0]?.level,
    );
    expect(levels).toEqual(['signed']);
    await page.context().close();
  });

  test('HNR-038 HNR-063 HNR-064 变更 opens it again, each change leaves a record, and 查看 shows what it was', async () => {
    const own = await portal.openFreshUnit();
    const cookie = await portal.withPassword(own);
    await fileBasicInfo({ url: portal.server.url, cookie }, own, '李经办');
    const page = await openAs(cookie);
    for (const contact of ['钱二次', '赵新来']) {
      await openSection(page, '基本信息');
      await page.getByText('唯一标识码').waitFor();
      await button(page, '变更').click();
      await page.locator('#field-contactName:enabled').fill(contact);
      await submit(page);
      await page.getByText('唯一标识码').waitFor();
    }
    await openSection(page, '变更历史总览');
    const rows = page.locator('tbody tr');
    await rows.nth(2).waitFor();
    expect(await rows.count()).toBe(3);
    await picture(page, 'portal-history');
    for (const [index, contact] of ['赵新来', '钱二次', '李经办'].entries()) {
      await openSection(page, '变更历史总览');
      await rows.nth(index).getByRole('link', { name: '查看' }).click();
      await page.getByText('唯一标识码').waitFor();
      expect(await page.locator('#field-contactName').inputValue()).toBe(contact);
      expect(await isReadOnly(page)).toBe(true);
    }
    await page.context().close();
  });
});

async function fillQualification(page: Page, certificate: string): Promise<void> {
  await openSection(page, '单位资质');
  await button(page, '新增资质').click();
  await button(page, '添加资质类型').click();
  const dialog = page.getByRole('dialog', { name: '单位资质' });
  await dialog.waitFor();
  const { answers, papers } = qualification(unit, certificate);
  await fill(page, answers[0] ?? {}, 'answer-');
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.locator('[data-answer]', { hasText: '建筑工程施工总承包' }).waitFor();
  await attach(page, 'certificate');
  await fill(page, papers.certificate, 'certificate-');
}

describe('单位资质', () => {
  test('HNR-039 HNR-040 HNR-041 HNR-042 HNR-043 HNR-045 the menu leads there, 添加资质类型 opens the dialog 单位资质, 保存 puts it in 资质列表, and an account is refused at 提交', async () => {
    const page = byAccount;
    await openSection(page, '单位资质');
    await page.getByRole('heading', { name: '单位资质' }).waitFor();
    await button(page, '新增资质').click();
    await page.getByRole('heading', { name: '资质列表' }).waitFor();
    await page.locator('[data-test=hindrance]', { hasText: needsKey }).waitFor();
    await button(page, '添加资质类型').click();
    const dialog = page.getByRole('dialog', { name: '单位资质' });
    await dialog.getByLabel('资质属性').waitFor();
    for (const label of ['资质类型', '可承担业务']) expect(await dialog.getByLabel(label).count()).toBe(1);
    await picture(page, 'portal-qualification-dialog');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('请填写资质类型').waitFor();
    await page.keyboard.press('Escape');
    const certificate = fresh('D143000');
    await fillQualification(page, certificate);
    await submit(page);
    await refusedHere(page);
    await openSection(page, '单位资质');
    expect(await actionsIn(page, certificate)).toEqual(['继续填写']);
  });

  test('HNR-044 HNR-046 HNR-047 HNR-067 HNR-068 提交 under the CA lock completes it; its row has 查看, 变更, 作废, and 取消作废 restores it', async () => {
    const page = byKey;
    const [certificate, next] = [fresh('D143000'), fresh('D143000')];
    await fillQualification(page, certificate);
    await picture(page, 'portal-qualification');
    await submit(page);
    await page.getByText('唯一标识码').waitFor();
    await openSection(page, '单位资质');
    expect(await actionsIn(page, certificate)).toEqual(['查看', '变更', '作废']);
    await listRow(page, certificate).getByRole('link', { name: '查看' }).click();
    await page.locator('[data-answer]', { hasText: '各类房屋建筑工程' }).waitFor();
    expect(await isReadOnly(page)).toBe(true);
    await openSection(page, '单位资质');
    await listRow(page, certificate).getByRole('button', { name: '作废' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '作废' }).click();
    await listRow(page, certificate).getByText('已作废').waitFor();
    expect(await actionsIn(page, certificate)).toEqual(['查看', '取消作废']);
    await picture(page, 'portal-void');
    await listRow(page, certificate).getByRole('button', { name: '取消作废' }).click();
    await listRow(page, certificate).getByText('已入库').waitFor();
    await listRow(page, certificate).getByRole('button', { name: '变更' }).click();
    await page.locator('#field-certificate-certificateNumber:enabled').fill(next);
    await submit(page);
    await page.getByText('唯一标识码').waitFor();
    await openSection(page, '单位资质');
    await listRow(page, next).waitFor();
    expect(await listRow(page, certificate).count()).toBe(0);
  });
});

/** Filled in by an account and refused; the same draft is handed in under the key. */
async function refusedThenHandedIn(section: string, text: string): Promise<void> {
  await submit(byAccount);
  await refusedHere(byAccount);
  await openSection(byKey, section);
  await listRow(byKey, text).getByRole('button', { name: '继续填写' }).click();
  await submit(byKey);
  await byKey.getByText('唯一标识码').waitFor();
  await openSection(byKey, section);
  expect(await actionsIn(byKey, text)).toContain('查看');
}

describe('what else takes the CA lock', () => {
  test('HNR-048 HNR-049 HNR-050 HNR-051 单位业绩 is filled in by whoever signs in, and handed in under the CA lock alone', async () => {
    await openSection(byAccount, '单位业绩');
    await button(byAccount, '新增单位业绩').click();
    for (const [slot, values] of Object.entries(achievementOf(unit, '钱经理').papers)) {
      await attach(byAccount, slot);
      await fill(byAccount, values, `${slot}-`);
    }
    await refusedThenHandedIn('单位业绩', '长沙市第一中学教学楼施工');
  });

  test('HNR-052 HNR-053 HNR-054 HNR-055 HNR-056 HNR-057 HNR-058 执业人员: 保存 of the basic information opens four tabs, of which that one is required, and 提交 takes the CA lock', async () => {
    const page = byAccount;
    await openSection(page, '执业人员');
    await button(page, '新增人员').click();
    await button(page, '保存').click();
    await page.getByText('请填写姓名').waitFor();
    expect(await page.getByRole('tab').count()).toBe(0);
    await fill(page, { phone: '13800138007' });
    await fill(page, idCard('钱经理'), 'id-card-');
    await button(page, '保存').click();
    await page.getByRole('tab', { name: '基本信息' }).waitFor();
    const titles = (await page.getByRole('tab').allInnerTexts()).map((title) => title.replace(/\s/gu, ''));
    expect(titles).toEqual(['*基本信息', '资格证书', '人员获奖', '安全生产考核证']);
    await picture(page, 'portal-person');
    await page.getByRole('tab', { name: '资格证书' }).click();
    await page.locator('#field-practice-practiceName').fill('一级注册建造师');
    // what is begun is complete or not at all: the tab says how much is missing
    await page.locator('[data-test=saved]', { hasText: '已自动保存' }).waitFor();
    await page.locator('#field-practice-practiceName').fill('');
    await page.getByRole('tab', { name: '人员获奖' }).click();
    await fill(page, { name: '钱经理', honour: '湖南省优秀建造师' }, 'honour-');
    await attach(page, 'honour');
    await page.getByRole('tab', { name: '基本信息' }).click();
    await attach(page, 'id-card');
    await refusedThenHandedIn('执业人员', '钱经理');
    await listRow(byKey, '钱经理').getByRole('link', { name: '查看' }).first().click();
    await byKey.getByRole('tab', { name: '人员获奖' }).click();
    expect(await byKey.locator('#field-honour-honour').inputValue()).toBe('湖南省优秀建造师');
    await byKey.getByRole('tab', { name: '资格证书' }).click();
    expect(await byKey.locator('#field-practice-practiceName').inputValue()).toBe('');
  });

  test('HNR-059 HNR-060 HNR-061 HNR-062 获奖信息 likewise', async () => {
    await openSection(byAccount, '获奖信息');
    await button(byAccount, '新增获奖').click();
    await attach(byAccount, 'certificate');
    await fill(byAccount, award(unit, '湖南省芙蓉奖').papers.certificate, 'certificate-');
    await refusedThenHandedIn('获奖信息', '湖南省芙蓉奖');
  });
});

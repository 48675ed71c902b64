/** The menu of a bidder, the parts of each module, their lists, and the records that are forms with papers beneath. */
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
  row,
  sealAndConfirm,
  submit,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import { demoLicence, drawLabelledPaper } from '#tests/support/documents.ts';
import { openPersonFile } from '#tests/support/person-file.ts';
import { test } from '#tests/support/row-test.ts';

const company = demoLicence.companyName;
const card = (page: Page, title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
const fill = (page: Page, values: Record<string, string>) =>
  Object.entries(values).reduce(
    (before, [field, value]) => before.then(() => page.locator(`#field-${field}`).fill(value)),
    Promise.resolve(),
  );
const isSaved = (page: Page) => page.getByText('已自动保存').waitFor();

test.concurrent(
  'LNC-044 LNC-107 LNC-166 the parts of 经营资质, 企业认证荣誉 and 经营管理信息 stand as tabs, each with a list of its own',
  async ({ page }) => {
    const parts = {
      经营资质: {
        资质等级证书: '增加资质',
        资质许可证书: '增加资质许可证书',
        安全生产许可证: '增加安全生产许可证',
      },
      企业认证荣誉: {
        管理体系认证: '增加管理体系认证',
        企业信用: '增加企业信用',
        工程获奖: '增加工程获奖',
        荣誉表彰: '增加荣誉表彰',
        其他材料: '增加其他材料',
      },
      经营管理信息: {
        年度审计报告: '增加年度审计报告',
        '税收完税证明（月度）': '增加税收完税证明',
        '缴纳社保凭证（月度）': '增加缴纳社保凭证',
        纳税信用级别: '增加纳税信用级别',
        股东信息: '增加股东信息',
        组织架构: '增加组织架构',
        管理制度: '增加管理制度',
        社会保险开户证明: '增加社会保险开户证明',
      },
    };
    for (const [section, tabs] of Object.entries(parts)) {
      await open(page, section);
      expect(await texts(page.locator('.tabs a'))).toEqual(Object.keys(tabs));
      for (const [part, add] of Object.entries(tabs)) {
        await open(page, section, part);
        await button(page, add).waitFor();
      }
    }
  },
);

test.concurrent('LNC-069 the list of 资质等级证书 has the ten columns of the manual', async ({ page }) => {
  await open(page, '经营资质', '资质等级证书');
  await button(page, '增加资质').click();
  await answer(page, { certificateType: '建筑业企业资质证书-专业承包资质-钢结构工程', isMain: '是' });
  await page.getByRole('radio', { name: '人工模式' }).click();
  await page.locator('.form #field-qualificationName:enabled').fill('钢结构工程专业承包');
  await isSaved(page);
  await button(page, '关闭').click();
  const mine = page.locator('tbody tr', { hasText: '钢结构工程专业承包' }).first();
  await mine.waitFor();
  const columns = [
    '序号',
    '资质名称',
    '资质等级',
    '有效期至',
    '主项资质',
    '智能核验',
    '是否签章',
    '提交时间',
  ];
  const shown = await heads(page);
  // where a record was entered stands beside 操作
  expect(shown.filter((title) => title !== '录入地点')).toEqual([...columns, '推送领域情况', '操作']);
  const cells = await texts(mine.locator('td'));
  expect(cells[shown.indexOf('主项资质')]).toBe('是');
  expect(cells[shown.indexOf('智能核验')]).toBe('—');
  expect(cells[shown.indexOf('是否签章')]).toBe('未签章');
  expect(cells[shown.indexOf('提交时间')]).toBe('—');
});

test.concurrent(
  'LNC-079 LNC-081 LNC-082 LNC-083 a person: 职务 by hand, the card by 新增 under 基本信息证照; the search bar finds one among the persons',
  async ({ page }) => {
    await open(page, '企业人员', '人员管理');
    for (const [position, phone] of [
      ['项目经理', '13800138001'],
      ['技术负责人', '13900139002'],
    ] as const) {
      await button(page, '增加人员').click();
      await card(page, '基本信息').locator('#field-position').fill(position);
      await page.locator('#field-phone').fill(phone);
      await isSaved(page);
      expect(await labels(card(page, '基本信息'))).toEqual(['职务*', '手机号*']);
      if (position === '项目经理') {
        await card(page, '基本信息证照')
          .locator('tr', { hasText: '个人证件' })
          .getByRole('link', { name: '新增' })
          .click();
        await button(page, '读取身份证').waitFor();
        await button(page, '上传图片').waitFor();
        expect((await labels(page)).slice(0, 1)).toEqual(['姓名*']);
      }
      await open(page, '企业人员', '人员管理');
    }
    const cell = (phone: string) => page.getByRole('cell', { name: phone, exact: true }).first();
    await cell('13800138001').waitFor();
    await cell('13900139002').waitFor();
    await page.getByRole('searchbox').fill('13900139');
    await cell('13900139002').waitFor();
    await cell('13800138001').waitFor({ state: 'hidden' });
    await openPersonFile(page, { name: '周晓梅', idNumber: '210102199003075525' }, '专业能力评价结果');
    await page.getByRole('searchbox').waitFor();
  },
);

test.concurrent(
  'LNC-025 LNC-026 LNC-027 LNC-028 LNC-029 LNC-043 LNC-189 LNC-190 LNC-193 LNC-194 企业基本信息 has its form above and its papers below, and the licence takes 长期',
  async ({ page }) => {
    await open(page, '企业基本信息');
    const start = button(page, '开始填写');
    const form = card(page, '基本信息');
    await start.or(form).first().waitFor();
    if (await start.isVisible()) await start.click();
    await form.locator('.field').first().waitFor();
    const asked =
      '统一社会信用代码 单位名称 注册地 类型 联系人 联系人电话 网址 传真 邮政编码 是否中小企业 成立时间 经营类型';
    expect(await labels(form)).toEqual(asked.split(' ').map((label) => `${label}*`));
    await fill(page, { contactName: '李经办', contactPhone: '02488886666' });
    const types = form.locator('[data-field=businessTypes]');
    expect(await texts(types.locator('.choices label'))).toEqual([
      '勘察单位',
      '设计单位',
      '施工单位',
      '监理单位',
      '工程咨询单位',
      '造价咨询单位',
      '项目管理单位',
      '材料供应单位',
    ]);
    for (const type of ['施工单位', '材料供应单位']) await types.getByText(type, { exact: true }).click();
    await isSaved(page);
    await page.reload();
    await form.locator('.field').first().waitFor();
    expect(await page.locator('#field-contactName').inputValue()).toBe('李经办');
    expect(await page.locator('#field-contactPhone').inputValue()).toContain('88886666');
    expect(await texts(types.locator('.choices label.chosen'))).toEqual(['施工单位', '材料供应单位']);

    const papers = card(page, '基本信息证照');
    expect(await heads(papers)).toEqual(['序号', '证照名称', '有效期至', '智能核验结果', '是否盖章', '操作']);
    const titles = (await texts(papers.locator('tbody td:nth-child(2)'))).map((text) =>
      text.replace('【必要材料】', ''),
    );
    expect(titles).toEqual([
      '营业执照',
      '法人身份证',
      '基本存款账户证明',
      '告知承诺书',
      '法定代表人授权委托书或法定代表人资格证明书',
      '公司章程',
    ]);
    // what has neither a validity nor a smart check shows 「—」 for both; the bank account waits for its check
    const shown = async (slot: string) => (await texts(row(page, slot).locator('td'))).slice(2, 4);
    for (const slot of ['commitment-letter', 'representative-document', 'articles-of-association'])
      expect(await shown(slot)).toEqual(['—', '—']);
    expect(await shown('basic-deposit-account')).toEqual(['—', '未核验']);
    await row(page, 'business-licence').getByRole('link', { name: '新增' }).click();
    await button(page, '上传图片').waitFor();
    const licence =
      '企业名称* 企业类型* 统一社会信用代码* 住所* 法定代表人* 注册资本 登记机关* 营业期限* 经营范围*';
    expect((await labels(page)).slice(0, 9)).toEqual(licence.split(' '));
    expect(await page.locator('#field-registeredCapital').getAttribute('placeholder')).toContain('人民币');
    await page.getByRole('radio', { name: '人工模式' }).click();
    await page.locator('#field-businessTerm:enabled').fill('2012-06-18');
    await page.keyboard.press('Enter');
    await page.locator('[data-field=businessTerm]').getByText('长期', { exact: true }).click();
    await isSaved(page);
    expect(await page.locator('#field-businessTerm-to').isDisabled()).toBe(true);
    await button(page, '返回').click();
    const until = row(page, 'business-licence').locator('td').nth(2);
    await until.filter({ hasText: '长期' }).waitFor();
  },
);

const proof = (title: string, lines: [string, string][]) =>
  drawLabelledPaper({ title, lines, authority: company });

test.concurrent(
  'LNC-177 LNC-178 在建工程: 工程管理 takes a work and its paper by 增加在建工程, and 提交 stores it',
  async ({ page }) => {
    await open(page, '在建工程');
    await button(page, '增加在建工程').click();
    await page.getByRole('heading', { name: '工程管理' }).waitFor();
    await fill(page, {
      projectName: '浑南新区学校工程',
      owner: '沈阳浑南建设投资有限公司',
      place: '沈阳市浑南区',
      amount: '86000000',
      manager: '赵明辉',
      startedOn: '2026-03-01',
    });
    await page.keyboard.press('Enter');
    await isSaved(page);
    await button(page, '提交').and(page.locator(':disabled')).waitFor();
    await row(page, 'proof').getByRole('link', { name: '新增' }).click();
    const paper = await proof('建筑工程施工许可证', [['工程名称', '浑南新区学校工程']]);
    await bring(page, paper, { description: '施工许可证' });
    await checked(page);
    await button(page, '返回').click();
    await submit(page);
    await open(page, '在建工程');
    await page.getByRole('cell', { name: '浑南新区学校工程', exact: true }).waitFor();
  },
);

test.concurrent(
  'LNC-179 LNC-180 企业诉讼: 诉讼列表 takes 描述, 发生时间 and papers by 增加, and 提交 stores it',
  async ({ page }) => {
    await open(page, '企业诉讼');
    await button(page, '增加').click();
    await page.getByRole('heading', { name: '诉讼列表' }).waitFor();
    expect(await labels(card(page, '基本信息'))).toEqual(['描述*', '发生时间*']);
    await fill(page, { description: '与某公司的合同纠纷，已判决', happenedOn: '2026-05-12' });
    await page.keyboard.press('Enter');
    await isSaved(page);
    await row(page, 'document').getByRole('link', { name: '新增' }).click();
    await bring(page, await proof('民事判决书', [['原告', company]]), { materialName: '民事判决书' });
    await checked(page);
    await button(page, '返回').click();
    await submit(page);
    await open(page, '企业诉讼');
    const shown = page.locator('tbody tr', { hasText: '与某公司的合同纠纷，已判决' });
    await shown.waitFor();
    expect(await heads(page)).toEqual(expect.arrayContaining(['描述', '发生时间']));
    expect((await texts(shown.locator('td')))[2]).toMatch(/2026.0?5.12/);
  },
);

test.concurrent(
  'LNC-181 LNC-182 LNC-183 LNC-184 外埠入辽: 入辽详情 takes 项目信息 and the 报送单 by 增加, and 证照提交 has 提交',
  async ({ page }) => {
    await open(page, '外埠入辽');
    await button(page, '增加').click();
    await page.getByRole('heading', { name: '入辽详情' }).waitFor();
    const form = card(page, '项目信息');
    expect(await labels(form)).toEqual(['在辽承揽业务负责人*', '在辽承揽业务负责人电话*', '入辽有效期*']);
    await fill(page, { manager: '赵明辉', managerPhone: '13800138000', validity: '2026-01-01' });
    await page.keyboard.press('Enter');
    await page.locator('#field-validity-to').fill('2026-12-31');
    await page.keyboard.press('Enter');
    await isSaved(page);
    const papers = card(page, '相关附件');
    expect(await heads(papers)).toEqual(expect.arrayContaining(['序号', '证照名称', '操作']));
    expect(await texts(papers.locator('tbody td:nth-child(2)'))).toEqual([
      '辽宁省外埠企业信息报送单【必要材料】',
    ]);
    await papers.getByRole('link', { name: '新增' }).click();
    const paper = await proof('辽宁省外埠企业信息报送单', [['企业名称', company]]);
    await upload(page, paper);
    await button(page, '确认信息').click();
    await sealAndConfirm(page);
    await checked(page);
    await button(page, '返回').click();
    await card(page, '证照提交').waitFor();
    await submit(page);
    await button(page, '返回').click();
    await page.getByRole('heading', { name: '外埠入辽' }).waitFor();
    await page.getByRole('cell', { name: '赵明辉', exact: true }).waitFor();
  },
);

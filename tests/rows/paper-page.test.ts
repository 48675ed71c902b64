/** The page of a paper before anything is sealed: its form, signs, notes, modes and buttons. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { answer, button, heads, labels, open, row, texts, upload } from '#tests/support/counter-walk.ts';
import {
  demoSafetyLicence,
  drawLabelledPaper,
  drawSafetyProductionLicence,
} from '#tests/support/documents.ts';
import { openPersonFile } from '#tests/support/person-file.ts';
import { test } from '#tests/support/row-test.ts';

const note = { title: '总体补充说明', lines: [['材料名称', '工程概况说明']], authority: '辽宁沈北' } as const;
const qualification = '建筑业企业资质证书-施工总承包资质-建筑工程';

async function addQualification(page: Page): Promise<void> {
  await open(page, '经营资质', '资质等级证书');
  await button(page, '增加资质').click();
  await answer(page, { certificateType: qualification, isMain: '否' });
  await page.getByRole('heading', { name: qualification, exact: true }).waitFor();
}
const mode = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const input = (page: Page, field: string) => page.locator(`.form #field-${field}`);
/** The words before each sign, and the signs by their names, as they stand in the note. */
const noteWithSigns = (page: Page): Promise<string> =>
  page.locator('.form p.note').evaluate((note) =>
    [...note.childNodes]
      .map((node) =>
        node.nodeName === 'svg' ? `[${(node as Element).getAttribute('aria-label')}]` : node.textContent,
      )
      .join('')
      .trim(),
  );
const uploadHint = (page: Page): Promise<string> => page.locator('.area footer').innerText();
const banner = (page: Page) => page.locator('.area header h2');

test.concurrent(
  'LNC-048 LNC-051 LNC-052 LNC-074 the form of a qualification, its two signs and its notes',
  async ({ page }) => {
    await addQualification(page);
    const asked = ['单位名称', '资质名称', '等级', '资质类别及等级', '证书编号', '发证机关', '有效期至'];
    expect((await labels(page)).slice(0, 7)).toEqual(asked.map((label) => `${label}*`));
    const signOf = (field: string) =>
      page.locator(`.form [data-field=${field}] label svg`).getAttribute('aria-label');
    expect(await signOf('certificateNumber')).toBe('关键实质性信息');
    expect(await page.locator('.form [data-field=certificateNumber] label svg path').count()).toBe(1);
    expect(await signOf('issuingAuthority')).toBe('数字化智能评估信息');
    // ● before the label
    expect(await page.locator('.form [data-field=issuingAuthority] label svg circle').count()).toBe(1);
    expect(await noteWithSigns(page)).toBe(
      '注：[关键实质性信息]标记代表关键实质性信息，[数字化智能评估信息]标记代表数字化智能识别信息。如上传的附件中未能体现需要标记的信息或需要标记的信息位置有水印、不清晰，标记后识别不准确，这时就需要您提供可以体现需要标记信息的辅助材料（合并上传），并进行标记。',
    );
    expect((await uploadHint(page)).replace(/\s+/g, ' ')).toBe(
      '注：为了保证上传的材料智能识别通过率，请使用规范数字化扫描标准上传 查看标准',
    );
  },
);

test.concurrent(
  'LNC-023 LNC-055 LNC-057 LNC-062 a qualification opens in 智能模式, which takes the document first; 人工模式 opens the form',
  async ({ page }) => {
    await addQualification(page);
    await mode(page, '智能模式').and(page.locator('[aria-checked=true]')).waitFor();
    expect(await banner(page).innerText()).toBe('智能模式 上传电子文件');
    await page.locator('.form').getByText('智能模式请先上传电子文件，识别确认后自动填写。').waitFor();
    expect(await input(page, 'certificateNumber').isDisabled()).toBe(true);
    await mode(page, '人工模式').click();
    await mode(page, '人工模式').and(page.locator('[aria-checked=true]')).waitFor();
    await input(page, 'certificateNumber').fill('D221047999');
    await page.getByText('已自动保存').waitFor();
    await mode(page, '智能模式').click();
    await mode(page, '智能模式').and(page.locator('[aria-checked=true]')).waitFor();
    expect(await input(page, 'certificateNumber').isDisabled()).toBe(true);
    expect(await input(page, 'certificateNumber').inputValue()).toBe('D221047999');
  },
);

test.concurrent(
  'LNC-056 提交, 保存 and 关闭 stand at the bottom; 关闭 leads back to the list, where the draft is',
  async ({ page }) => {
    await addQualification(page);
    const bottom = page.locator('footer.actions');
    const ends = (await texts(bottom.getByRole('button'))).filter((text) =>
      ['提交', '保存', '关闭'].includes(text),
    );
    expect(ends.toSorted()).toEqual(['保存', '关闭', '提交'].toSorted());
    expect(await button(bottom, '提交').isDisabled()).toBe(true);
    expect(await button(bottom, '保存').isDisabled()).toBe(true);
    await button(bottom, '关闭').click();
    await page.getByRole('heading', { name: '经营资质', exact: true }).waitFor();
    await page.locator('tbody tr').first().waitFor();
  },
);

test.concurrent(
  'LNC-075 查看标准 opens the scanning standard and judges the uploaded page',
  async ({ page }) => {
    await open(page, '经营资质', '安全生产许可证');
    await button(page, '增加安全生产许可证').click();
    await button(page, '查看标准').click();
    const standard = page.getByRole('dialog', { name: '规范数字化扫描标准' });
    await standard.getByText('依据 DA/T 31-2017《纸质档案数字化规范》').waitFor();
    expect(await texts(standard.locator('tr', { hasText: '倾斜' }))).toEqual([
      '倾斜画面倾斜不超过1°，文字方向朝上',
    ]);
    // each rule is shown as it shall be and as it must not be
    for (const rule of ['分辨率', '色彩', '倾斜', '裁边', '清晰', '页码']) {
      const shown = standard.locator('tr', { has: page.getByRole('rowheader', { name: rule }) });
      expect([rule, await shown.getByRole('img', { name: '正确示例' }).count()]).toEqual([rule, 1]);
      expect([rule, await shown.getByRole('img', { name: '错误示例' }).count()]).toEqual([rule, 1]);
    }
    expect(await standard.locator('.pages').count()).toBe(0);
    await standard.locator('.el-dialog__headerbtn').click();
    await standard.waitFor({ state: 'hidden' });
    await upload(page, await drawSafetyProductionLicence(demoSafetyLicence));
    await button(page, '稍后核对').click();
    await button(page, '查看标准').click();
    await standard.locator('.pages li', { hasText: '第 1 页 合格' }).waitFor();
  },
);

test.concurrent(
  'LNC-088 社会保险 opens in 智能模式, needs the document first, and the mode can be switched',
  async ({ page }) => {
    await openPersonFile(page, { name: '赵明辉', idNumber: '210103197506120014' }, '社会保险');
    await button(page, '增加社会保险').click();
    await mode(page, '智能模式').and(page.locator('[aria-checked=true]')).waitFor();
    expect(await input(page, 'name').isDisabled()).toBe(true);
    await page.locator('footer.actions').getByText('请先上传电子文件').waitFor();
    expect(await button(page, '签章').isDisabled()).toBe(true);
    await mode(page, '人工模式').click();
    await input(page, 'name').fill('赵明辉');
    await page.getByText('已自动保存').waitFor();
  },
);

test.concurrent(
  'LNC-100 LNC-101 LNC-102 专业能力评价结果 asks its three fields, is headed 添加电子公章, and is uploaded or photographed',
  async ({ page }) => {
    await openPersonFile(page, { name: '赵明辉', idNumber: '210103197506120014' }, '专业能力评价结果');
    await button(page, '增加专业能力评价结果').click();
    await banner(page).waitFor();
    expect(await banner(page).innerText()).toBe('添加电子公章');
    expect((await labels(page)).slice(0, 3)).toEqual(['姓名*', '身份证号*', '专业技术能力评价等级*']);
    const chosen = page.waitForEvent('filechooser');
    await button(page, '上传图片').click();
    expect((await chosen).isMultiple()).toBe(true);
    await button(page, '高拍仪拍照').click();
    await page.getByRole('dialog', { name: '高拍仪拍照' }).waitFor();
  },
);

test.concurrent(
  'LNC-108 管理体系认证 asks its 类别 before the page opens, and 取消 makes nothing',
  async ({ page, whole }) => {
    await open(page, '企业认证荣誉', '管理体系认证');
    await button(page, '增加管理体系认证').click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('label', { hasText: '管理体系认证类别' }).waitFor();
    await button(dialog, '取消').click();
    await dialog.waitFor({ state: 'hidden' });
    await button(page, '增加管理体系认证').click();
    await button(dialog, '确定').click();
    await dialog.getByText('请输入管理体系认证类别').waitFor();
    expect(page.url()).toMatch(/section\/honours/);
    await expect(
      whole.station.call('createRecord', { body: { kind: 'management-system', answers: {} } }),
    ).rejects.toMatchObject({ code: 'FIELD_INVALID' });
    await button(dialog, '取消').click();
    await button(page, '增加管理体系认证').click();
    await answer(page, { systemCategory: '环境管理体系认证' });
    await banner(page).waitFor();
    expect(page.url()).toMatch(/record\//);
  },
);

test.concurrent(
  'LNC-109 LNC-111 LNC-112 LNC-113 the form of 管理体系认证, its hints, its note and the hint at the upload',
  async ({ page }) => {
    await open(page, '企业认证荣誉', '管理体系认证');
    await button(page, '增加管理体系认证').click();
    await answer(page, { systemCategory: '质量管理体系认证' });
    await mode(page, '人工模式').click();
    await input(page, 'scope').and(page.locator(':enabled')).waitFor();
    const asked = ['企业名称*', '证书名称*', '证书编号/注册号*', '认证范围*', '有效期至*', '证书颁发单位*'];
    expect((await labels(page)).slice(0, 6)).toEqual(asked);
    const hints = {
      companyName: '输入企业名称',
      certificateNumber: '输入证书编号/注册号',
      scope: '输入认证范围',
      validUntil: '请选择时间',
      certifier: '输入证书颁发单位',
    };
    for (const [field, hint] of Object.entries(hints))
      expect(await input(page, field).getAttribute('placeholder')).toBe(hint);
    expect(await noteWithSigns(page)).toMatch(
      /^\[关键实质性信息\] 标记代表 关键实质性信息。\[数字化智能评估信息\] 标记代表 数字化智能评估信息。/,
    );
    expect((await uploadHint(page)).replace(/\s+/g, ' ')).toBe(
      '注：为了保证您上传的材料智能识别通过率，请按照规范化技术标准上传 查看标准',
    );
  },
);

test.concurrent(
  'LNC-168 年度审计报告 asks 审计机构 and 注册资金, and its list is by 对应年度',
  async ({ page }) => {
    await open(page, '经营管理信息', '年度审计报告');
    await button(page, '增加年度审计报告').click();
    await banner(page).waitFor();
    expect(await labels(page)).toEqual(expect.arrayContaining(['对应年度*', '审计机构*', '注册资金']));
    await button(page, '关闭').click();
    await page.locator('tbody tr').first().waitFor();
    expect(await heads(page)).toEqual(expect.arrayContaining(['对应年度', '审计机构']));
  },
);

test.concurrent(
  'LNC-118 the dialog of 工程获奖 is titled 选择奖项类别 and asks 标段名称, 奖项类别 and 奖项名称',
  async ({ page }) => {
    await open(page, '企业认证荣誉', '工程获奖');
    await button(page, '增加工程获奖').click();
    const dialog = page.getByRole('dialog', { name: '选择奖项类别' });
    await dialog.waitFor();
    expect(await labels(dialog)).toEqual(['标段名称*', '奖项类别*', '奖项名称*']);
    await button(dialog, '取消').click();
  },
);

async function addAchievement(page: Page): Promise<void> {
  await open(page, '企业业绩');
  await button(page, '增加业绩').click();
  await answer(page, { achievementCategory: '施工类' }, '选择此项目类型');
  await page.getByRole('heading', { name: '业绩材料', exact: true }).waitFor();
}

test.concurrent(
  'LNC-147 LNC-158 LNC-160 what the further papers of an achievement ask; 总体补充说明 has nothing to mark',
  async ({ page }) => {
    await addAchievement(page);
    const openPaper = async (slot: string) => {
      await row(page, slot).getByRole('link').click();
      await banner(page).waitFor();
    };
    // 佐证材料 stands beside 中标通知书, for an achievement of A 类
    await page.locator('[data-field=achievementType]').getByText('A 类', { exact: true }).click();
    await page.getByText('已自动保存').waitFor();
    await row(page, 'award-notice').getByRole('link').click();
    const evidence = page.locator('[data-beside=evidence]');
    await evidence.locator('.field').first().waitFor();
    expect(await labels(evidence)).toEqual(['材料类型*', '材料名称*', '材料说明*']);
    expect(await input(page, 'materialName').getAttribute('placeholder')).toBe('请输入材料名称');
    expect(await input(page, 'description').getAttribute('placeholder')).toBe('请输入材料说明');
    await button(page, '返回').click();
    await openPaper('completion-report');
    expect(await labels(page)).toEqual(
      expect.arrayContaining(['标段名称*', '建设单位名称*', '设计单位名称']),
    );
    await button(page, '返回').click();
    await openPaper('overall-note');
    expect(await labels(page)).toEqual(['材料名称*', '材料说明*']);
    await mode(page, '人工模式').click();
    await upload(page, await drawLabelledPaper(note));
    await page.locator('.area .mark-view img').waitFor();
    expect(await page.locator('.go-mark').count()).toBe(0);
  },
);

test.concurrent(
  'LNC-124 LNC-125 LNC-126 LNC-127 选择此项目类型 leads to 业绩总体信息 and 业绩材料, where the category stands fast',
  async ({ page }) => {
    await open(page, '企业业绩');
    await button(page, '增加业绩').click();
    const dialog = page.getByRole('dialog', { name: '选择项目类型' });
    await dialog.getByText('选择后进入录入、标记和上传页面，进入后不能更改。').waitFor();
    await answer(page, { achievementCategory: '监理类' }, '选择此项目类型');
    const form = page.locator('section', {
      has: page.getByRole('heading', { name: '业绩总体信息', exact: true }),
    });
    const asked = ['业绩类型', '项目地区', '资金来源', '项目类别', '工程专业', '标段编号', '建设性质'];
    await form.locator('.field').first().waitFor();
    expect(await labels(form)).toEqual(['标段名称', ...asked].map((label) => `${label}*`));
    await form.locator('#field-speciality').fill('建筑工程');
    await form.locator('[data-field=constructionNature] .el-select').click();
    for (const nature of ['新建', '改造'])
      await page.getByRole('option', { name: nature, exact: true }).waitFor();
    await page.getByRole('option', { name: '新建', exact: true }).click();
    await form.getByText('已自动保存').waitFor();
    const papers = page.locator('section', {
      has: page.getByRole('heading', { name: '业绩材料', exact: true }),
    });
    expect(await papers.locator('tr[data-slot]').count()).toBeGreaterThan(3);
    // the category is the page's title; nothing on the page changes it, and neither does the route
    await page.getByRole('heading', { name: '监理类', exact: true }).waitFor();
    expect(await page.locator('[data-field=achievementCategory]').count()).toBe(0);
    await open(page, '企业业绩');
    await page.getByRole('cell', { name: '监理类', exact: true }).first().waitFor();
  },
);

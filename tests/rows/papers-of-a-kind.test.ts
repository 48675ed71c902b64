/** Every kind of paper with a page of its own: from its button over reading, marks, seal and check to the store. */
import type { Page } from 'playwright-core';
import type { Values } from '#domain/primitives.ts';
import {
  answer,
  button,
  checked,
  confirm,
  correct,
  heads,
  open,
  row,
  sealAndConfirm,
  submit,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import {
  demoInsurance,
  demoLicence,
  demoManagementSystem,
  drawLabelledPaper,
  drawManagementSystemCertificate,
  drawSocialInsuranceStatement,
} from '#tests/support/documents.ts';
import type { DocumentPicture } from '#tests/support/documents.ts';
import { openPersonFile } from '#tests/support/person-file.ts';
import type { Listed } from '#tests/support/person-file.ts';
import { test } from '#tests/support/row-test.ts';

const company = demoLicence.companyName;
const code = demoLicence.creditCode;

interface Kind {
  section: string;
  part: string;
  /** Whose file it is a part of. */
  person?: Listed;
  add: string;
  /** Every choice of the dialog before the page. */
  offered?: string[];
  answers?: Values;
  /** What is drawn: lines of a label and its value under a title, or a whole paper. */
  title?: string;
  lines?: [label: string, value: string][];
  paper?: () => Promise<DocumentPicture>;
  /** What no paper of the kind can be read for, typed in. */
  typed?: Values;
  /** A cell of the list, and its column. */
  shows: [column: string, cell: string];
  /** Where the record has several papers. */
  slot?: string;
}

const wait = { timeout: 20_000 };
const person = '赵明辉';
const other: Listed = { name: '周晓梅', idNumber: '210102199003075525' };
const zhao: Listed = { name: person, idNumber: '210103197506120014' };

/** By their rows. */
const kinds: Record<string, Kind> = {
  'LNC-076': {
    section: '经营资质',
    part: '资质许可证书',
    add: '增加资质许可证书',
    title: '承装（修、试）电力设施许可证',
    lines: [
      ['单位名称', company],
      ['许可证编号', '5-2-00312-2024'],
      ['许可类别', '承装类四级、承修类四级'],
      ['有效期至', '2030年08月14日'],
      ['发证机关', '国家能源局东北监管局'],
    ],
    shows: ['证书编号', '5-2-00312-2024'],
  },
  'LNC-090': {
    section: '企业人员',
    person: zhao,
    part: '专业技术职称',
    add: '增加专业技术职称',
    title: '专业技术资格证书',
    lines: [
      ['姓名', person],
      ['资格名称', '高级工程师'],
      ['专业名称', '建筑工程管理'],
      ['证书编号', '辽人职20190812'],
      ['评审委员会', '辽宁省工程系列高级评审委员会'],
    ],
    shows: ['职称名称', '高级工程师'],
  },
  'LNC-092': {
    section: '企业人员',
    person: zhao,
    part: '职业（岗位）资格',
    add: '增加职业（岗位）资格',
    offered: ['施工现场专业人员职业培训合格证', '安全生产考核合格证'],
    answers: { postCategory: '安全生产考核合格证' },
    title: '安全生产考核合格证书',
    lines: [
      ['姓名', person],
      ['企业名称', company],
      ['职务', '项目负责人'],
      ['证书编号', '辽建安B20240187'],
      ['发证机关', '辽宁省住房和城乡建设厅'],
    ],
    shows: ['证书类别', '安全生产考核合格证'],
  },
  'LNC-093': {
    section: '企业人员',
    person: zhao,
    part: '特种作业资格',
    add: '增加特种作业资格',
    offered: ['特种作业操作证', '建筑施工特种作业操作资格证书', '特种设备安全管理和作业人员证'],
    answers: { operationCategory: '建筑施工特种作业操作资格证书' },
    title: '建筑施工特种作业操作资格证书',
    lines: [
      ['姓名', person],
      ['证号', '辽A022024000318'],
      ['操作类别', '建筑架子工'],
      ['有效期限', '2029年05月20日'],
      ['发证机关', '辽宁省住房和城乡建设厅'],
    ],
    shows: ['证书类别', '建筑施工特种作业操作资格证书'],
  },
  'LNC-098': {
    section: '企业人员',
    person: zhao,
    part: '荣誉表彰（个人）',
    add: '增加荣誉表彰（个人）',
    title: '荣誉证书',
    lines: [
      ['姓名', person],
      ['荣誉称号', '辽宁省优秀建造师'],
      ['授予单位', '辽宁省建筑业协会'],
    ],
    shows: ['荣誉名称', '辽宁省优秀建造师'],
  },
  'LNC-099 LNC-100': {
    section: '企业人员',
    person: zhao,
    part: '专业能力评价结果',
    add: '增加专业能力评价结果',
    title: '专业技术能力评价登记证书',
    lines: [
      ['姓名', person],
      ['身份证号', '210103197506120014'],
      ['专业技术能力评价等级', '高级'],
    ],
    shows: ['评价等级', '高级'],
  },
  'LNC-087 LNC-089': {
    section: '企业人员',
    person: { name: demoInsurance.name, idNumber: demoInsurance.idNumber },
    part: '社会保险',
    add: '增加社会保险',
    paper: () => drawSocialInsuranceStatement(demoInsurance),
    shows: ['身份证号', demoInsurance.idNumber],
  },
  'LNC-114': {
    section: '企业认证荣誉',
    part: '管理体系认证',
    add: '增加管理体系认证',
    answers: { systemCategory: '质量管理体系认证' },
    paper: () => drawManagementSystemCertificate(demoManagementSystem),
    shows: ['证书编号', demoManagementSystem.certificateNumber],
  },
  'LNC-115': {
    section: '企业认证荣誉',
    part: '企业信用',
    add: '增加企业信用',
    title: '企业信用等级证书',
    lines: [
      ['企业名称', company],
      ['信用等级', 'AAA级'],
      ['证书编号', 'XY20250618007'],
      ['评价机构', '辽宁省建筑业协会'],
    ],
    shows: ['信用等级', 'AAA级'],
  },
  'LNC-119': {
    section: '企业认证荣誉',
    part: '荣誉表彰',
    add: '增加荣誉表彰',
    title: '表彰证书',
    lines: [
      ['单位名称', company],
      ['荣誉称号', '辽宁省建筑业先进企业'],
      ['授予单位', '辽宁省建筑业协会'],
    ],
    shows: ['荣誉名称', '辽宁省建筑业先进企业'],
  },
  'LNC-120': {
    section: '企业认证荣誉',
    part: '其他材料',
    add: '增加其他材料',
    slot: 'certificate',
    title: '其他材料',
    lines: [['说明', '企业技术中心认定文件']],
    typed: { materialName: '企业技术中心认定文件' },
    shows: ['材料名称', '企业技术中心认定文件'],
  },
  'LNC-167 LNC-169': {
    section: '经营管理信息',
    part: '年度审计报告',
    add: '增加年度审计报告',
    title: '审计报告',
    lines: [
      ['单位名称', company],
      ['审计年度', '2025'],
      ['会计师事务所名称', '辽宁天健会计师事务所有限公司'],
      ['注册资本', '50000000.00元'],
    ],
    shows: ['对应年度', '2025'],
  },
  'LNC-170': {
    section: '经营管理信息',
    part: '税收完税证明（月度）',
    add: '增加税收完税证明',
    answers: { month: '2025年6月' },
    title: '税收完税证明',
    lines: [
      ['纳税人名称', company],
      ['纳税人识别号', code],
      ['税款所属时期', '2025-06-01至2025-06-30'],
      ['金额合计', '¥128,450.00'],
      ['票证号码', '321015250600012345'],
      ['填发日期', '2025年07月08日'],
      ['税务机关', '国家税务总局沈阳市浑南区税务局'],
    ],
    shows: ['对应月份', '2025年6月'],
  },
  'LNC-171': {
    section: '经营管理信息',
    part: '缴纳社保凭证（月度）',
    add: '增加缴纳社保凭证',
    answers: { month: '2025年6月' },
    title: '单位社会保险缴费证明',
    lines: [
      ['单位名称', company],
      ['费款所属期', '202506'],
      ['缴费人数', '86'],
      ['实缴金额', '¥98,450.00'],
      ['打印日期', '2025年07月08日'],
      ['经办机构', '沈阳市社会保险事业服务中心'],
    ],
    shows: ['对应月份', '2025年6月'],
  },
  'LNC-172': {
    section: '经营管理信息',
    part: '纳税信用级别',
    add: '增加纳税信用级别',
    title: '纳税信用级别证明',
    lines: [
      ['纳税人名称', company],
      ['纳税人识别号', code],
      ['评价年度', '2025'],
      ['纳税信用级别', 'A级'],
    ],
    shows: ['信用级别', 'A'],
  },
  'LNC-173': {
    section: '经营管理信息',
    part: '股东信息',
    add: '增加股东信息',
    title: '股东名册',
    lines: [
      ['公司名称', company],
      ['股东姓名', '王建国'],
    ],
    shows: ['股东名称', '王建国'],
  },
  'LNC-174': {
    section: '经营管理信息',
    part: '组织架构',
    add: '增加组织架构',
    title: '组织架构图',
    lines: [['总经理', '王建国']],
    typed: { description: '总经理下设工程部和财务部' },
    shows: ['说明', '总经理下设工程部和财务部'],
  },
  'LNC-175': {
    section: '经营管理信息',
    part: '管理制度',
    add: '增加管理制度',
    title: '企业管理制度',
    lines: [['第一条', '本制度适用于全体员工']],
    typed: { ruleName: '安全生产管理制度' },
    shows: ['制度名称', '安全生产管理制度'],
  },
  'LNC-176': {
    section: '经营管理信息',
    part: '社会保险开户证明',
    add: '增加社会保险开户证明',
    title: '社会保险登记证',
    lines: [
      ['单位名称', company],
      ['单位编号', '2101130045678'],
      ['开户日期', '2012年07月02日'],
    ],
    shows: ['单位编号', '2101130045678'],
  },
};

const toList = (page: Page, { section, person: whose, part }: Kind): Promise<void> =>
  whose ? openPersonFile(page, whose, part) : open(page, section, part);

test.concurrent.for(Object.entries(kinds))(
  '%s is entered by its button, read, marked, sealed, checked and submitted, and its list shows it',
  async ([, kind], { page, expect }) => {
    await toList(page, kind);
    await button(page, kind.add).click();
    const offered = page.getByRole('dialog').locator('.choices label');
    if (kind.offered) await expect.poll(() => texts(offered), wait).toEqual(kind.offered);
    if (kind.answers) await answer(page, kind.answers);
    if (kind.slot) await row(page, kind.slot).getByRole('link').click();
    const { title = '', lines = [] } = kind;
    await upload(page, await (kind.paper?.() ?? drawLabelledPaper({ title, lines, authority: company })));
    for (const [id, value] of Object.entries(kind.typed ?? {})) await correct(page, id, value);
    await confirm(page);
    // nothing of a paper without a smart check is marked
    expect((await page.locator('.field .marked').count()) > 0).toBe(!kind.typed);
    await sealAndConfirm(page);
    expect(await checked(page)).not.toBe('red');
    if (kind.slot) await button(page, '返回').click();
    await submit(page);
    await toList(page, kind);
    const column = (await heads(page)).indexOf(kind.shows[0]);
    const shown = page.locator(`tbody tr td:nth-child(${column + 1})`, { hasText: kind.shows[1] });
    await shown.first().waitFor();
    if (!kind.person) return;
    // it belongs to that person, and to nobody else of the company
    await openPersonFile(page, other, kind.part);
    await page.locator('.list .empty').waitFor();
    expect(await shown.count()).toBe(0);
  },
);

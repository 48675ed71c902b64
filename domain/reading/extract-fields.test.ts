import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, valuesOf } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import { proposeMarks } from './propose-marks.ts';
import type { Line } from './schema.ts';

const catalogue = loadCatalogue();
const licence = getDocumentType(catalogue, 'business-licence');
const qualification = getDocumentType(catalogue, 'construction-qualification');
const idCard = getDocumentType(catalogue, 'resident-id-card');

const page = (...lines: Line[]) => [{ lines, widthPx: 2480, heightPx: 3508 }];
describe('a business licence of the new layout', () => {
  const lines = [
    line('统一社会信用代码', 200, 300),
    line('91210113MA0P4XU88E', 200, 380),
    line('营 业 执 照', 1200, 420),
    line('（副 本）', 1300, 520),
    line('名　　称', 200, 800),
    line('辽宁沈北建设工程有限公司', 480, 800),
    line('类　　型', 200, 910),
    line('有限责任公司', 480, 912),
    line('法定代表人', 200, 1020),
    line('王建国', 480, 1018),
    line('经营范围', 200, 1130),
    line('房屋建筑工程施工；市政公用工程施工；', 480, 1130),
    line('建筑装修装饰工程施工；建筑材料销售', 480, 1190),
    line('（依法须经批准的项目除外）。', 480, 1250),
    line('注册资本', 1350, 800),
    line('人民币伍仟万元整', 1640, 802),
    line('成立日期', 1350, 910),
    line('2012年06月18日', 1640, 910),
    line('营业期限', 1350, 1020),
    line('2012年06月18日至2042年06月17日', 1640, 1022),
    line('住　　所', 1350, 1130),
    line('辽宁省沈阳市沈北新区道义', 1640, 1130),
    line('南大街37号', 1640, 1190),
    line('登记机关', 1600, 1500),
    line('沈阳市沈北新区市场监督管理局', 1600, 1570),
    line('2023年03月09日', 1640, 1640),
    line('国家企业信用信息公示系统网址：http://www.gsxt.gov.cn', 200, 1800),
  ];

  it('gives every field its value', () => {
    expect(valuesOf(extractFields(licence, page(...lines)))).toEqual({
      companyName: '辽宁沈北建设工程有限公司',
      companyType: '有限责任公司',
      creditCode: '91210113MA0P4XU88E',
      address: '辽宁省沈阳市沈北新区道义南大街37号',
      legalRepresentative: '王建国',
      registeredCapital: '50000000',
      registrationAuthority: '沈阳市沈北新区市场监督管理局',
      businessTerm: '2012-06-18/2042-06-17',
      businessScope:
        '房屋建筑工程施工；市政公用工程施工；建筑装修装饰工程施工；建筑材料销售（依法须经批准的项目除外）',
      establishedOn: '2012-06-18',
    });
  });

  it('gives a value of several lines a box for each', () => {
    const readings = extractFields(licence, page(...lines));
    expect(readings['businessScope']?.boxes).toHaveLength(3);
    expect(proposeMarks(licence, readings, {})['businessScope']).toHaveLength(3);
  });

  it('reads labels with a misread character', () => {
    const misread = lines.map((each) => ({
      ...each,
      text: each.text
        .replace('法定代表人', '法定伐表人')
        .replace('经营范围', '经菅范围')
        .replace('注册资本', '注册资木'),
    }));
    const read = valuesOf(extractFields(licence, page(...misread)));
    expect(read['legalRepresentative']).toBe('王建国');
    expect(read['registeredCapital']).toBe('50000000');
    expect(read['businessScope']).toMatch(/^房屋建筑工程施工/);
  });

  it('leaves a field out rather than take another label for its value', () => {
    const withoutName = lines.filter((each) => each.text !== '王建国');
    expect(extractFields(licence, page(...withoutName))['legalRepresentative']).toBeUndefined();
  });

  it('finds the value although the loose box of a widely set label reaches into it', () => {
    const loose = line('名　　　　称', 260, 800);
    const read = extractFields(licence, page(loose, line('大连路桥有限公司', 260 + 6 * 40 - 44, 800)));
    expect(read['companyName']?.value).toBe('大连路桥有限公司');
  });

  it('mends a code by its check digit and keeps what was read', () => {
    const misread = lines.map((each) => ({ ...each, text: each.text.replace('MA0P', 'MAOP') }));
    expect(extractFields(licence, page(...misread))['creditCode']).toMatchObject({
      value: '91210113MA0P4XU88E',
      text: '91210113MAOP4XU88E',
      mended: true,
    });
  });

  it('finds the code by its shape when its label is lost', () => {
    const read = extractFields(licence, page(...lines.slice(1)));
    expect(read['creditCode']?.value).toBe('91210113MA0P4XU88E');
  });
});

describe('a business licence of the old layout', () => {
  it('reads split and spaced labels and both in one line', () => {
    const read = extractFields(
      licence,
      page(
        line('营业执照', 900, 200),
        line('名', 200, 500),
        line('称', 360, 500),
        line('大连（集团）路桥有限公司', 520, 500),
        line('类型　有限责任公司（自然人投资或控股）', 200, 600),
        line('法 定 代 表 人 欧阳立新', 200, 700),
        line('注册资本：1000万元人民币 成立日期：2001年3月5日', 200, 800),
        line('营业期限 自 2001年3月5日 至 长期', 200, 900),
        line('住所：大连市甘井子区华北路1号', 200, 1000),
        line('登记机关：大连市市场监督管理局', 200, 1100),
      ),
    );
    expect(valuesOf(read)).toEqual({
      companyName: '大连（集团）路桥有限公司',
      companyType: '有限责任公司（自然人投资或控股）',
      legalRepresentative: '欧阳立新',
      registeredCapital: '10000000',
      establishedOn: '2001-03-05',
      businessTerm: '2001-03-05/长期',
      address: '大连市甘井子区华北路1号',
      registrationAuthority: '大连市市场监督管理局',
    });
  });

  it('joins a label set far apart although the box of its second sign reaches back over the first', () => {
    const loose = (text: string, left: number, right: number): Line => ({
      ...line(text, left, 558),
      box: [
        [left, 558],
        [right, 558],
        [right, 600],
        [left, 600],
      ],
    });
    const read = extractFields(
      licence,
      page(
        line('名称', 165, 485),
        line('中建生物科技中心（有限合伙）', 404, 485),
        loose('类', 165, 217),
        loose('型', 189, 353),
        loose('有限合伙企业', 405, 628),
      ),
    );
    expect(valuesOf(read)).toEqual({
      companyName: '中建生物科技中心（有限合伙）',
      companyType: '有限合伙企业',
    });
  });

  it('cuts the box of a value that shares its line with the label', () => {
    const { registeredCapital } = extractFields(licence, page(line('注册资本：1000万元', 200, 800)));
    // 注册资本： is ten half characters of 20 px, 1000万元 eight.
    expect(registeredCapital?.box[0]).toEqual([400, 800]);
    expect(registeredCapital?.box[2]).toEqual([560, 844]);
  });
});

describe('a qualification certificate', () => {
  const lines = [
    line('建筑业企业资质证书', 900, 200),
    line('企业名称：', 300, 500),
    line('辽宁沈北建设工程有限公司', 800, 500),
    line('详细地址：辽宁省沈阳市沈北新区道义南大街37号', 300, 600),
    line('统一社会信用代码（或营业执照注册号）：91210113MA0P4XU88E', 300, 700),
    line('法定代表人：王建国', 300, 800),
    line('注册资本：5000万元', 1300, 800),
    line('经济性质：有限责任公司', 300, 900),
    line('证书编号：D221047365', 300, 1000),
    line('有效期：2025年12月31日至2030年12月31日', 1300, 1000),
    line('资质类别及等级：', 300, 1100),
    line('建筑工程施工总承包壹级', 380, 1170),
    line('市政公用工程施工总承包贰级', 380, 1240),
    line('发证机关：', 1300, 1500),
    line('辽宁省住房和城乡建设厅', 1520, 1500),
    line('2025年12月31日', 1540, 1580),
  ];

  it('gives every field its value', () => {
    expect(valuesOf(extractFields(qualification, page(...lines)))).toEqual({
      companyName: '辽宁沈北建设工程有限公司',
      qualificationName: '建筑工程施工总承包',
      grade: '一级',
      qualificationCategoryAndGrade: '建筑工程施工总承包壹级；市政公用工程施工总承包贰级',
      certificateNumber: 'D221047365',
      issuingAuthority: '辽宁省住房和城乡建设厅',
      validUntil: '2030-12-31',
      creditCode: '91210113MA0P4XU88E',
      legalRepresentative: '王建国',
      registeredCapital: '50000000',
      address: '辽宁省沈阳市沈北新区道义南大街37号',
      economicNature: '有限责任公司',
    });
  });

  it('cuts name and grade out of the line, and the end out of the term', () => {
    const read = extractFields(qualification, page(...lines));
    expect(read['qualificationName']).toMatchObject({ text: '建筑工程施工总承包' });
    expect(read['grade']).toMatchObject({ text: '壹级' });
    expect(read['grade']?.box[0]).toEqual([380 + 9 * 40, 1170]);
    expect(read['validUntil']).toMatchObject({ text: '2030年12月31日' });
  });

  it('takes name and grade of the first entry of a list', () => {
    const swapped = lines.map((each) => ({
      ...each,
      text: each.text.replace('建筑工程施工总承包壹级', '工程勘察综合资质乙级'),
    }));
    const read = valuesOf(extractFields(qualification, page(...swapped)));
    expect(read).toMatchObject({ qualificationName: '工程勘察综合资质', grade: '乙级' });
  });

  it('mends letters among the digits of the number', () => {
    const misread = lines.map((each) => ({ ...each, text: each.text.replace('D221047365', 'D22lO47365') }));
    expect(extractFields(qualification, page(...misread))['certificateNumber']).toMatchObject({
      value: 'D221047365',
      mended: true,
    });
  });

  it('reads a label that stands above its other half in a table', () => {
    const table = [
      line('资质类别', 300, 1100),
      line('及等级', 320, 1150),
      line('钢结构工程专业承包贰级', 700, 1125),
      line('证书编号', 300, 1250),
      line('D321047365', 700, 1250),
    ];
    expect(valuesOf(extractFields(qualification, page(...table)))).toEqual({
      qualificationName: '钢结构工程专业承包',
      grade: '二级',
      qualificationCategoryAndGrade: '钢结构工程专业承包贰级',
      certificateNumber: 'D321047365',
    });
  });
});

describe('an ID card', () => {
  it('reads both sides, from a line of its own or run together', () => {
    const front = [
      line('姓名 王建国', 100, 100),
      line('性别男民族汉', 100, 200),
      line('出生 1949年12月31日', 100, 300),
      line('住址', 100, 400),
      line('辽宁省沈阳市和平区', 220, 400),
      line('南京街1号2-3-4', 220, 450),
      line('公民身份号码', 100, 600),
      line('11010519491231002X', 480, 600),
    ];
    const back = [
      line('签发机关 沈阳市公安局和平分局', 100, 600),
      line('有效期限 2010.01.01-长期', 100, 700),
    ];
    const pages = [...page(...front), ...page(...back)];
    const read = extractFields(idCard, pages);
    expect(valuesOf(read)).toEqual({
      name: '王建国',
      sex: '男',
      nation: '汉',
      bornOn: '1949-12-31',
      address: '辽宁省沈阳市和平区南京街1号2-3-4',
      idNumber: '11010519491231002X',
      issuer: '沈阳市公安局和平分局',
      validity: '2010-01-01/长期',
    });
    expect(read['issuer']?.page).toBe(1);
  });

  it('joins a birthday that is printed in pieces', () => {
    const born = [line('出生', 100, 300), line('1949', 240, 300), line('年', 360, 300)];
    const rest = [line('12', 420, 300), line('月', 480, 300), line('31', 540, 300), line('日', 600, 300)];
    expect(valuesOf(extractFields(idCard, page(...born, ...rest)))).toEqual({ bornOn: '1949-12-31' });
  });
});

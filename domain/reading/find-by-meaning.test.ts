/** Values at places that no template foretells: under, above, left of and far from their labels, in sentences, in two languages. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page, valuesOf } from '#tests/support/written-page.ts';
import { creditCodeCheck } from '../fields/check-digits.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import type { Line } from './schema.ts';

const catalogue = loadCatalogue();
const read = (id: string, ...lines: Line[]) =>
  valuesOf(extractFields(getDocumentType(catalogue, id), [page(...lines)]));

/** The same page laid a little askew: each line falls with the page. */
function tilted(degrees: number, lines: readonly Line[]): Line[] {
  const slope = Math.tan((degrees * Math.PI) / 180);
  return lines.map((each) => ({
    ...each,
    box: each.box.map(([x, y]) => [x, y + x * slope]) as Line['box'],
  }));
}

const company = '辽宁沈北建设工程有限公司';
const code = '91210113MA0P4XU88E';

describe('a page that lies askew', () => {
  const dense = [
    line('名称', 200, 300),
    line('科沃电子（杭州）有限公司', 480, 300),
    line('类型', 200, 352),
    line('有限责任公司（自然人独资）', 480, 352),
    line('住所', 200, 404),
    line('浙江省杭州市下城区新天地街124号', 480, 404),
    line('法定代表人', 200, 456),
    line('汪忠权', 480, 456),
  ];
  it.each([-1.2, -0.6, 0, 0.6, 1.2])('keeps each row to itself at %s degrees', (degrees) => {
    expect(read('business-licence', ...tilted(degrees, dense))).toMatchObject({
      companyName: '科沃电子（杭州）有限公司',
      companyType: '有限责任公司（自然人独资）',
      address: '浙江省杭州市下城区新天地街124号',
      legalRepresentative: '汪忠权',
    });
  });

  it('gives a value that stands half a row above its label to that label', () => {
    expect(
      read(
        'business-licence',
        line('类型', 200, 352),
        line('有限责任公司（自然人独资）', 480, 345),
        line('住所', 200, 430),
        line('浙江省杭州市下城区新天地街124号', 480, 392),
        line('法定代表人', 200, 500),
        line('汪忠权', 480, 496),
      ),
    ).toMatchObject({
      companyType: '有限责任公司（自然人独资）',
      address: '浙江省杭州市下城区新天地街124号',
    });
  });
});

describe('labels', () => {
  it('are no part of a value when their letters stand far apart', () => {
    const found = read(
      'business-licence',
      line('企　业　名　称', 200, 300),
      line(company, 760, 300),
      line('住', 200, 400),
      line('所', 480, 400),
      line('辽宁省沈阳市沈北新区道义南大街37号', 540, 400),
    );
    expect(found).toMatchObject({ companyName: company, address: '辽宁省沈阳市沈北新区道义南大街37号' });
  });

  it('are known when the paper words them otherwise', () => {
    expect(
      read(
        'business-licence',
        line('单位名称：' + company, 200, 300),
        line('登记部门：沈阳市市场监督管理局', 200, 400),
        line('成立时间：2012年06月18日', 200, 500),
        line('详细地址：辽宁省沈阳市沈北新区道义南大街37号', 200, 600),
        line('法人代表：王建国', 200, 700),
      ),
    ).toMatchObject({
      companyName: company,
      registrationAuthority: '沈阳市市场监督管理局',
      establishedOn: '2012-06-18',
      address: '辽宁省沈阳市沈北新区道义南大街37号',
      legalRepresentative: '王建国',
    });
  });

  it('come in two languages, beside each other and in one line', () => {
    expect(
      read(
        'business-licence',
        line('企业名称', 200, 300),
        line('Name of Enterprise:', 380, 304),
        line(company, 800, 300),
        line('法定代表人Legal Representative', 200, 400),
        line('王建国', 860, 400),
        line('成立日期', 200, 500),
        line('Date of Establishment', 380, 504),
        line('2012年06月18日', 860, 500),
        line('住所', 200, 600),
        line('Address', 300, 604),
        line('辽宁省沈阳市沈北新区道义南大街37号', 800, 600),
      ),
    ).toMatchObject({
      companyName: company,
      legalRepresentative: '王建国',
      establishedOn: '2012-06-18',
      address: '辽宁省沈阳市沈北新区道义南大街37号',
    });
  });
});

describe('a value', () => {
  const values: [string, string][] = [
    ['企业名称', company],
    ['法定代表人', '王建国'],
    ['统一社会信用代码', code],
    ['成立日期', '2012年06月18日'],
    ['住所', '辽宁省沈阳市沈北新区道义南大街37号'],
  ];
  const wanted = {
    companyName: company,
    legalRepresentative: '王建国',
    creditCode: code,
    establishedOn: '2012-06-18',
    address: '辽宁省沈阳市沈北新区道义南大街37号',
  };
  const laid = (lay: (label: string, value: string, y: number) => Line[], step = 150) =>
    read('business-licence', ...values.flatMap(([label, value], at) => lay(label, value, 300 + at * step)));

  it('may stand under its label', () => {
    expect(laid((label, value, y) => [line(label, 200, y), line(value, 200, y + 55)])).toMatchObject(wanted);
  });
  it('may stand above it, as over a line to be signed on', () => {
    expect(laid((label, value, y) => [line(value, 200, y), line(`（${label}）`, 260, y + 55)])).toMatchObject(
      wanted,
    );
  });
  it('may stand left of it', () => {
    expect(laid((label, value, y) => [line(value, 200, y), line(`（${label}）`, 1100, y)], 80)).toMatchObject(
      wanted,
    );
  });
  it('may stand far from it, behind leaders', () => {
    expect(
      laid(
        (label, value, y) => [line(label, 200, y), line('................', 560, y), line(value, 1000, y)],
        90,
      ),
    ).toMatchObject(wanted);
  });
  it('may share its line with others, over the ends of lines', () => {
    expect(
      read(
        'business-licence',
        line(`企业名称为${company}，统一社会信用代码为`, 200, 300),
        line(`${code}，法定代表人：王建国；成立日期：2012年06月`, 200, 370),
        line('18日；住所：辽宁省沈阳市沈北新区道义南大街37号。', 200, 440),
      ),
    ).toMatchObject(wanted);
  });
  it('may stand in a table under heads of several rows', () => {
    expect(
      read(
        'business-licence',
        line('基本情况', 700, 200),
        line('企业名称', 260, 270),
        line('法定代表人', 800, 270),
        line('成立日期', 1200, 270),
        line(company, 160, 340),
        line('王建国', 850, 340),
        line('2012年06月18日', 1160, 340),
      ),
    ).toMatchObject({ companyName: company, legalRepresentative: '王建国', establishedOn: '2012-06-18' });
  });
});

describe('what is not there', () => {
  it('is no credit code of a registration number, whatever stands beside it', () => {
    const found = read(
      'business-licence',
      line('企业法人营业执照', 400, 100),
      line('注册号 310228001147825', 400, 200),
      line('企业标识280000032008120500144', 900, 200),
      line('证照编号28000000200812050107', 900, 260),
      line('名称', 200, 300),
      line('上海顿宇仓储设备有限公司', 480, 300),
    );
    expect(found['creditCode']).toBeUndefined();
    expect(found['companyName']).toBe('上海顿宇仓储设备有限公司');
  });

  it('is no code inside a longer number that holds by chance', () => {
    const body = '91210113123456780';
    const found = read(
      'business-licence',
      line(`注册号：${body}${creditCodeCheck(body) ?? ''}123`, 200, 200),
    );
    expect(found['creditCode']).toBeUndefined();
  });

  it('is no authority of a date', () => {
    const found = read('business-licence', line('登记机关', 900, 900), line('2019年06月21日', 1000, 980));
    expect(found['registrationAuthority']).toBeUndefined();
  });
});

describe('a clear reading', () => {
  it('outweighs a list of places', () => {
    const found = read('business-licence', line('住所：云岭省青屏市石桥区人民路5号', 200, 300));
    expect(found['address']).toBe('云岭省青屏市石桥区人民路5号');
  });
  it('is mended where a look-alike was read', () => {
    const found = read('business-licence', line('住所：辽宇省大连市人民路5号', 200, 300));
    expect(found['address']).toBe('辽宁省大连市人民路5号');
  });
});

describe('several qualifications', () => {
  it('are lines of their own, and the first is the record’s until it says otherwise', () => {
    const readings = extractFields(getDocumentType(catalogue, 'construction-qualification'), [
      page(
        line('资质类别及等级：', 200, 300),
        line('建筑工程施工总承包壹级', 300, 370),
        line('市政公用工程施工总承包贰级', 300, 440),
        line('钢结构工程专业承包叁级', 300, 510),
      ),
    ]);
    expect(readings['qualificationCategoryAndGrade']?.boxes).toHaveLength(3);
    expect(readings['qualificationCategoryAndGrade']?.value.split('；')).toEqual([
      '建筑工程施工总承包壹级',
      '市政公用工程施工总承包贰级',
      '钢结构工程专业承包叁级',
    ]);
    expect(readings['qualificationName']?.value).toBe('建筑工程施工总承包');
  });
});

describe('ID cards', () => {
  const front = (x: number, y: number) => [
    line('姓名', x, y),
    line('赵明辉', x + 120, y),
    line('性别', x, y + 70),
    line('男', x + 120, y + 70),
    line('民族', x + 200, y + 70),
    line('汉', x + 320, y + 70),
    line('出生', x, y + 140),
    line('1985年9月23日', x + 120, y + 140),
    line('住址', x, y + 210),
    line('辽宁省沈阳市和平区', x + 120, y + 210),
    line('南京街1号', x + 120, y + 265),
    line('公民身份号码', x, y + 400),
    line('210102198509230014', x + 280, y + 400),
  ];
  const back = (x: number, y: number) => [
    line('中华人民共和国', x + 100, y),
    line('居民身份证', x + 100, y + 80),
    line('签发机关', x, y + 300),
    line('沈阳市公安局和平分局', x + 200, y + 300),
    line('有效期限', x, y + 370),
    line('2015.03.01-2035.03.01', x + 200, y + 370),
  ];
  const wanted = {
    name: '赵明辉',
    sex: '男',
    nation: '汉',
    bornOn: '1985-09-23',
    address: '辽宁省沈阳市和平区南京街1号',
    idNumber: '210102198509230014',
    issuer: '沈阳市公安局和平分局',
    validity: '2015-03-01/2035-03-01',
  };
  it.each([
    ['under each other', [...front(200, 200), ...back(200, 900)]],
    ['the back first', [...back(200, 200), ...front(200, 900)]],
    ['beside each other', [...front(100, 300), ...back(900, 300)]],
    [
      'as a copy with notes',
      [
        line('法定代表人身份证复印件', 500, 100),
        ...front(300, 300),
        ...back(300, 1000),
        line('此复印件与原件一致', 400, 1700),
      ],
    ],
  ])('are read with both sides on one sheet, %s', (_, lines) => {
    expect(read('resident-id-card', ...lines)).toMatchObject(wanted);
  });
});

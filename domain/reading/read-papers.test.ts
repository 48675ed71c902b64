/** Papers of the bidder's file by the geometry of their lines: tables, letters, sentences, several pages. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page, valuesOf } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import { recogniseDocumentType } from './recognise-document-type.ts';

const catalogue = loadCatalogue();

const read = (id: string, ...pages: ReturnType<typeof page>[]) => {
  expect(recogniseDocumentType(catalogue.documentTypes, pages)[0]?.documentType).toBe(id);
  return extractFields(getDocumentType(catalogue, id), pages);
};

describe('a safety production licence', () => {
  it('gives every field its value', () => {
    const found = read(
      'safety-production-licence',
      page(
        line('安全生产许可证', 600, 100),
        line('编号：（辽）JZ安许证字〔2024〕012345', 900, 200),
        line('单位名称：辽宁沈北建设工程有限公司', 200, 300),
        line('主要负责人：王建国', 200, 380),
        line('单位地址：辽宁省沈阳市沈北新区道义南大街37号', 200, 460),
        line('经济类型：有限责任公司', 200, 540),
        line('许可范围：建筑施工', 200, 620),
        line('有效期：2024年05月20日至2027年05月19日', 200, 700),
        line('发证机关：', 900, 900),
        line('辽宁省住房和城乡建设厅', 1120, 900),
        line('发证日期：2024年05月20日', 900, 980),
      ),
    );
    expect(valuesOf(found)).toEqual({
      companyName: '辽宁沈北建设工程有限公司',
      certificateNumber: '(辽)JZ安许证字[2024]012345',
      validity: '2024-05-20/2027-05-19',
      mainResponsible: '王建国',
      address: '辽宁省沈阳市沈北新区道义南大街37号',
      economicType: '有限责任公司',
      permittedScope: '建筑施工',
      issuingAuthority: '辽宁省住房和城乡建设厅',
      issuedOn: '2024-05-20',
    });
  });
});

describe('an award notice', () => {
  it('is read from the sentences of a letter, across the ends of lines', () => {
    const found = read(
      'award-notice',
      page(
        line('中标通知书', 600, 100),
        line('辽宁沈北建设工程有限公司：', 200, 240),
        line('你方于2024年02月26日所递交的沈北新区蒲河新城', 280, 320),
        line('安置房二期工程（标段名称）投标文件已被我方接受，被确', 200, 390),
        line('定为中标人。', 200, 460),
        line('中标价：128,560,000.00元。', 280, 540),
        line('工期：540日历天。', 280, 610),
        line('工程质量：符合合格标准。', 280, 680),
        line('项目经理：赵明辉（姓名）。', 280, 750),
        line('招标人：沈阳蒲河建设投资有限公司（盖单位章）', 700, 1200),
        line('2024年03月12日', 900, 1300),
      ),
    );
    expect(valuesOf(found)).toMatchObject({
      sectionName: '沈北新区蒲河新城安置房二期工程',
      winner: '辽宁沈北建设工程有限公司',
      amount: '128560000',
      projectManager: '赵明辉',
      tenderer: '沈阳蒲河建设投资有限公司',
      duration: '540日历天',
      quality: '合格',
      awardedOn: '2024-03-12',
    });
    expect(found['sectionName']?.boxes).toHaveLength(2);
  });
});

describe('a construction contract', () => {
  const cover = page(
    line('合同编号：HT-2024-SG-0318', 900, 100),
    line('建设工程施工合同', 500, 800),
    line('发包人：沈阳蒲河建设投资有限公司', 300, 1400),
    line('承包人：辽宁沈北建设工程有限公司', 300, 1500),
  );
  const agreement = page(
    line('第一部分 合同协议书', 500, 100),
    line('发包人（全称）：沈阳蒲河建设投资有限公司', 200, 240),
    line('承包人（全称）：辽宁沈北建设工程有限公司', 200, 320),
    line('一、工程概况', 200, 400),
    line('1.工程名称：沈北新区蒲河新城安置房二期工程施工一标', 200, 470),
    line('段。', 200, 540),
    line('2.工程地点：辽宁省沈阳市沈北新区蒲河大道88号。', 200, 610),
    line('4.工程承包范围：施工图纸范围内的土建工程。', 200, 680),
    line('工期总日历天数：540天。', 200, 750),
    line('1.签约合同价为：', 200, 820),
    line('人民币（大写）壹亿贰仟捌佰伍拾陆万元整（¥128560000.00元）。', 200, 890),
    line('承包人项目经理：赵明辉。', 200, 960),
  );
  const signatures = page(
    line('承包人承诺按照法律规定及合同约定组织完成工程施工，确', 200, 200),
    line('保工程质量和安全。', 200, 270),
    line('本合同于2024年04月02日签订。', 200, 400),
    line('发包人：（公章）', 200, 800),
    line('承包人：（公章）', 900, 800),
  );

  it('is read over its pages', () => {
    const found = read('construction-contract', cover, agreement, signatures);
    expect(valuesOf(found)).toEqual({
      sectionName: '沈北新区蒲河新城安置房二期工程施工一标段',
      principal: '沈阳蒲河建设投资有限公司',
      contractor: '辽宁沈北建设工程有限公司',
      amount: '128560000',
      projectManager: '赵明辉',
      contractNumber: 'HT-2024-SG-0318',
      signedOn: '2024-04-02',
      duration: '540天',
      content: '施工图纸范围内的土建工程',
      location: '辽宁省沈阳市沈北新区蒲河大道88号',
    });
    expect(found['signedOn']?.page).toBe(2);
  });

  it('takes no sentence that begins with 承包人 for the contractor', () => {
    const found = extractFields(getDocumentType(catalogue, 'construction-contract'), [signatures, agreement]);
    expect(found['contractor']?.value).toBe('辽宁沈北建设工程有限公司');
  });
});

describe('a social insurance statement', () => {
  it('reads columns: all months of the table, all insurances, the first base', () => {
    const found = read(
      'social-insurance-statement',
      page(
        line('社会保险个人参保证明', 600, 100),
        line('姓名：赵明辉', 200, 240),
        line('身份证号：210102198509230014', 800, 240),
        line('参保单位：辽宁沈北建设工程有限公司', 200, 320),
        line('险种类型', 240, 420),
        line('缴费起止时间', 700, 420),
        line('缴费月数', 1140, 420),
        line('缴费基数', 1380, 420),
        line('基本养老保险', 220, 500),
        line('2023年01月至2024年06月', 600, 500),
        line('18', 1200, 500),
        line('6500.00', 1390, 500),
        line('失业保险', 220, 580),
        line('2023年03月至2024年07月', 600, 580),
        line('16', 1200, 580),
        line('6600.00', 1390, 580),
        line('校验码：A7K2M9X4', 200, 800),
        line('经办机构：沈阳市社会保险事业服务中心', 800, 900),
        line('打印日期：2024年08月05日', 800, 980),
      ),
    );
    expect(valuesOf(found)).toEqual({
      name: '赵明辉',
      idNumber: '210102198509230014',
      companyName: '辽宁沈北建设工程有限公司',
      paidMonths: '2023-01-01/2024-07-31',
      insurances: '基本养老保险；失业保险',
      base: '6500',
      office: '沈阳市社会保险事业服务中心',
      printedOn: '2024-08-05',
      checkCode: 'A7K2M9X4',
    });
    expect(found['paidMonths']?.boxes).toHaveLength(2);
  });
});

describe('a power of attorney', () => {
  it('finds persons and company in the sentence and the agent’s number in the agent’s part', () => {
    const found = read(
      'power-of-attorney',
      page(
        line('授权委托书', 600, 100),
        line('本人王建国（姓名）系辽宁沈北建设工程有限公司的法定代', 280, 300),
        line('表人，现委托李晓东（姓名）为我方代理人。', 200, 370),
        line('委托期限：自签署之日起90日历天。', 280, 440),
        line('代理人无转委托权。', 280, 510),
        line('法定代表人：', 700, 800),
        line('身份证号码：210103197506120014', 700, 870),
        line('委托代理人：', 700, 960),
        line('身份证号码：210105198803120034', 700, 1030),
        line('2024年02月20日', 900, 1200),
      ),
    );
    expect(valuesOf(found)).toMatchObject({
      companyName: '辽宁沈北建设工程有限公司',
      legalRepresentative: '王建国',
      agentName: '李晓东',
      agentIdNumber: '210105198803120034',
      term: '自签署之日起90日历天',
      signedOn: '2024-02-20',
    });
  });
});

describe('an ID card read nearly right', () => {
  const card = getDocumentType(catalogue, 'resident-id-card');
  const front = (number: string, born: string) =>
    extractFields(card, [
      page(
        line('姓名 王建国', 100, 100),
        line('性别 男 民族 汉', 100, 200),
        line(born, 100, 300),
        line('住址 辽宁省沈阳市和平区南京街1号', 100, 400),
        line('公民身份号码', 100, 600),
        line(number, 480, 600),
      ),
    ]);

  it('mends the birthday by the number and keeps what was read', () => {
    expect(front('210103197506120014', '出生 1975年5月12日')['bornOn']).toMatchObject({
      value: '1975-06-12',
      text: '1975年5月12日',
      mended: true,
    });
  });

  it('shows a birthday that is another one', () => {
    const found = front('210103197506120014', '出生 1981年11月30日')['bornOn'];
    expect(found).toMatchObject({ value: '1981-11-30' });
    expect(found?.mended).toBeUndefined();
  });

  it('shows the sex that was surely read, whatever the number says', () => {
    expect(front('210103197506120022', '出生 1975年6月12日')['sex']?.value).toBe('男');
  });
});

describe('rows that the detector cut into pieces', () => {
  it('keeps the pieces of a continued line together', () => {
    const found = extractFields(getDocumentType(catalogue, 'business-licence'), [
      page(
        line('经营范围', 100, 300),
        line('一般项目：广告制作，电气安装服务，农副产品销', 400, 300),
        line('售，机动车修理和维护。', 400, 360),
        line('（依法须经批准的项目', 860, 360),
        line('经相关部门批准后方可开展经营活动）', 400, 420),
      ),
    ]);
    expect(found['businessScope']?.value).toBe(
      '一般项目：广告制作，电气安装服务，农副产品销售，机动车修理和维护。（依法须经批准的项目经相关部门批准后方可开展经营活动）',
    );
  });

  it('leaves a misread date under the authority out of its name', () => {
    const found = extractFields(getDocumentType(catalogue, 'business-licence'), [
      page(line('登记机关', 900, 900), line('郴州市行政审批局', 1120, 900), line('ns年m月1目', 1120, 970)),
    ]);
    expect(found['registrationAuthority']?.value).toBe('郴州市行政审批局');
  });
});

describe('a business licence as photographs show it', () => {
  /** Labels set wide in pieces, values a little above or below their row. */
  const licence = (...more: ReturnType<typeof line>[]) =>
    page(
      line('营业执照', 700, 60),
      line('名', 100, 300),
      line('称', 220, 300),
      line('科沃电子（杭州）有限公司', 290, 296),
      line('类', 100, 350),
      line('型', 220, 350),
      line('有限责任公司（自然人独资）', 290, 344),
      // The value of 住所 stands half a line above its label, right under the type.
      line('浙江省杭州市下城区新天地街124号', 290, 382),
      line('住', 100, 404),
      line('所', 220, 404),
      line('法定代表人姓名', 100, 460),
      line('汪忠权', 420, 460),
      ...more,
    );

  it('gives a value to the label that has no other on its row', () => {
    const found = valuesOf(read('business-licence', licence(line('经营范围', 100, 600))));
    expect(found).toMatchObject({
      companyName: '科沃电子（杭州）有限公司',
      companyType: '有限责任公司（自然人独资）',
      address: '浙江省杭州市下城区新天地街124号',
      legalRepresentative: '汪忠权',
    });
  });

  it('reads a long scope to its end where its first two lines lie about the label', () => {
    const scope = [
      '批发、零售：电子产品及配件，',
      '工艺美术品，文体用品，',
      '传感器，仪器仪表，',
      '技术咨询',
    ];
    const found = valuesOf(
      read(
        'business-licence',
        licence(line('经营范围', 100, 600), ...scope.map((text, i) => line(text, 290, 586 + 40 * i))),
      ),
    );
    expect(found['businessScope']).toBe(scope.join(''));
  });

  it('takes no day of issue for the authority that a seal hides', () => {
    const found = valuesOf(
      read('business-licence', licence(line('登记机关', 700, 900), line('年06月21日', 760, 960))),
    );
    expect(found['registrationAuthority']).toBeUndefined();
  });

  it('makes no credit code of a longer number', () => {
    const found = valuesOf(
      read(
        'business-licence',
        licence(line('注册号310228001147825', 700, 160), line('企业标识280000032008120500144', 700, 900)),
      ),
    );
    expect(found['creditCode']).toBeUndefined();
  });
});

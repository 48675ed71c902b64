import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import { proposeMarks } from './propose-marks.ts';

const catalogue = loadCatalogue();
const insurance = getDocumentType(catalogue, 'social-insurance-statement');
const licence = getDocumentType(catalogue, 'business-licence');
const contract = getDocumentType(catalogue, 'construction-contract');

const head = (y: number) => [line('险种', 200, y), line('缴费起止年月', 500, y), line('缴费基数', 1000, y)];
const row = (name: string, months: string, y: number) => [
  line(name, 160, y),
  line(months, 440, y),
  line('5200.00', 1010, y),
];
const top = [line('社会保险参保缴费证明', 500, 80), line('姓名：李晓东', 200, 200)];
const firstRows = [
  ...row('养老保险', '2023年01月至2023年06月', 2000),
  ...row('工伤保险', '2023年01月至2023年09月', 2080),
];

describe('a table that goes on over the end of its page', () => {
  const expected = { insurances: '养老保险；工伤保险；失业保险', months: '2023-01-01/2024-06-30' };
  it.each([
    ['under a repeated head', [...head(120), ...row('失业保险', '2023年01月至2024年06月', 200)]],
    ['without a head', row('失业保险', '2023年01月至2024年06月', 120)],
    [
      'under the running head of all pages',
      [line('社会保险参保缴费证明', 500, 80), ...row('失业保险', '2023年01月至2024年06月', 200)],
    ],
  ])('%s', (_, second) => {
    const pages = [
      page(...top, ...head(1920), ...firstRows, line('第1页，共2页', 700, 2260)),
      page(
        ...second,
        line('经办机构：沈阳市社会保险事业服务中心', 800, 600),
        line('第2页，共2页', 700, 2260),
      ),
    ];
    const read = extractFields(insurance, pages);
    expect(read['insurances']?.value).toBe(expected.insurances);
    expect(read['paidMonths']?.value).toBe(expected.months);
    expect(read['insurances']).toMatchObject({ page: 0, continued: [{ page: 1 }] });
    const marks = proposeMarks(insurance, read, { insurances: expected.insurances })['insurances'];
    expect(marks?.map((mark) => mark.page)).toEqual([0, 0, 1]);
  });
  it('ends with its page when something stands below it', () => {
    const pages = [
      page(
        ...top,
        ...head(400),
        ...row('养老保险', '2023年01月至2023年06月', 480),
        line('打印日期：2024年07月01日', 200, 900),
      ),
      page(...row('失业保险', '2023年01月至2024年06月', 120)),
    ];
    expect(extractFields(insurance, pages)['insurances']?.value).toBe('养老保险');
  });
});

describe('running text that goes on over the end of its page', () => {
  const wide = '房屋建筑工程施工；市政公用工程施工；建筑装修装饰工程';
  const scope = (...second: ReturnType<typeof line>[]) =>
    extractFields(licence, [
      page(line('经营范围', 200, 2100), line(wide, 480, 2100), line('—', 60, 100)),
      page(...second),
    ])['businessScope']?.value;
  it('is taken from the top of the next page, up to a label', () => {
    const value = scope(
      line('施工；建筑材料销售。', 200, 120),
      line('登记机关：沈阳市沈北新区市场监督管理局', 800, 400),
    );
    expect(value).toBe(`${wide}施工；建筑材料销售`);
  });
  it('is not taken when the next page begins with a heading or a label', () => {
    expect(scope(line('第二章　股东', 200, 120))).toBe(wide);
    expect(scope(line('住所：沈阳市沈北新区', 200, 120))).toBe(wide);
  });
  it('is not looked for when the last line was ended by its writer', () => {
    const read = extractFields(contract, [
      page(
        line('发包人：沈阳蒲河建设投资有限公司', 200, 500),
        line('工程承包范围：土建。', 200, 2200),
        line('双方协商一致，共同达成如下协议，以昭信守，特立此约为凭据', 200, 700),
      ),
      page(line('本合同一式捌份。', 200, 120)),
    ]);
    expect(read['content']?.value).toBe('土建');
  });
});

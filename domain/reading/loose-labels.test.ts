/** Labels that reach into their values, stand apart from their letters, or say more than the configuration does. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page, valuesOf } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields, viewPages } from './extract-fields.ts';
import { hasLabelOnRow } from './page-view.ts';
import type { Line } from './schema.ts';

const catalogue = loadCatalogue();
const read = (id: string, ...lines: Line[]) =>
  valuesOf(extractFields(getDocumentType(catalogue, id), [page(...lines)]));
const licence = [line('营业执照', 600, 100), line('类型', 200, 660), line('有限责任公司', 500, 660)];
const address = '新疆维吾尔自治区伊犁哈萨克自治州霍城县蒲河大道564号铜讯大';

const viewOf = (...lines: Line[]) => {
  const [view] = viewPages(getDocumentType(catalogue, 'business-licence'), [page(...licence, ...lines)]);
  if (!view) throw new Error('one page is one view');
  return view;
};

describe('a row', () => {
  it('has its label although the label’s box reaches into the value, so that no value above goes on in it', () => {
    const lines = [line('法定代表人姓名', 200, 816), line('朱杰志', 460, 816)];
    const view = viewOf(line('主要经营场所', 200, 720), line(address, 460, 720), ...lines);
    const name = view.items.find(({ line: { text } }) => text === '朱杰志');
    expect(name && hasLabelOnRow(name, view, undefined)).toBe(true);
    const value = view.items.find(({ line: { text } }) => text === address);
    expect(
      value &&
        hasLabelOnRow(
          value,
          view,
          view.labels.find(({ label }) => label === '主要经营场所'),
        ),
    ).toBe(false);
  });
});

describe('a label', () => {
  it('is known when its letters are lines of their own and it is worded otherwise', () => {
    const view = viewOf(
      line('地', 200, 720),
      line('址', 340, 720),
      line('内蒙古自治区通辽市科尔沁区蒲河大道489号附8号', 500, 720),
    );
    const spread = view.labels.find(({ items }) => items.length === 2);
    expect(spread?.items.map(({ line: { text } }) => text)).toEqual(['地', '址']);
    expect(spread).toMatchObject({ label: '住所', isReworded: true });
  });

  it.each(['负责人：许超', '法定代表人姓名：许超', '法定代表人　姓名　许超'])(
    'names the legal representative of a qualification: %s',
    (text) => {
      const found = read(
        'construction-qualification',
        line('建筑业企业资质证书', 600, 100),
        line('企业名称：辽宁沈北建设工程有限公司', 200, 300),
        line(text, 200, 400),
        line('注册资本：人民币捌仟万元整', 200, 460),
      );
      expect(found['legalRepresentative']).toBe('许超');
    },
  );

  it.each([
    ['详细地址辽宁省沈阳市浑南区建设北路416号', '辽宁省沈阳市浑南区建设北路416号'],
    ['注册地址：云南省大理市人民路539号', '云南省大理市人民路539号'],
  ])('is no part of the address behind it: %s', (text, wanted) => {
    expect(read('business-licence', ...licence, line(text, 200, 720))['address']).toBe(wanted);
  });
});

/** An authority that stands in the seal alone. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import type { SealText } from './schema.ts';

const licence = getDocumentType(loadCatalogue(), 'business-licence');

const seal = (text: string, x: number, y: number, confidence = 0.99): SealText => ({
  text,
  confidence,
  box: [
    [x, y],
    [x + 300, y],
    [x + 300, y + 300],
    [x, y + 300],
  ],
});
const printed = [
  line('营业执照', 700, 100),
  line('名称', 150, 300),
  line('陕西某某电气有限公司', 380, 300),
  line('登记机关', 1280, 1100),
  line('2019', 1480, 1240),
  line('年06月21日', 1560, 1240),
  line('国家市场监督管理总局', 1640, 1360),
];
const authorityOf = (seals: SealText[], lines = printed) =>
  extractFields(licence, [{ ...page(...lines), seals }])['registrationAuthority'];

describe('the registration authority of a business licence', () => {
  it('is what runs around the seal, and is marked there', () => {
    const found = authorityOf([seal('西安市市场监督管理局', 1520, 890)]);
    expect(found).toMatchObject({
      value: '西安市市场监督管理局',
      box: seal('', 1520, 890).box,
    });
  });

  it('keeps the branch that the seal names behind its bureau', () => {
    expect(authorityOf([seal('上海市工商行政管理局金山分局', 1520, 890)])?.value).toBe(
      '上海市工商行政管理局金山分局',
    );
  });

  it('is of several seals the one of an authority, next to the label', () => {
    const company = seal('陕西某某电气有限公司', 1500, 1000);
    const far = seal('北京市市场监督管理局', 100, 100);
    const near = seal('西安市市场监督管理局', 1520, 890);
    expect(authorityOf([company, far, near])?.value).toBe('西安市市场监督管理局');
    expect(authorityOf([company])?.value).not.toBe('陕西某某电气有限公司');
  });

  it('stays what is printed beside the label, where it is printed', () => {
    const lines = [...printed.slice(0, 3), line('登记机关：沈阳市市场监督管理局', 1000, 1100)];
    expect(authorityOf([seal('西安市市场监督管理局', 1520, 890)], lines)?.value).toBe('沈阳市市场监督管理局');
  });

  it('is not taken from a seal that was hardly read', () => {
    expect(authorityOf([seal('西安市市场监督管理局', 1520, 890, 0.6)])?.value).not.toBe(
      '西安市市场监督管理局',
    );
  });
});

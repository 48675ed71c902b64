import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { recogniseDocumentType } from './recognise-document-type.ts';
import type { Line } from './schema.ts';

const { documentTypes } = loadCatalogue();
const pages = (...texts: string[]) => [
  {
    lines: texts.map((text, index): Line => {
      const y = index * 60;
      return {
        text,
        confidence: 1,
        box: [
          [0, y],
          [400, y],
          [400, y + 40],
          [0, y + 40],
        ],
      };
    }),
  },
];
const best = (...texts: string[]) => recogniseDocumentType(documentTypes, pages(...texts))[0];

describe('recogniseDocumentType', () => {
  it.each([
    ['business-licence', ['营 业 执 照', '（副本）', '统一社会信用代码', '经营范围']],
    ['business-licence', ['营业抚照', '登记机关', '住所']],
    ['construction-qualification', ['建筑业企业资质证书', '企业名称：某公司', '资质类别及等级：']],
    ['construction-qualification', ['建筑业企亚资质证书', '营业执照注册号：1', '证书编号：D221047365']],
    ['resident-id-card', ['姓名 王建国', '性别 男 民族 汉', '出生 1949年', '住址', '公民身份号码']],
    ['resident-id-card', ['中华人民共和国', '居民身份证', '签发机关 某局', '有效期限 长期']],
  ])('knows %s by %j', (id, texts) => expect(best(...texts)?.documentType).toBe(id));

  it('is surer with a clean title than with a misread one', () => {
    const clean = best('营业执照', '登记机关')?.confidence ?? 0;
    const misread = best('营业抚照', '登记机关')?.confidence ?? 0;
    expect(clean).toBeGreaterThan(misread);
  });

  it('does not take a sentence about a licence for its title', () => {
    expect(best('请持本单位营业执照原件到窗口办理相关手续')).toBeUndefined();
  });

  it('finds nothing plausible on other paper', () => {
    expect(
      recogniseDocumentType(documentTypes, pages('房屋租赁合同', '甲方：某公司', '乙方：某公司')),
    ).toEqual([]);
  });

  it('joins a title that was read in pieces beside each other', () => {
    const lines = [...'营业执照'].map((text, index): Line => {
      const x = index * 200;
      return {
        text,
        confidence: 1,
        box: [
          [x, 0],
          [x + 90, 0],
          [x + 90, 90],
          [x, 90],
        ],
      };
    });
    expect(recogniseDocumentType(documentTypes, [{ lines }])[0]?.documentType).toBe('business-licence');
  });
});

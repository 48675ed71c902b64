/** Boxes that run into each other and labels that are read with their value. */
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import type { Line } from './schema.ts';

const catalogue = loadCatalogue();
const licence = getDocumentType(catalogue, 'business-licence');
const idCard = getDocumentType(catalogue, 'resident-id-card');

describe('lines whose boxes are loose', () => {
  const boxed = (text: string, left: number, right: number, y: number, places?: number[]): Line => ({
    text,
    confidence: 0.98,
    box: [
      [left, y],
      [right, y],
      [right, y + 46],
      [left, y + 46],
    ],
    ...(places ? { places } : {}),
  });

  it('a character that two boxes hold is taken once, and the mend is marked', () => {
    const read = extractFields(idCard, [
      page(
        line('姓名戚扶得', 99, 110),
        line('出生', 106, 307),
        boxed('1973', 232, 377, 309),
        boxed('3年5', 348, 533, 309),
        boxed('月3', 518, 634, 309),
        boxed('日', 665, 720, 309),
        line('公民身份号码412818197305036467', 112, 711),
      ),
    ]);
    expect(read['bornOn']).toMatchObject({ value: '1973-05-03', mended: true, text: '19733年5月3日' });
  });

  it('a name goes on below its first character and not below the label that was read with it', () => {
    const text = '称红河哈尼族彝族自治州祥云工程检测股份有限';
    const places = [...text].map((_, i) => (i === 0 ? 0.025 : 0.15 + (0.84 * (i - 0.5)) / 20));
    const read = extractFields(licence, [
      page(
        boxed('名', 218, 263, 623),
        boxed(text, 382, 1428, 619, places),
        boxed('公司', 518, 633, 681),
        line('统一社会信用代码91210113MA0P4XU88E', 200, 300),
      ),
    ]);
    expect(read['companyName']?.value).toBe('红河哈尼族彝族自治州祥云工程检测股份有限公司');
  });
});

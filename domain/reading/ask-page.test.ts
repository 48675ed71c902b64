import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { askPages, knownValues, tellMissing } from './ask-page.ts';
import { extractFields } from './extract-fields.ts';
import type { Line } from './schema.ts';

const award = getDocumentType(loadCatalogue(), 'award-notice');
const subject = { name: '辽宁沈北建设工程有限公司', creditCode: '91210113MA0P4XU88E' };
const known = knownValues(award, { subject, chip: {} });

function ask(...lines: Line[]) {
  const pages = [page(...lines)];
  const readings = extractFields(award, pages);
  return { readings, ...askPages(pages, known, readings) };
}

describe('a page that is asked for the company of the token', () => {
  it('shows where the name stands though no label says so', () => {
    const { readings, found, missing } = ask(
      line('中标通知书', 600, 100),
      line('现确定辽宁沈北建设工程', 300, 300),
      line('有限公司承担上述工程的施工', 200, 370),
    );
    expect(readings['winner']).toBeUndefined();
    expect(found['winner']).toHaveLength(2);
    expect(found['winner']?.every(({ guessed }) => guessed)).toBe(true);
    expect(missing).toEqual([]);
  });

  it('says in words that the name is nowhere', () => {
    const { found, missing } = ask(
      line('中标通知书', 600, 100),
      line('中标人：沈阳恒远建筑安装有限公司', 200, 300),
    );
    expect(found).toEqual({});
    expect(missing.map(tellMissing)).toEqual([expect.stringContaining('页面上未找到 UKey 中的中标人')]);
  });

  it('puts no mark on the name where the field says another one', () => {
    const { found, missing } = ask(
      line('中标通知书', 600, 100),
      line('中标人：沈阳恒远建筑安装有限公司', 200, 300),
      line('抄送辽宁沈北建设工程有限公司。', 200, 900),
    );
    expect(found).toEqual({});
    expect(missing).toEqual([]);
  });

  it('asks nothing where the field was read as it is known', () => {
    const { found, missing } = ask(line('中标人：辽宁沈北建设工程有限公司', 200, 300));
    expect([found, missing]).toEqual([{}, []]);
  });
});

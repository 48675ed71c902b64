import { expect, test } from 'vitest';
import { foldWidth } from './fold-width.ts';

test.each([
  ['企业名称:辽宁(沈阳)公司', '企业名称：辽宁（沈阳）公司'],
  ['注册资本:5,000万元', '注册资本：5,000万元'],
  ['ISO 9001(2015)', 'ISO 9001(2015)'],
  ['编号(2023)', '编号（2023）'],
  ['12:30', '12:30'],
  ['一,二;三', '一，二；三'],
])('%s becomes %s', (read, folded) => {
  expect(foldWidth(read)).toBe(folded);
});

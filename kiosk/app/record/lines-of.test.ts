import { expect, test } from 'vitest';
import { linesOf } from './lines-of.ts';

test('a text is broken after so many characters, and no line begins with a comma', () => {
  expect(linesOf('点“去标记”，在图片上框出信息', 6)).toEqual(['点“去标记”，', '在图片上框出', '信息']);
  expect(linesOf('有误双击修改点“确认”', 7)).toEqual(['有误双击修改点', '“确认”']);
  expect(linesOf('有误双击改点“确认”', 7)).toEqual(['有误双击改点', '“确认”']);
  expect(linesOf('保存', 6)).toEqual(['保存']);
  expect(linesOf('', 6)).toEqual([]);
});

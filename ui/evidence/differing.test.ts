import fc from '#tests/support/properties.ts';
import { expect, test } from 'vitest';
import { differingParts } from './differing.ts';

const marked = (text: string, other: string): string =>
  differingParts(text, other)
    .map((part) => (part.differs ? `<${part.text}>` : part.text))
    .join('');

test('shows the one character that differs', () => {
  expect(marked('沈阳恒泰建设有限公司', '沈阳恒秦建设有限公司')).toBe('沈阳恒<泰>建设有限公司');
  expect(marked('A1002', 'A1007')).toBe('A100<2>');
});

test('shows what is more, and where something is missing', () => {
  expect(marked('A1002', 'A102')).toMatch(/^A1(<0>0|0<0>)2$/);
  expect(marked('A102', 'A1002')).toContain('<>');
});

test('says of equal texts that nothing differs', () => {
  expect(marked('张三', '张三')).toBe('张三');
});

test('loses no character', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (text, other) => {
      const all = differingParts(text, other).map((part) => part.text);
      expect(all.join('')).toBe(text);
    }),
  );
});

import { expect, test } from 'vitest';
import { rectangleQuad } from '../geometry.ts';
import { frameOf, sizeAt } from './paper-size.ts';

test('a card on the glass of a scanner has the size that the resolution says, whatever papers are expected', () => {
  const card = rectangleQuad(200, 300, 200 + 1011, 300 + 638);
  const size = sizeAt(300, card);
  expect(size.widthMm).toBeCloseTo(85.6, 0);
  expect(size.heightMm).toBeCloseTo(54, 0);
  expect(frameOf(size, card).sourceDpi).toBe(300);
});

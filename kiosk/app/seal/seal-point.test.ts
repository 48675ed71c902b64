import { expect, test } from 'vitest';
import { fitPage } from './seal-point.ts';

test('a tall page stands in the middle of a wide box, a wide page in that of a tall one', () => {
  expect(fitPage({ width: 1000, height: 594 }, { widthMm: 210, heightMm: 297 })).toEqual({
    left: 290,
    top: 0,
    pxPerMm: 2,
  });
  expect(fitPage({ width: 297, height: 1000 }, { widthMm: 297, heightMm: 210 })).toEqual({
    left: 0,
    top: 395,
    pxPerMm: 1,
  });
});

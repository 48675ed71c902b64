import { expect, test } from 'vitest';
import { drawFlow } from './draw-flow.ts';

const texts = ['点“上传图片”选择文件', '核对识别结果', '提交入库'];

test.each([true, false])(
  'every step stands behind the one before it and leads to the next (upright: %s)',
  (isUpright) => {
    const { steps, width, height } = drawFlow({ isUpright, texts, back: { from: -1, to: 0 } });
    const along = steps.map(({ x, y }) => (isUpright ? y : x));
    expect(along).toEqual(along.toSorted((a, b) => a - b));
    expect(new Set(along).size).toBe(3);
    expect(steps.map(({ arrow }) => arrow !== undefined)).toEqual([true, true, false]);
    for (const { lines } of steps) for (const { x, y } of lines) expect(x < width && y < height).toBe(true);
  },
);

test('the way back is drawn where there is a check', () => {
  const of = { isUpright: false, texts };
  expect(drawFlow({ ...of, back: { from: -1, to: 0 } }).back).toBeUndefined();
  expect(drawFlow({ ...of, back: { from: 2, to: 0 } }).back?.path).toMatch(/^M500 .*H100/);
});

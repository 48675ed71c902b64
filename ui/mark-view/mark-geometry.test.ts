import fc from '#tests/support/properties.ts';
import { expect, test } from 'vitest';
import {
  dragCorner,
  fitView,
  moveRect,
  quadOfRect,
  rectBetween,
  rectOfQuad,
  toPage,
  viewOn,
  zoomAt,
} from './mark-geometry.ts';
import type { Corner } from './mark-geometry.ts';

const page = { width: 2480, height: 3508 };
const whole = (most: number) => fc.integer({ min: 0, max: most });
const rects = fc
  .tuple(whole(2400), whole(3400), fc.integer({ min: 8, max: 80 }), fc.integer({ min: 8, max: 100 }))
  .map(([x, y, width, height]) => ({ x, y, width, height }));

test('a rectangle survives the way to a quad and back', () => {
  fc.assert(
    fc.property(rects, (rect) => {
      expect(rectOfQuad(quadOfRect(rect))).toEqual(rect);
    }),
  );
});

test('a drawn rectangle is the same whichever corner the drag starts from', () => {
  const expected = { x: 10, y: 20, width: 90, height: 40 };
  expect(rectBetween([10, 20], [100, 60])).toEqual(expected);
  expect(rectBetween([100, 60], [10, 20])).toEqual(expected);
  expect(rectBetween([100, 20], [10, 60])).toEqual(expected);
});

test('moving never leaves the page and never changes the size', () => {
  fc.assert(
    fc.property(rects, fc.integer(), fc.integer(), (rect, dx, dy) => {
      const moved = moveRect(rect, [dx, dy], page);
      expect([moved.width, moved.height]).toEqual([rect.width, rect.height]);
      expect(moved.x).toBeGreaterThanOrEqual(0);
      expect(moved.y).toBeGreaterThanOrEqual(0);
      expect(moved.x + moved.width).toBeLessThanOrEqual(page.width);
      expect(moved.y + moved.height).toBeLessThanOrEqual(page.height);
    }),
  );
});

test('dragging a corner keeps the opposite corner', () => {
  const rect = { x: 100, y: 200, width: 300, height: 80 };
  for (const corner of [0, 1, 2, 3] as Corner[]) {
    const dragged = quadOfRect(dragCorner(rect, corner, [250, 240], page));
    expect(dragged).toContainEqual(quadOfRect(rect)[(corner + 2) % 4]);
  }
});

test('dragging a corner past its opposite turns the rectangle over instead of making it negative', () => {
  const turned = dragCorner({ x: 100, y: 100, width: 50, height: 50 }, 0, [400, 300], page);
  expect(turned).toEqual({ x: 150, y: 150, width: 250, height: 150 });
});

test('the whole page fits the window', () => {
  const view = fitView(page, { width: 900, height: 700 });
  expect(page.height * view.scale).toBeLessThanOrEqual(700);
  expect(page.width * view.scale).toBeLessThanOrEqual(900);
});

test('zooming keeps the point under the finger', () => {
  fc.assert(
    fc.property(whole(900), whole(700), fc.double({ min: 0.1, max: 8, noNaN: true }), (x, y, scale) => {
      const before = fitView(page, { width: 900, height: 700 });
      const [ax, ay] = toPage(before, [x, y]);
      const [bx, by] = toPage(zoomAt(before, [x, y], scale), [x, y]);
      expect(bx).toBeCloseTo(ax, 3);
      expect(by).toBeCloseTo(ay, 3);
    }),
  );
});

test('a mark that is shown lies in the middle of the window', () => {
  const window = { width: 900, height: 700 };
  const view = viewOn({ x: 400, y: 900, width: 600, height: 60 }, window, fitView(page, window));
  const [x, y] = toPage(view, [450, 350]);
  expect([Math.round(x), Math.round(y)]).toEqual([700, 930]);
});

test('a mark is large enough to be read, in a low window too', () => {
  const window = { width: 760, height: 170 };
  const view = viewOn({ x: 590, y: 1050, width: 130, height: 40 }, window, fitView(page, window));
  expect(40 * view.scale).toBeGreaterThan(30);
  expect(40 * view.scale).toBeLessThan(0.4 * window.height);
});

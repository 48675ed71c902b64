import { describe, expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { rectangleQuad } from '../geometry.ts';
import { growPastFrame, sidesWithinPaper } from './grow-past-frame.ts';
import type { Picture } from '../picture.ts';

const [width, height] = [800, 600];

/** Rectangles of grey, one over the other. */
function painted(
  ...areas: [grey: number, left: number, top: number, right: number, bottom: number][]
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (const [grey, left, top, right, bottom] of areas)
    for (let y = top; y < bottom; y += 1) data.fill(grey, 3 * (y * width + left), 3 * (y * width + right));
  return { data, width, height };
}

const desk = [90, 0, 0, width, height] as const;
/** A sheet on a desk with a frame printed 60 px from its edges. */
const sheet = painted([...desk], [230, 40, 40, 760, 560], [120, 90, 90, 710, 510], [230, 110, 110, 690, 490]);
const frame = rectangleQuad(100, 100, 700, 500);
const footer = rectangleQuad(250, 525, 600, 545);

describe('a printed frame taken for the edge', () => {
  test('lies within paper of one colour', () => {
    expect(sidesWithinPaper(sheet, frame)).toEqual([0, 1, 2, 3]);
  });

  test('is left for the edge beyond the text that stands outside of it', () => {
    const grown = growPastFrame(sheet, frame, { sides: [0, 1, 2, 3], text: [footer] });
    expect(grown[2][1]).toBeGreaterThan(552);
    expect(grown[2][1]).toBeLessThan(568);
    expect(grown[0]).toEqual(frame[0]);
  });

  test('stays where no text stands beyond it', () => {
    expect(
      growPastFrame(sheet, frame, { sides: [0, 1, 2, 3], text: [rectangleQuad(200, 200, 500, 230)] }),
    ).toBe(frame);
  });

  test('is left for the rim of the picture where the paper goes on to it', () => {
    const filling = painted([230, 0, 0, width, height], [120, 90, 90, 710, 510], [230, 110, 110, 690, 490]);
    const [, , bottomRight] = growPastFrame(filling, frame, { sides: [2], text: [footer] });
    expect(bottomRight[1]).toBeGreaterThan(590);
  });
});

test('a true edge has no paper beyond it', () => {
  const edges: Quad = rectangleQuad(40, 40, 760, 560);
  expect(sidesWithinPaper(painted([...desk], [230, 40, 40, 760, 560]), edges)).toEqual([]);
});

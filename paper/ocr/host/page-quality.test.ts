import { describe, expect, test } from 'vitest';
import { A4, ID_1 } from '../../imaging/rectify/paper-size.ts';
import { qualityOfPages } from './page-quality.ts';
import type { JudgedPage } from './page-quality.ts';

/** Nothing is wrong with its pixels. */
const measures = { sharpness: 900, glareShare: 0, brightness: 200, inkShare: 0.05 };

function pageWith(folded: readonly number[], turns: number, size = A4): JudgedPage {
  const page = { data: new Uint8Array(), width: 1654, height: 2339 };
  return {
    found: { how: 'edges', cutOff: false, flaws: [], folded },
    flat: { frame: { ...size, dpi: 200, sourceDpi: 200, widthPx: page.width, heightPx: page.height } },
    measures,
    upright: { page, boxes: [], turns },
  };
}

describe('a page with folded corners', () => {
  test('is called folded, and its corners by the names they have when it stands upright', () => {
    expect(qualityOfPages([pageWith([0], 1)])).toEqual({
      good: false,
      issues: ['folded'],
      foldedCorners: ['top-right'],
    });
    expect(qualityOfPages([pageWith([1, 2], 0)]).foldedCorners).toEqual(['top-right', 'bottom-right']);
  });

  test('without them is good', () => {
    expect(qualityOfPages([pageWith([], 0)])).toEqual({ good: true, issues: [] });
  });

  test('is no card: cards do not fold', () => {
    expect(qualityOfPages([pageWith([3], 0, ID_1)])).toEqual({ good: true, issues: [] });
  });
});

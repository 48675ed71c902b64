import { expect, test } from 'vitest';
import { createCharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { coreOf, readClaim } from './claim-text.ts';
import { supportOf, viewOf } from './claim-views.ts';
import type { View } from './claim-views.ts';
import { nearestInUsualViews, nearestWhole } from './rival-rules.ts';

const signs = [...'佛山市场天夫津局公司分'];
const chars = createCharTable(signs, 1);

/** A view that shows this text and nothing else. */
function seeing(text: string, penalty: number): View {
  const classes = signs.length + 1;
  const best = [...text].flatMap((sign) => [1 + signs.indexOf(sign), 0]);
  const data = new Float32Array(best.length * classes).fill(-12);
  best.forEach((c, t) => (data[t * classes + c] = -0.001));
  const matrix: FrameMatrix = { data, frames: best.length, classes, blank: 0, best: Int32Array.from(best) };
  return viewOf(matrix, chars, penalty);
}
/** What the unusual views say of a claim that the last of them bears out, against the line's own view. */
function marginOf(text: string, line: string, unusual: readonly string[]): number {
  const views = [seeing(line, 0), ...unusual.map((one) => seeing(one, 0.5))];
  const view = views.at(-1) as View;
  const claim = readClaim(text);
  const supported = { view, claim, support: supportOf(view, claim, chars) };
  return nearestInUsualViews(supported, { views, cores: new Set([coreOf(text)]), chars }).margin;
}

test('one unusual view does not outvote the line, several do', () => {
  expect(marginOf('天津市', '夫津市', ['天津市'])).toBeLessThan(0);
  expect(marginOf('天津市', '夫津市', ['夫津市', '夫津市', '夫津市', '夫津市', '天津市'])).toBeLessThan(-2);
  expect(marginOf('天津市', '夫津市', ['天津市', '天津市', '天津市', '天津市', '天津市'])).toBeGreaterThan(2);
});

test('a line that lacks a twin says nothing against a claim that has it; one that shows it speaks against one that has not', () => {
  expect(marginOf('佛山市市场局', '佛山市场局', ['佛山市市场局'])).toBe(Infinity);
  expect(marginOf('佛山市场局', '佛山市市场局', ['佛山市场局'])).toBeLessThan(0);
});

test('a claim that is only the beginning of what stands there without a gap has the whole as its rival', () => {
  const run: View = { ...seeing('佛山公司分公司', 0.5), isRun: true };
  const view = seeing('佛山公司', 0);
  const claim = readClaim('佛山公司');
  const contest = { views: [view, run], cores: new Set(['佛山公司']), chars };
  const nearest = nearestWhole({ view, claim, support: 0 }, contest);
  expect(nearest).toMatchObject({ rival: '佛山公司分公司' });
  expect(nearest.margin).toBeLessThan(0);
});

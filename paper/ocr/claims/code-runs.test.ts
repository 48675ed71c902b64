import { expect, test } from 'vitest';
import { createCharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { decodeGreedily } from '../ctc/greedy.ts';
import { codeRunUnder, isCode } from './code-runs.ts';

const signs = [...'代码：9123A56 x'];
const chars = createCharTable(signs, 1);

/** A frame for each sign of the line and a blank after it; `_` is one blank more. */
function lineOf(text: string): FrameMatrix {
  const classes = signs.length + 1;
  const best = [...text].flatMap((sign) => (sign === '_' ? [0] : [1 + signs.indexOf(sign), 0]));
  const data = new Float32Array(best.length * classes).fill(-12);
  best.forEach((c, t) => (data[t * classes + c] = -0.01));
  return { data, frames: best.length, classes, blank: 0, best: Int32Array.from(best) };
}
const runOf = (text: string, marked: [number, number]): string | undefined => {
  const line = lineOf(text);
  const run = codeRunUnder(line, decodeGreedily(line), chars, { marked, framesPerHeight: 4 });
  return (
    run &&
    decodeGreedily(run)
      .map(({ classId }) => chars.charOf(classId))
      .join('')
  );
};

test('finds the whole code of which a mark shows a part', () => {
  expect(runOf('代码：9123A56', [10, 20])).toBe('9123A56');
});

test('a gap ends a code, and a run elsewhere on the line is another one', () => {
  expect(runOf('91239____A5612', [14, 26])).toBe('A5612');
  expect(runOf('91239____A5612', [0, 8])).toBe('91239');
});

test('knows codes from words and from short numbers', () => {
  expect(['9123A56', '912', '代码912345', 'A1002-3'].map(isCode)).toEqual([true, false, false, false]);
});

import { expect, test } from 'vitest';
import { createCharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { sliceFrames } from '../ctc/frames.ts';
import { decodeGreedily } from '../ctc/greedy.ts';
import { behindLabel, framesWithin, runBefore, runBehind } from './line-parts.ts';
import type { FrameRange, RecognisedLine } from './line-parts.ts';

const signs = [...'登记机关青岛市长沙公司分：（）123'];
const chars = createCharTable(signs, 1);

/** Three frames for each sign, the middle one sure of it; `_` is a sign's width without one. */
function lineOf(text: string): RecognisedLine {
  const classes = signs.length + 1;
  const best = [...text].flatMap((sign) => (sign === '_' ? [0, 0, 0] : [0, 1 + signs.indexOf(sign), 0]));
  const data = new Float32Array(best.length * classes).fill(-12);
  best.forEach((c, t) => (data[t * classes + c] = -0.01));
  const matrix: FrameMatrix = { data, frames: best.length, classes, blank: 0, best: Int32Array.from(best) };
  return { matrix, decoded: decodeGreedily(matrix), framesPerHeight: 4 };
}
const textOf = (matrix: FrameMatrix): string =>
  decodeGreedily(matrix)
    .map(({ classId }) => chars.charOf(classId))
    .join('');
const within = (line: RecognisedLine, from: number, to: number): FrameRange => framesWithin(line, from, to);
const cut = (line: RecognisedLine, [from, to]: FrameRange): string =>
  textOf(sliceFrames(line.matrix, from, to));

test('a character belongs to a mark that covers its middle, and none is cut through', () => {
  const line = lineOf('青岛市长沙');
  expect(cut(line, within(line, 0, 1))).toBe('青岛市长沙');
  // edges at 1.3 and 3.6 characters
  expect(cut(line, within(line, 0.26, 0.72))).toBe('岛市长');
  // edges at 1.6 and 3.4 characters
  expect(cut(line, within(line, 0.32, 0.68))).toBe('市');
});

test('a mark on a gap shows nothing', () => {
  const line = lineOf('青____岛');
  expect(cut(line, within(line, 0.4, 0.6))).toBe('');
});

test('text that goes on behind the mark is found, up to a gap or a sign', () => {
  const line = lineOf('长沙公司分公司');
  const [, end] = within(line, 0, 4 / 7);
  const run = runBehind(line, end, chars);
  expect(run !== undefined && cut(line, [0, run])).toBe('长沙公司分公司');
  for (const text of ['长沙公司__分公司', '长沙公司：分公司', '长沙公司']) {
    const other = lineOf(text);
    const [, stop] = within(other, 0, 4 / [...text].length);
    expect(runBehind(other, stop, chars), text).toBeUndefined();
  }
});

test('the end of the label before the value is left out, and nothing else', () => {
  const led = (text: string): string | undefined => {
    const found = behindLabel(lineOf(text), chars, ['登记机关']);
    return found && textOf(found);
  };
  expect(led('关青岛市')).toBe('青岛市');
  expect(led('登记机关青岛市')).toBe('青岛市');
  expect(led('青岛市')).toBeUndefined();
  expect(led('记青岛市')).toBeUndefined();
  expect(led('机关')).toBeUndefined();
});

test('text before a mark without a gap is a hidden beginning, a label before it is none', () => {
  const before = (text: string, mark: string, labels: readonly string[] = ['登记机关', '机关']) => {
    const line = lineOf(text);
    const [start] = within(line, (text.indexOf(mark) + 0.2) / text.length, 1);
    const begin = runBefore(line, start, { chars, labels });
    return begin === undefined ? undefined : cut(line, [begin, line.matrix.frames]);
  };
  expect(before('青岛市公司', '公司')).toBe('青岛市公司');
  expect(before('登记机关青岛市', '青岛')).toBeUndefined();
  // Misread, cut off by the detector, and taken in half by the mark.
  expect(before('登记司关青岛市', '青岛')).toBeUndefined();
  expect(before('关青岛市', '青岛')).toBeUndefined();
  expect(before('登记机关青岛市', '关青岛')).toBeUndefined();
  // An explanation in brackets behind the label, and a label in brackets.
  expect(before('登记机关（市）青岛', '青岛')).toBeUndefined();
  expect(before('市（登记机关）青岛', '青岛')).toBeUndefined();
  expect(before('长沙（市）青岛', '青岛')).toBe('长沙（市）青岛');
  // Only a label that stands at the mark excuses it.
  expect(before('登记机关青岛市公司', '公司')).toBe('登记机关青岛市公司');
  expect(before('机关：青岛市', '青岛')).toBeUndefined();
  expect(before('长沙____青岛市', '青岛')).toBeUndefined();
  expect(before('1青岛市', '青岛')).toBeUndefined();
  expect(before('长青岛市', '青岛')).toBe('长青岛市');
});

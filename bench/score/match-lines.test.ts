import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import type { Line, Quad } from '#domain/reading/schema.ts';
import { rectangleQuad } from '#paper/imaging/geometry.ts';
import type { TrueLine } from '../set/straight-pages.ts';
import { errorsPerChar, normalise } from './align.ts';
import { scorePage, withoutIgnored } from './match-lines.ts';
import { createTally } from './tally.ts';

const at = (x: number, y: number, width: number): Quad => rectangleQuad(x, y, x + width, y + 30);
const trueLine = (text: string, box: Quad, extra: Partial<TrueLine> = {}): TrueLine => ({
  text,
  box,
  field: null,
  underSeal: false,
  ...extra,
});
const found = (text: string, box: Quad): Line => ({ text, box, confidence: 0.9 });
const errorsOf = (truth: TrueLine[], lines: Line[]): number[] =>
  scorePage(truth, lines).lines.map(({ errors }) => errors);

describe('aligning', () => {
  test('full and half width and blanks are no errors', () => {
    expect(normalise('（Ａ１） 号：')).toBe('(A1)号:');
  });

  test.each([
    ['营业执照', '营业执照', 0],
    ['营业执照', '营业执', 1],
    ['营业执照', '营业执熙', 1],
    ['营业执照', '副营业执照本', 2],
    ['营业执照', '', 4],
  ])('%s read as %s has %i errors', (truth, read, errors) => {
    expect(errorsPerChar([...truth], [...read]).reduce((a, b) => a + b, 0)).toBe(errors);
  });

  test('the sum is a distance: never over the longer text, never under the difference of lengths', () => {
    const word = fc.array(fc.constantFrom('一', '二', '三'), { maxLength: 8 });
    fc.assert(
      fc.property(word, word, (truth, read) => {
        fc.pre(truth.length > 0);
        const sum = errorsPerChar(truth, read).reduce((a, b) => a + b, 0);
        const back = read.length > 0 ? errorsPerChar(read, truth).reduce((a, b) => a + b, 0) : truth.length;
        return (
          sum <= Math.max(truth.length, read.length) &&
          sum >= Math.abs(truth.length - read.length) &&
          sum === back
        );
      }),
    );
  });
});

describe('lines of a page', () => {
  const label = trueLine('名称', at(0, 0, 60));
  const value = trueLine('某某公司', at(100, 0, 120));

  test('a reader that joins two lines is not charged for it', () => {
    expect(errorsOf([label, value], [found('名称某某公司', at(0, 0, 220))])).toEqual([0, 0]);
  });

  test('a reader that splits a line is not charged for it', () => {
    expect(
      errorsOf(
        [label, value],
        [found('名称', at(0, 0, 60)), found('公司', at(160, 0, 60)), found('某某', at(100, 0, 60))],
      ),
    ).toEqual([0, 0]);
  });

  test('an error falls to the line in which it happens', () => {
    expect(errorsOf([label, value], [found('名称某某公可', at(0, 0, 220))])).toEqual([0, 1]);
  });

  test('a line that was not found costs all its characters', () => {
    expect(errorsOf([label, value], [found('名称', at(0, 0, 60))])).toEqual([0, 4]);
  });

  test('rows of a page that was photographed askew are told apart, and each is read from its own beginning', () => {
    // Eight degrees: the end of a row stands as high as the beginning of the row above it.
    const askew = (row: number, from: number, to: number): Quad =>
      rectangleQuad(from, row * 34, to, row * 34 + 30).map(([x, y]): [number, number] => [
        x + 0.14 * y,
        y - 0.14 * x,
      ]) as Quad;
    const rows = [0, 1, 2, 3].map((row) => trueLine(`第${row}行名称`, askew(row, 0, 180)));
    const values = [0, 1, 2, 3].map((row) => trueLine(`某某第${row}公司`, askew(row, 200, 420)));
    const read = [0, 1, 2, 3].map((row) => found(`第${row}行名称某某第${row}公司`, askew(row, 0, 420)));
    expect(errorsOf([...rows, ...values], read)).toEqual(new Array(8).fill(0));
  });

  test('what is read where nothing stands counts as extra', () => {
    const score = scorePage([label], [found('名称', at(0, 0, 60)), found('花纹', at(0, 400, 60))]);
    expect(score).toMatchObject({ extraChars: 2, lines: [{ errors: 0 }] });
  });

  test('rates keep seals, codes and extras apart', () => {
    const tally = createTally();
    const truth = [
      trueLine('发证机关', at(0, 0, 120), { underSeal: true }),
      trueLine('D123', at(0, 60, 120), { field: 'certificateNumber' }),
    ];
    tally.add(
      ['all'],
      scorePage(truth, [
        found('发正机关', at(0, 0, 120)),
        found('D123', at(0, 60, 120)),
        found('章', at(0, 300, 30)),
      ]),
    );
    expect(tally.rates()['all']).toEqual({
      pages: 1,
      chars: 8,
      cer: 2 / 8,
      cerUnderSeals: 1 / 4,
      linesExact: 0.5,
      codesExact: 1,
      extra: 1 / 8,
    });
  });
});

test('what is read in a place that is neither right nor wrong counts for nothing, unless a line stands there', () => {
  const box = (x: number): Quad => rectangleQuad(x, 0, x + 100, 20);
  const truth: TrueLine[] = [{ text: '名称', box: box(0), field: null, underSeal: false }];
  const [label, seal, noise] = [0, 200, 400].map((x): Line => ({
    text: '名称',
    box: box(x),
    confidence: 1,
  })) as [Line, Line, Line];
  const counted = withoutIgnored(truth, [label, seal, noise], [box(0), box(200)]);
  expect(counted).toEqual([label, noise]);
  expect(scorePage(truth, counted).extraChars).toBe(2);
});

test('of a read line that joins a true line with such a place, what stands there does not count', () => {
  const box = (from: number, to: number): Quad => rectangleQuad(from, 0, to, 20);
  const truth: TrueLine[] = [{ text: '类别：', box: box(0, 60), field: null, underSeal: false }];
  const ignore = [box(70, 170)];
  const spread: Line = { text: '类别：摄像系统组', box: box(0, 160), confidence: 1 };
  expect(withoutIgnored(truth, [spread], ignore).map(({ text }) => text)).toEqual(['类别：']);
  // Where the reader tells where each character stands, that is believed.
  const told: Line = { text: '类别：', box: box(0, 160), confidence: 1, places: [0.05, 0.2, 0.9] };
  expect(withoutIgnored(truth, [told], ignore).map(({ text }) => text)).toEqual(['类别']);
});

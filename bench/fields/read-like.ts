/** What a reader makes of a sheet, without pixels: lines with boxes, and the mistakes that readers make. */
import { halfWidths } from '#domain/text/normalise.ts';
import type { Line, Point, Quad } from '#domain/reading/schema.ts';
import type { Draws } from './draws.ts';
import type { PlacedText, Sheet } from './sheet.ts';

const pxPerMm = 200 / 25.4;

/** How often a reader errs, per box or per character. */
export interface Mistakes {
  tiltDeg: number;
  merged: number;
  split: number;
  replaced: number;
  lost: number;
  noise: number;
}
export const usualMistakes: Mistakes = {
  tiltDeg: 0.7,
  merged: 0.06,
  split: 0.05,
  replaced: 0.004,
  lost: 0.0015,
  noise: 0.3,
};

export interface ReadSheet {
  lines: Line[];
  widthPx: number;
  heightPx: number;
  /** What was read of each field's own letters, in the order in which they were written. */
  read: Record<string, string>;
  /** Where each field's letters stand, one box a written line. */
  boxes: Record<string, Quad[]>;
}

interface Sign {
  char: string;
  field: string | undefined;
  left: number;
  right: number;
}
interface Run {
  signs: Sign[];
  top: number;
  bottom: number;
  isSure: boolean;
}

/** Look-alikes of readers; none of them is a mistake that another sign of the value would show. */
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'O',
  '1': 'l',
  '5': 'S',
  '8': 'B',
  信: '儇',
  于: '干',
  营: '菅',
  未: '末',
  日: '曰',
  人: '入',
  己: '已',
  代: '伐',
  名: '各',
  本: '木',
  土: '士',
  机: '杌',
  期: '朝',
  设: '没',
  住: '往',
  程: '桯',
  限: '很',
  '；': '，',
  '。': '.',
  '（': '(',
};

export function readLike(sheet: Sheet, draws: Draws, mistakes: Mistakes = usualMistakes): ReadSheet {
  const slope = Math.tan((draws.between(-1, 1) * mistakes.tiltDeg * Math.PI) / 180);
  const read: Record<string, string> = {};
  const boxes: Record<string, Quad[]> = {};
  const runs: Run[] = [];
  for (const text of sheet.texts) {
    const signs = signsOf(text);
    const [first, last] = [signs[0], signs.at(-1)];
    if (!first || !last) continue;
    const run = { top: text.y, bottom: text.y + text.em * 1.08, isSure: true };
    if (text.field !== undefined) (boxes[text.field] ??= []).push(quadOf({ ...run, signs }, slope));
    const kept = signs.flatMap((sign) => misread(sign, draws, mistakes, run));
    if (text.field !== undefined)
      read[text.field] = (read[text.field] ?? '') + kept.map(({ char }) => char).join('');
    // Letters set far apart become boxes of their own.
    const gap = text.spacing / text.em;
    if (gap > 1.1) runs.push(...kept.map((sign) => ({ ...run, signs: [sign] })));
    else if (kept.length > 0) runs.push({ ...run, signs: kept });
  }
  const lines = splitSome(joinNear(runs, draws, mistakes), draws, mistakes)
    .map((run) => lineOf(run, slope, draws, mistakes))
    .filter((line) => line.text.trim() !== '');
  if (draws.chance(mistakes.noise)) lines.push(specks(sheet, draws));
  return { lines, widthPx: sheet.widthMm * pxPerMm, heightPx: sheet.heightMm * pxPerMm, read, boxes };
}

function signsOf({ text, x, em, spacing, field }: PlacedText): Sign[] {
  let left = x;
  return [...text].map((char) => {
    const right = left + (halfWidths(char) * em) / 2;
    const sign = { char, field, left, right };
    left = right + spacing;
    return sign;
  });
}

function misread(sign: Sign, draws: Draws, mistakes: Mistakes, run: { isSure: boolean }): Sign[] {
  if (draws.chance(mistakes.lost)) return [];
  const other = lookAlikes[sign.char];
  if (other === undefined || !draws.chance(mistakes.replaced * 4)) return [sign];
  run.isSure = false;
  return [{ ...sign, char: other }];
}

/** What stands close on one row is one box; now and then what stands less close too. */
function joinNear(runs: readonly Run[], draws: Draws, mistakes: Mistakes): Run[] {
  const joined: Run[] = [];
  const sorted = [...runs].sort((a, b) => a.top - b.top || (a.signs[0]?.left ?? 0) - (b.signs[0]?.left ?? 0));
  for (const run of sorted) {
    const height = run.bottom - run.top;
    const before = joined.findLast((other) => {
      const gap = (run.signs[0]?.left ?? 0) - (other.signs.at(-1)?.right ?? 0);
      const isOnRow =
        Math.abs(run.top - other.top) < height * 0.3 && Math.abs(run.bottom - other.bottom) < height * 0.4;
      return isOnRow && gap > -height * 0.2 && gap < height * (draws.chance(mistakes.merged) ? 2 : 0.55);
    });
    if (!before) {
      joined.push({ ...run, signs: [...run.signs] });
      continue;
    }
    const gap = (run.signs[0]?.left ?? 0) - (before.signs.at(-1)?.right ?? 0);
    if (gap > height * 0.9 && draws.chance(0.5))
      before.signs.push({
        char: ' ',
        field: undefined,
        left: before.signs.at(-1)?.right ?? 0,
        right: run.signs[0]?.left ?? 0,
      });
    before.signs.push(...run.signs);
    before.isSure &&= run.isSure;
    before.bottom = Math.max(before.bottom, run.bottom);
    before.top = Math.min(before.top, run.top);
  }
  return joined;
}

function splitSome(runs: readonly Run[], draws: Draws, mistakes: Mistakes): Run[] {
  return runs.flatMap((run) => {
    if (run.signs.length < 8 || !draws.chance(mistakes.split)) return [run];
    const at = draws.whole(3, run.signs.length - 3);
    return [
      { ...run, signs: run.signs.slice(0, at) },
      { ...run, signs: run.signs.slice(at) },
    ];
  });
}

function lineOf(run: Run, slope: number, draws: Draws, mistakes: Mistakes): Line {
  const loose = mistakes.tiltDeg === 0 ? 0 : (run.bottom - run.top) * draws.between(0, 0.12);
  const box = quadOf({ ...run, top: run.top - loose, bottom: run.bottom + loose }, slope);
  const left = run.signs[0]?.left ?? 0;
  const width = (run.signs.at(-1)?.right ?? 0) - left || 1;
  const inside = (x: number): number => Math.min(1, Math.max(0, x));
  return {
    text: run.signs.map(({ char }) => char).join(''),
    box,
    confidence: run.isSure ? draws.between(0.97, 1) : draws.between(0.8, 0.96),
    places: run.signs.map((sign) => inside(((sign.left + sign.right) / 2 - left) / width)),
  };
}

/** A page that is a little tilted falls from left to right. */
function quadOf({ signs, top, bottom }: Run, slope: number): Quad {
  const [left, right] = [signs[0]?.left ?? 0, signs.at(-1)?.right ?? 0];
  const at = (x: number, y: number): Point => [x * pxPerMm, (y + x * slope) * pxPerMm];
  return [at(left, top), at(right, top), at(right, bottom), at(left, bottom)];
}

/** Guilloche, a frame or a stain read as letters. */
function specks(sheet: Sheet, draws: Draws): Line {
  const [x, y] = [draws.between(5, sheet.widthMm - 20) * pxPerMm, draws.between(2, 8) * pxPerMm];
  const text = draws.pick(['L冂CU冂L□U冂', '★', '·', '二', 'oo0']);
  return {
    text,
    confidence: draws.between(0.5, 0.75),
    box: [
      [x, y],
      [x + 20 * text.length, y],
      [x + 20 * text.length, y + 24],
      [x, y + 24],
    ],
  };
}

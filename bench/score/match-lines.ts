/**
 * Lays what a reader found against the true lines. Readers cut lines differently: one joins a label and its value,
 * another splits them. So true and found lines that lie on each other form a group, each group is compared as one text in
 * reading order, and the errors fall to the true line in which they happen. Pure.
 */
import type { Line, Point, Quad } from '#domain/reading/schema.ts';
import { sharedArea, signedArea } from '#paper/imaging/geometry.ts';
import { inReadingOrder } from '#paper/ocr/reading-order.ts';
import { medianSkewDeg } from '#paper/ocr/skew.ts';
import type { TrueLine } from '../set/straight-pages.ts';
import { errorsPerChar, normalise } from './align.ts';

export interface LineScore {
  line: TrueLine;
  chars: number;
  errors: number;
}

export interface PageScore {
  lines: LineScore[];
  /** Characters read where no true line is. */
  extraChars: number;
}

/** Two lines lie on each other when they share this part of the smaller one. */
const shared = 0.3;

export function scorePage(truth: readonly TrueLine[], found: readonly Line[]): PageScore {
  const links = found.map(({ box }) => truth.flatMap((line, t) => (liesOn(line.box, box) ? [t] : [])));
  const groupOf = truth.map((_, t) => t);
  const rootOf = (t: number): number => (groupOf[t] === t ? t : rootOf(groupOf[t] as number));
  for (const [first, ...rest] of links) for (const t of rest) groupOf[rootOf(t)] = rootOf(first as number);
  const lines: LineScore[] = [];
  const skewDeg = medianSkewDeg(truth.map(({ box }) => box));
  for (const root of new Set(truth.map((_, t) => rootOf(t)))) {
    const members = truth.filter((_, t) => rootOf(t) === root);
    const texts = found.filter((_, f) => links[f]?.[0] !== undefined && rootOf(links[f][0]) === root);
    lines.push(...scoreGroup(members, texts, skewDeg));
  }
  const extra = found.filter((_, f) => links[f]?.length === 0);
  return { lines, extraChars: extra.reduce((sum, { text }) => sum + [...normalise(text)].length, 0) };
}

/** The same when each found text belongs to the true line of its number. */
export function scoreInOrder(truth: readonly TrueLine[], found: readonly Line[]): PageScore {
  return { lines: truth.flatMap((line, i) => scoreGroup([line], found.slice(i, i + 1), 0)), extraChars: 0 };
}

/**
 * Leaves out what was read in places that are neither right nor wrong: lines that lie there and on no true line, and of a line
 * that joins such a place with a true line the characters that stand there.
 */
export function withoutIgnored(
  truth: readonly TrueLine[],
  found: readonly Line[],
  ignore: readonly Quad[],
): Line[] {
  return found.flatMap((line) => {
    const ignored = ignore.filter((place) => liesOn(place, line.box));
    const own = truth.filter(({ box }) => liesOn(box, line.box));
    if (ignored.length === 0) return [line];
    if (own.length === 0) return [];
    const counts = [...line.text].map((_, i, chars) => {
      const at = pointAlong(line.box, line.places?.[i] ?? (i + 0.5) / chars.length);
      return own.some(({ box }) => holds(box, at)) || !ignored.some((place) => holds(place, at));
    });
    return [{ ...line, text: [...line.text].filter((_, i) => counts[i]).join('') }];
  });
}

/** On the middle of the line, `share` of its length from its beginning. */
function pointAlong([tl, tr, br, bl]: Quad, share: number): Point {
  const between = (a: number, b: number, c: number, d: number): number =>
    ((a + d) * (1 - share) + (b + c) * share) / 2;
  return [between(tl[0], tr[0], br[0], bl[0]), between(tl[1], tr[1], br[1], bl[1])];
}

const holds = (quad: Quad, [x, y]: Point): boolean => {
  const sides = quad.map(([ax, ay], i) => {
    const [bx, by] = quad[(i + 1) % 4] as Point;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
};

function scoreGroup(truth: readonly TrueLine[], found: readonly Line[], skewDeg: number): LineScore[] {
  const ordered = inReadingOrder(truth, ({ box }) => box, skewDeg);
  const texts = ordered.map(({ text }) => [...normalise(text)]);
  const read = inReadingOrder(found, ({ box }) => box, skewDeg).flatMap(({ text }) => [...normalise(text)]);
  const errors = errorsPerChar(texts.flat(), read);
  let from = 0;
  return ordered.map((line, i) => {
    const chars = texts[i]?.length ?? 0;
    const own = errors.slice(from, from + chars);
    from += chars;
    return { line, chars, errors: own.reduce((sum, value) => sum + value, 0) };
  });
}

function liesOn(a: Quad, b: Quad): boolean {
  const least = Math.min(...[a, b].map((quad) => Math.abs(signedArea(quad))));
  return least > 0 && sharedArea(a, b) >= shared * least;
}

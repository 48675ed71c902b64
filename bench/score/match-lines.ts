/**
 * Lays what a reader found against the true lines. Readers cut lines differently: one joins a label and its value,
 * another splits them. So true and found lines that lie on each other form a group, each group is compared as one text in
 * reading order, and the errors fall to the true line in which they happen. Pure.
 */
import type { Line, Quad } from '#domain/reading/schema.ts';
import { inReadingOrder } from '#paper/ocr/reading-order.ts';
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
  for (const root of new Set(truth.map((_, t) => rootOf(t)))) {
    const members = truth.filter((_, t) => rootOf(t) === root);
    const texts = found.filter((_, f) => links[f]?.[0] !== undefined && rootOf(links[f][0]) === root);
    lines.push(...scoreGroup(members, texts));
  }
  const extra = found.filter((_, f) => links[f]?.length === 0);
  return { lines, extraChars: extra.reduce((sum, { text }) => sum + [...normalise(text)].length, 0) };
}

/** The same when each found text belongs to the true line of its number. */
export function scoreInOrder(truth: readonly TrueLine[], found: readonly Line[]): PageScore {
  return { lines: truth.flatMap((line, i) => scoreGroup([line], found.slice(i, i + 1))), extraChars: 0 };
}

/** Leaves out what was read in places that are neither right nor wrong, unless it lies on a true line too. */
export function withoutIgnored(
  truth: readonly TrueLine[],
  found: readonly Line[],
  ignore: readonly Quad[],
): Line[] {
  return found.filter(
    ({ box }) => truth.some((line) => liesOn(line.box, box)) || !ignore.some((place) => liesOn(place, box)),
  );
}

function scoreGroup(truth: readonly TrueLine[], found: readonly Line[]): LineScore[] {
  const ordered = inReadingOrder(truth, ({ box }) => box);
  const texts = ordered.map(({ text }) => [...normalise(text)]);
  const read = inReadingOrder(found, ({ box }) => box).flatMap(({ text }) => [...normalise(text)]);
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
  const [p, q] = [hullOf(a), hullOf(b)];
  const width = Math.min(p.x1, q.x1) - Math.max(p.x0, q.x0);
  const height = Math.min(p.y1, q.y1) - Math.max(p.y0, q.y0);
  return width > 0 && height > 0 && width * height >= shared * Math.min(areaOf(p), areaOf(q));
}

interface Hull {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

function hullOf(quad: Quad): Hull {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

const areaOf = ({ x0, y0, x1, y1 }: Hull): number => (x1 - x0) * (y1 - y0);

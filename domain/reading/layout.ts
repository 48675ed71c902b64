/** Lines of text as things with a place: rectangles, rows, and pieces of lines cut by the width of their characters. */
import { halfWidths, normaliseText } from '../text/normalise.ts';
import { levelled, slopeOf } from './page-slope.ts';
import type { Line, Point, Quad } from './schema.ts';

/** A line of text; its rectangle is that of the page turned level, so that rows and columns are upright. */
export interface Item {
  line: Line;
  page: number;
  chars: readonly string[];
  left: number;
  top: number;
  right: number;
  bottom: number;
  height: number;
}

export function toItems(lines: readonly Line[], page: number): Item[] {
  const slope = slopeOf(lines);
  return (
    lines
      // Leaders, rules and rows of underscores say nothing.
      .filter((line) => /[^\s.·…。_—\-|]/u.test(line.text))
      .map((line) => {
        const [left, top, right, bottom] = boundsOf([levelled(line.box, slope)]);
        return { line, page, chars: [...line.text], left, top, right, bottom, height: bottom - top };
      })
      .sort((a, b) => a.top - b.top || a.left - b.left)
  );
}

export function boundsOf(quads: readonly Quad[]): [left: number, top: number, right: number, bottom: number] {
  const points = quads.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Straight pages: two lines share a row when they overlap by half of the smaller one's height. */
export function shareRow(a: Pick<Item, 'top' | 'bottom'>, b: Pick<Item, 'top' | 'bottom'>): boolean {
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return overlap >= 0.5 * Math.min(a.bottom - a.top, b.bottom - b.top);
}

/** Some characters of one line: [start, end) of its code points. */
export interface Piece {
  item: Item;
  start: number;
  end: number;
}

export const wholeOf = (item: Item): Piece => ({ item, start: 0, end: item.chars.length });

export function pieceText({ item, start, end }: Piece): string {
  return item.chars.slice(start, end).join('');
}

/**
 * The part of the line's box that the piece fills: by where the recogniser saw its characters, else by their widths (CJK
 * is twice as wide as Latin).
 */
export function pieceBox({ item, start, end }: Piece): Quad {
  const { line, chars } = item;
  if (line.places?.length === chars.length)
    return cutQuad(line.box, edgeAt(chars, line.places, start), edgeAt(chars, line.places, end));
  const widthTo = (count: number) => halfWidths(chars.slice(0, count).join(''));
  const total = widthTo(chars.length) || 1;
  return cutQuad(line.box, widthTo(start) / total, widthTo(end) / total);
}

/** Between the middles of two characters, nearer to the narrower one; the line's ends are the box's. */
function edgeAt(chars: readonly string[], places: readonly number[], at: number): number {
  const [before, after] = [places[at - 1], places[at]];
  if (before === undefined) return 0;
  if (after === undefined) return 1;
  const [left, right] = [halfWidths(chars[at - 1] ?? ''), halfWidths(chars[at] ?? '')];
  return before + ((after - before) * left) / (left + right);
}

export function cutQuad(quad: Quad, from: number, to: number): Quad {
  const [topLeft, topRight, bottomRight, bottomLeft] = quad;
  const along = (a: Point, b: Point, share: number): Point => [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
  ];
  if (from <= 0 && to >= 1) return quad;
  return [
    along(topLeft, topRight, from),
    along(topLeft, topRight, to),
    along(bottomLeft, bottomRight, to),
    along(bottomLeft, bottomRight, from),
  ];
}

/** One box around several. */
export function boxAround(quads: readonly Quad[]): Quad {
  const [only, ...more] = quads;
  if (only && more.length === 0) return only;
  const [left, top, right, bottom] = boundsOf(quads);
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** Without leading and trailing spaces and, at the front, colons; undefined when nothing is left. */
export function trimPiece(piece: Piece): Piece | undefined {
  const { chars } = piece.item;
  let { start, end } = piece;
  while (start < end && (/[\s:：|_]/u.test(chars[start] ?? '') || isLeader(chars, start))) start += 1;
  while (end > start && /\s/u.test(chars[end - 1] ?? '')) end -= 1;
  return start < end ? { item: piece.item, start, end } : undefined;
}

/** Dots that lead the eye from a label to its value stand in a row. */
const isLeader = (chars: readonly string[], at: number): boolean =>
  /[.·…。]/u.test(chars[at] ?? '') && /[.·…。\s]/u.test(chars[at + 1] ?? chars[at - 1] ?? '');

/** Pieces as one folded text without spaces, each character with its place. */
export interface FoldedText {
  text: string;
  places: { piece: number; index: number }[];
}

export function foldPieces(pieces: readonly Piece[]): FoldedText {
  const chars: string[] = [];
  const places: FoldedText['places'] = [];
  pieces.forEach(({ item, start, end }, piece) => {
    for (let index = start; index < end; index += 1) {
      const folded = normaliseText(item.chars[index] ?? '');
      // Indices into `text` are UTF-16; a rare character of two units needs two places.
      for (let unit = 0; unit < folded.length; unit += 1) places.push({ piece, index });
      chars.push(folded);
    }
  });
  return { text: chars.join(''), places };
}

/** The pieces behind [start, end) of a folded text. */
export function narrowPieces(
  pieces: readonly Piece[],
  folded: FoldedText,
  start: number,
  end: number,
): Piece[] {
  const narrowed: Piece[] = [];
  pieces.forEach(({ item }, number) => {
    const indices = folded.places.slice(start, end).filter((place) => place.piece === number);
    const [first, last] = [indices[0], indices.at(-1)];
    if (first && last) narrowed.push({ item, start: first.index, end: last.index + 1 });
  });
  return narrowed;
}

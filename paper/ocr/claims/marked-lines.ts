/** The detected lines on which marks lie, each with the part of it that a mark covers. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { heightOf, inReadingOrder, middleOf, widthOf } from '../reading-order.ts';
import { boundsOf, isOnPage } from './claim-crops.ts';
import type { PageExtent } from './claim-crops.ts';

export interface MarkedLine {
  /** The whole line as it was detected. */
  line: Quad;
  /** What the mark covers of its length, 0..1. */
  from: number;
  to: number;
}

/** Lines shorter or lower than this are specks. */
const leastSidePx = 4;
/** Lines that fill less of a mark's height leave room for text that the detector did not see. */
const leastFilled = 0.45;

/**
 * In the order of the marks, each mark's lines in reading order. Undefined where the lines do not account for the marks: a
 * mark without a line, or with room for another one.
 */
export function markedLines(
  marks: readonly Quad[],
  detected: readonly Quad[],
  page: PageExtent,
): MarkedLine[] | undefined {
  const found: MarkedLine[] = [];
  for (const mark of marks.filter((one) => isOnPage(one, page))) {
    const own = detected.flatMap((line) => coveredPart(mark, line) ?? []);
    const filled = rowsOf(own).reduce((sum, row) => sum + row, 0);
    if (own.length === 0 || filled < leastFilled * heightOf(mark)) return undefined;
    found.push(...inReadingOrder(own, ({ line }) => line).filter((one) => !isKnown(one, found)));
  }
  return found.length > 0 ? found : undefined;
}

/** What a mark covers of a line whose middle runs through it. */
function coveredPart(mark: Quad, line: Quad): MarkedLine | undefined {
  const height = heightOf(line);
  if (height < leastSidePx || widthOf(line) < leastSidePx) return undefined;
  const [m, b] = [boundsOf(mark), boundsOf(line)];
  const [, cy] = middleOf(line);
  if (cy < m.y0 - 0.1 * height || cy > m.y1 + 0.1 * height) return undefined;
  if (Math.min(b.x1, m.x1) - Math.max(b.x0, m.x0) < 0.3 * height) return undefined;
  const at = (x: number): number => Math.min(1, Math.max(0, (x - b.x0) / (b.x1 - b.x0)));
  return { line, from: at(m.x0), to: at(m.x1) };
}

/** Heights of the rows that the lines make up. */
function rowsOf(lines: readonly MarkedLine[]): number[] {
  const rows: { y: number; height: number }[] = [];
  for (const { line } of lines) {
    const [, y] = middleOf(line);
    const height = heightOf(line);
    if (!rows.some((row) => Math.abs(row.y - y) < 0.5 * Math.min(row.height, height)))
      rows.push({ y, height });
  }
  return rows.map(({ height }) => height);
}

/** Marks that overlap cover one piece of a line once. */
function isKnown(one: MarkedLine, known: readonly MarkedLine[]): boolean {
  return known.some(
    (other) => other.line === one.line && Math.min(other.to, one.to) > Math.max(other.from, one.from),
  );
}

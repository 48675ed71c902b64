/** Reads the text that runs around a page's round seals. */
import type { Quad, SealText } from '#domain/reading/schema.ts';
import { rectangleQuad, sharedArea, signedArea } from '../../imaging/geometry.ts';
import { planesFor, readLines } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { heightOf, widthOf } from '../reading-order.ts';
import { findRings } from './find-rings.ts';
import type { Ring } from './find-rings.ts';
import { unrollRing } from './unroll-ring.ts';

/** A page that bears more of them than this bears them as print. */
const maxSeals = 6;
/** A mark means a seal when it is about square and shares this part with it, and it with the mark. */
const maxAspect = 1.4;
const minShared = 0.6;

/** Each seal that has letters around it; what is not read as text is left out. */
export async function readSeals(reader: Reader, page: DetectedPage, check: () => void): Promise<SealText[]> {
  const seals: SealText[] = [];
  for (const ring of ringsOf(page)) {
    const row = rowAround(reader, page, ring);
    const [line] = row ? await readLines(reader, row, check) : [];
    if (line) seals.push({ text: line.text, box: boxOf(ring), confidence: line.confidence });
  }
  return seals;
}

/** The letters around the seal that a mark lies on, as a page of one line; undefined for marks on anything else. */
export function rowUnderMark(reader: Reader, page: DetectedPage, mark: Quad): DetectedPage | undefined {
  const [across, down] = [widthOf(mark), heightOf(mark)];
  if (Math.max(across, down) > maxAspect * Math.min(across, down)) return undefined;
  const ring = ringsOf(page).find((one) => {
    const shared = sharedArea(boxOf(one), mark);
    return [boxOf(one), mark].every((quad) => shared >= minShared * Math.abs(signedArea(quad)));
  });
  return ring && rowAround(reader, page, ring);
}

function ringsOf(page: DetectedPage): Ring[] {
  page.rings ??= findRings(page.page).slice(0, maxSeals);
  return page.rings;
}

function rowAround({ recogniser }: Reader, { page }: DetectedPage, ring: Ring): DetectedPage | undefined {
  const row = unrollRing(page, ring);
  if (!row) return undefined;
  const boxes = [rectangleQuad(0, 0, row.width, row.height)];
  return { page: row, planes: planesFor(recogniser, row), boxes, kept: new Map() };
}

const boxOf = ({ centre: [x, y], radius }: Ring): Quad =>
  rectangleQuad(x - radius, y - radius, x + radius, y + radius);

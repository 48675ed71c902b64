/** Where the pages of a picture lie, by the finder, by hand, or by the text beyond a side that was a printed frame. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { FoundPage } from '../../imaging/detect/find-page.ts';
import { searchPx } from '../../imaging/detect/find-page.ts';
import { growPastFrame, sidesWithinPaper } from '../../imaging/detect/grow-past-frame.ts';
import { findFolds } from '../../imaging/detect/page-finder.ts';
import type { PageFinder } from '../../imaging/detect/page-finder.ts';
import { shrinkPicture } from '../../imaging/files/decode.ts';
import type { SourcePicture } from '../../imaging/files/decode.ts';
import { signedArea } from '../../imaging/geometry.ts';
import type { Picture } from '../../imaging/picture.ts';
import type { JobThread } from '../../imaging/thread.ts';
import type { ImagingJob } from '../../imaging/worker.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import type { Reader } from '../read-page.ts';
import type { JudgedFind } from './page-quality.ts';

export interface StraightenPorts {
  reader: Reader;
  finder: PageFinder;
  imaging: JobThread<ImagingJob>;
  /** Told where the lines of a page stand, for the reading that follows. */
  remember: (jpeg: Uint8Array, boxes: readonly Quad[], picture?: Promise<Picture>) => void;
}

export interface StraightenRequest {
  paperSizes: readonly PaperSize[];
  /** The file holds this picture alone: all its sheets are pages; else the largest is. */
  isOnly: boolean;
  /** Set by hand: one page, and no search. */
  corners?: Quad;
  /** The pages are read next: their archive copies are decoded as soon as they are written. */
  isRead?: boolean;
  /** Throws when the caller has given up. */
  check: () => void;
}

export type Found = JudgedFind & Pick<FoundPage, 'corners' | 'score'>;

/** One page's imaging takes a second at most; ten times that means a hung thread. */
export const flattenLimitMs = 20_000;
export async function findOrHold(
  { reader, finder, imaging }: StraightenPorts,
  { picture, source }: SourcePicture,
  { paperSizes, corners, isOnly }: StraightenRequest,
): Promise<Found[]> {
  const small = await shrinkPicture(picture, searchPx);
  const foldsOf = (quad: Quad): Promise<number[]> => {
    const [across, down] = [small.width / picture.width, small.height / picture.height];
    return findFolds(finder, small, quad.map(([x, y]): Point => [x * across, y * down]) as Quad);
  };
  if (corners) {
    await imaging.run({ kind: 'hold', picture }, { limitMs: flattenLimitMs });
    return [{ corners, how: 'by-hand', cutOff: false, score: 1, flaws: [], folded: await foldsOf(corners) }];
  }
  const map = await finder.look(small, picture);
  const pages = await imaging.run<FoundPage[]>(
    { kind: 'find', picture, small, paperSizes, source, map },
    { limitMs: flattenLimitMs },
  );
  const largest = pages.toSorted((a, b) => areaOf(b) - areaOf(a))[0] as FoundPage;
  const taken =
    pages.length > 1 && isOnly ? pages : [await pastFrame({ reader, imaging }, picture, small, largest)];
  const found: Found[] = [];
  // A scan that is all page shows nothing beyond its corners.
  for (const page of taken)
    found.push({ ...page, folded: page.how === 'edges' ? await foldsOf(page.corners) : [] });
  return found;
}

/** Of the diagonal: how far from a moved side the paper's edge is looked for. */
const edgeReachShare = 0.012;
/** Long side of the picture in which text beyond a page is looked for. */
const textSearchPx = 1200;

/** A page whose found side may be a printed frame, as far as the text on the paper says. */
async function pastFrame(
  { reader: { detector }, imaging }: Pick<StraightenPorts, 'reader' | 'imaging'>,
  picture: Picture,
  small: Picture,
  page: FoundPage,
): Promise<FoundPage> {
  if (page.how !== 'edges') return page;
  const scaled = (quad: Quad, by: number): Quad => quad.map(([x, y]): Point => [x * by, y * by]) as Quad;
  const toSmall = small.width / picture.width;
  const rough = scaled(page.corners, toSmall);
  const sides = sidesWithinPaper(small, rough);
  if (sides.length === 0) return page;
  const view = await shrinkPicture(picture, textSearchPx);
  const text = (await detector.detect(view)).map((box) => scaled(box, small.width / view.width));
  const grown = growPastFrame(small, rough, { sides, text });
  if (grown === rough) return page;
  const moved = scaled(grown, 1 / toSmall);
  const reachPx = edgeReachShare * Math.hypot(picture.width, picture.height);
  const corners = await imaging.run<Quad>(
    { kind: 'refine', corners: moved, reachPx },
    { limitMs: flattenLimitMs },
  );
  return { ...page, corners };
}

const areaOf = ({ corners }: FoundPage): number => Math.abs(signedArea(corners));

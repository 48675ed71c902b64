/** The imaging thread: everything that needs OpenCV, and the search for codes, one job after the other. */
import { parentPort } from 'node:worker_threads';
import type { Quad } from '#domain/reading/schema.ts';
import { createCodeReader } from '../barcodes/read-codes.ts';
import type { ReadCodes } from '../barcodes/read-codes.ts';
import type { PaperSize } from '../ports/paper-reader.ts';
import { fitToEdges, lightOf } from './detect/corner-refine.ts';
import { findPages } from './detect/find-page.ts';
import type { FoundPage, SourceKind } from './detect/find-page.ts';
import type { FinderMap } from './detect/finder-map.ts';
import { hintFrame } from './detect/frame-hint.ts';
import { loadOpenCv } from './opencv.ts';
import type { Cv } from './opencv.ts';
import { frameOf, framePage, sizeAt } from './rectify/paper-size.ts';
import type { PageFrame } from './rectify/paper-size.ts';
import type { Picture } from './picture.ts';
import { measurePage } from './quality/quality.ts';
import type { PageMeasures } from './quality/quality.ts';
import { straighten } from './rectify/straighten.ts';

/** Takes a picture and keeps it for the flatten jobs that follow; the picture crosses to this thread once. */
export interface FindJob {
  kind: 'find';
  picture: Picture;
  small: Picture;
  paperSizes: readonly PaperSize[];
  source: SourceKind;
  map: FinderMap;
}
/** The same for a picture whose corners are known. */
export interface HoldJob {
  kind: 'hold';
  picture: Picture;
}
export interface FlattenJob {
  kind: 'flatten';
  corners: Quad;
  paperSizes: readonly PaperSize[];
  /** The page's size where the file says it. */
  knownSize?: PaperSize;
  /** Dots per inch of the picture where a scanner says it. */
  dpi?: number;
}
/** Judges the page that was flattened last, while the reader looks at it. */
export interface MeasureJob {
  kind: 'measure';
}
/** Fits corners that were moved to the edges near them, in the picture that is held. */
export interface RefineJob {
  kind: 'refine';
  corners: Quad;
  /** Farthest that an edge is looked for from a side, in pixels of the picture. */
  reachPx: number;
}
/** Lets go of the picture. */
export interface DropJob {
  kind: 'drop';
}
export interface HintJob {
  kind: 'hint';
  picture: Picture;
  map: FinderMap;
}
/** Looks for QR codes and barcodes. */
export interface CodesJob {
  kind: 'codes';
  picture: Picture;
}
export type ImagingJob =
  FindJob | HoldJob | RefineJob | FlattenJob | MeasureJob | DropJob | HintJob | CodesJob;

export interface FlatPage {
  page: Picture;
  frame: PageFrame;
}

function flatten(cv: Cv, picture: Picture, job: FlattenJob): FlatPage {
  const { corners, paperSizes, knownSize, dpi } = job;
  const frame = dpi
    ? frameOf(sizeAt(dpi, corners), corners)
    : knownSize
      ? frameOf(knownSize, corners)
      : framePage(corners, picture, paperSizes);
  return { page: straighten(cv, picture, corners, frame), frame };
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const { cv } = await loadOpenCv();
  let held: Picture | undefined;
  let flat: FlatPage | undefined;
  let codeReader: Promise<ReadCodes> | undefined;

  function answer(job: ImagingJob): unknown {
    switch (job.kind) {
      case 'hint':
        return hintFrame(job.picture, job.map);
      case 'find':
        held = job.picture;
        return findPages(cv, held, job) satisfies FoundPage[];
      case 'hold':
        held = job.picture;
        return undefined;
      case 'refine':
        if (!held) throw new Error('no picture is held');
        return fitToEdges(lightOf(held), job.corners, job.reachPx).corners satisfies Quad;
      case 'drop':
        held = undefined;
        flat = undefined;
        return undefined;
      case 'flatten':
        // The thread was replaced since: the picture went with the old one.
        if (!held) throw new Error('no picture is held');
        flat = flatten(cv, held, job);
        // The pixels go to the reader; a copy stays to be measured.
        return flat.page === held ? flat : { ...flat, page: { ...flat.page, data: flat.page.data.slice() } };
      case 'measure':
        if (!flat) throw new Error('no page was flattened');
        return measurePage(cv, flat.page, flat.frame.dpi) satisfies PageMeasures;
      case 'codes':
        codeReader ??= createCodeReader();
        return codeReader.then((readCodes) => readCodes(job.picture));
    }
  }

  async function handle({ id, job }: { id: number; job: ImagingJob }): Promise<void> {
    try {
      const result = await answer(job);
      const buffer = job.kind === 'flatten' ? (result as FlatPage).page.data.buffer : undefined;
      const isOwn = buffer !== undefined && buffer !== held?.data.buffer;
      port.postMessage({ id, result }, isOwn ? [buffer as ArrayBuffer] : []);
    } catch (error) {
      // OpenCV throws numbers (pointers to its exceptions); they say nothing useful beyond their being there.
      port.postMessage({ id, failure: error instanceof Error ? error.message : `opencv ${String(error)}` });
    }
  }
  // Jobs come one at a time: the next is posted when the last has answered.
  port.on('message', (message: { id: number; job: ImagingJob }) => void handle(message));
}

if (parentPort) await serve(parentPort);

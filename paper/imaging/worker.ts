/** The imaging thread: everything that needs OpenCV, one job after the other. */
import { parentPort } from 'node:worker_threads';
import type { Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../ports/paper-reader.ts';
import { findPage } from './find-page.ts';
import type { FoundPage, SourceKind } from './find-page.ts';
import { hintFrame } from './frame-hint.ts';
import { loadOpenCv } from './opencv.ts';
import type { Cv } from './opencv.ts';
import { frameOf, framePage, sizeAt } from './paper-size.ts';
import type { PageFrame } from './paper-size.ts';
import type { Picture } from './picture.ts';
import { measurePage } from './quality.ts';
import type { PageMeasures } from './quality.ts';
import { straighten } from './straighten.ts';

export interface FlattenJob {
  kind: 'flatten';
  picture: Picture;
  paperSizes: readonly PaperSize[];
  source: SourceKind;
  /** Set by hand or by deskewing: the search is left out. */
  corners?: Quad;
  /** The page's size where the file says it. */
  knownSize?: PaperSize;
  /** Dots per inch of the picture where a scanner says it. */
  dpi?: number;
}
export interface HintJob {
  kind: 'hint';
  picture: Picture;
}
export type ImagingJob = FlattenJob | HintJob;

export interface FlatPage {
  page: Picture;
  corners: Quad;
  how: FoundPage['how'] | 'by-hand';
  cutOff: boolean;
  frame: PageFrame;
  measures: PageMeasures;
}

export function flatten(cv: Cv, job: FlattenJob): FlatPage {
  const { picture, paperSizes } = job;
  const found = job.corners
    ? { corners: job.corners, how: 'by-hand' as const, cutOff: false }
    : findPage(cv, picture, { paperSizes, source: job.source, searchPx: 800, refine: true });
  const keepsSize = job.knownSize && found.how !== 'edges';
  const frame = job.dpi
    ? frameOf(sizeAt(job.dpi, found.corners), found.corners)
    : keepsSize && job.knownSize
      ? frameOf(job.knownSize, found.corners)
      : framePage(found.corners, picture, paperSizes);
  const page = straighten(cv, picture, found.corners, frame);
  return {
    page,
    corners: found.corners,
    how: found.how,
    cutOff: found.cutOff,
    frame,
    measures: measurePage(cv, page, frame.dpi),
  };
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const { cv } = await loadOpenCv();
  port.on('message', (message: { id: number; job: ImagingJob }) => {
    const { id, job } = message;
    try {
      if (job.kind === 'hint') {
        port.postMessage({ id, result: hintFrame(cv, job.picture) });
      } else {
        const result = flatten(cv, job);
        port.postMessage({ id, result }, [result.page.data.buffer as ArrayBuffer]);
      }
    } catch (error) {
      // OpenCV throws numbers (pointers to its exceptions); they say nothing useful beyond their being there.
      port.postMessage({ id, failure: error instanceof Error ? error.message : `opencv ${String(error)}` });
    }
  });
}

if (parentPort) await serve(parentPort);

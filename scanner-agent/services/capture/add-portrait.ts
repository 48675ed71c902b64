/**
 * The face of the person at the counter, behind the material's other pages. It is no paper: nothing is looked for or read in
 * it, and what was read, marked and confirmed before stays.
 */
import { AppError } from '#domain/errors/app-error.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Quad, Quality } from '#domain/reading/schema.ts';
import type { PaperReader, StraightPage } from '#paper/ports/paper-reader.ts';
import type { Jobs } from '../jobs.ts';
import type { KeepPage } from './keep-page.ts';
import { materialOf } from '../records/record-service.ts';
import type { RecordService } from '../records/record-service.ts';

const openTimeoutMs = 60_000;

export type AddPortrait = (options: { recordId: string; slot: string; bytes: Uint8Array }) => Job;

export function createAddPortrait(deps: {
  desk: RecordService;
  jobs: Jobs;
  reader: PaperReader;
  storePage: KeepPage;
}): AddPortrait {
  const { desk, jobs, reader, storePage } = deps;
  return ({ recordId, slot, bytes }) => {
    materialOf(desk.getEditable(recordId), slot);
    return jobs.start({
      kind: 'capture',
      recordId,
      slot,
      stage: 'opening',
      run: async ({ signal, report }) => {
        const wait = { signal, timeoutMs: openTimeoutMs };
        const [found] = await reader.openDocument(bytes, wait);
        if (!found) throw new AppError('FILE_DAMAGED');
        const [whole = found] = await reader.openDocument(bytes, { ...wait, corners: wholeOf(found) });
        report({ stage: 'storing' });
        const page = await storePage(
          { ...whole, quality: asPortrait(whole.quality) },
          { source: 'camera', auxiliary: true },
        );
        desk.editMaterial({
          id: recordId,
          slot,
          revision: desk.get(recordId).revision,
          line: 'portrait-taken',
          edit: (material) => ({ ...material, pages: [...material.pages, page] }),
        });
      },
    });
  };
}

/** All of the picture, whatever the finder took for a sheet in it. */
function wholeOf({ sourceWidthPx: right, sourceHeightPx: bottom }: StraightPage): Quad {
  return [
    [0, 0],
    [right, 0],
    [right, bottom],
    [0, bottom],
  ];
}

/** What is said of paper is not said of a face. */
function asPortrait(quality: Quality): Quality {
  const issues = quality.issues.filter((issue) => issue === 'blurred' || issue === 'too-dark');
  return { ...quality, issues, good: issues.length === 0, skewDeg: 0 };
}

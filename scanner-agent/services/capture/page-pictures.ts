/** The pictures of a record and of a batch, as the page shows them. */
import { AppError } from '#domain/errors/app-error.ts';
import type { Page } from '#domain/record/schema.ts';
import type { BlobStore } from '../../ports/store.ts';
import { materialOf } from '../records/record-service.ts';
import type { RecordFiles } from '../records/record-files.ts';
import type { RecordService } from '../records/record-service.ts';
import type { Batches } from './batches.ts';

export interface PagePictures {
  /** `width`: a smaller copy. Throws NOT_FOUND. */
  page(of: { id: string; slot: string; page: number }, width?: number): Promise<Uint8Array>;
  /** As it was taken, turned as its EXIF says, with the pixel size that `original` names. Throws NOT_FOUND. */
  original(of: { id: string; slot: string; page: number }): Promise<Uint8Array>;
  /** The cut on which the last check of the field rests. Throws NOT_FOUND where nothing was cut. */
  crop(of: { id: string; slot: string; field: string }): Promise<Uint8Array>;
  batchPage(of: { batch: string; page: string }, width?: number): Promise<Uint8Array>;
}

export function createPagePictures(deps: {
  desk: Pick<RecordService, 'get'>;
  batches: Pick<Batches, 'pageOf'>;
  blobs: Pick<BlobStore, 'get'>;
  files: Pick<RecordFiles, 'page'>;
  /** A smaller JPEG, `width` pixels wide. */
  shrinkJpeg: (jpeg: Uint8Array, width: number) => Promise<Uint8Array>;
}): PagePictures {
  const { desk, batches, blobs, files, shrinkJpeg } = deps;
  const pageOf = (id: string, slot: string, index: number): Page => {
    const page = materialOf(desk.get(id), slot).pages[index];
    if (!page) throw new AppError('NOT_FOUND', { page: index });
    return page;
  };
  const shrunk = async (jpeg: Uint8Array, width: number | undefined): Promise<Uint8Array> =>
    width === undefined ? jpeg : shrinkJpeg(jpeg, width);
  return {
    async page({ id, slot, page }, width) {
      const record = desk.get(id);
      return shrunk(await files.page(record, materialOf(record, slot), page), width);
    },
    async original({ id, slot, page }) {
      const { original } = pageOf(id, slot, page);
      if (!original) throw new AppError('NOT_FOUND', { original: page });
      return shrinkJpeg(await blobs.get(original.sha), original.widthPx);
    },
    async crop({ id, slot, field }) {
      const crop = materialOf(desk.get(id), slot).checked?.evidence[field]?.crop;
      if (!crop) throw new AppError('NOT_FOUND', { crop: field });
      return blobs.get(crop.sha);
    },
    batchPage: async ({ batch, page }, width) =>
      shrunk(await blobs.get(batches.pageOf(batch, page).page.sha), width),
  };
}

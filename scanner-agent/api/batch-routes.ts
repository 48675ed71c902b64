import { batchRoutes } from '#domain/contracts/kiosk/batches.ts';
import type { BatchSummary, BatchView } from '#domain/contracts/kiosk/batches.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { PageSources } from '../ports/page-source.ts';
import type { BlobStore } from '../ports/store.ts';
import type { Capture } from '../services/capture/capture.ts';
import type { PagePictures } from '../services/capture/page-pictures.ts';
import type { Batches } from '../services/capture/batches.ts';
import { viewScanner } from '../services/devices/view-scanner.ts';
import type { Serve } from './serve.ts';
import type { UploadDoor } from './upload-door.ts';

export interface StackServices {
  batches: Batches;
  scanners: PageSources;
  capture: Pick<Capture, 'addKeptPages'>;
  blobs: Pick<BlobStore, 'room'>;
  pictures: Pick<PagePictures, 'batchPage'>;
  /** The sheet that parts two documents of a batch: A4, PNG. */
  drawSeparator: () => Promise<Uint8Array>;
  door: UploadDoor;
}

export function addBatchRoutes(serve: Serve, services: StackServices): void {
  const { batches, scanners, capture, blobs, pictures, drawSeparator, door } = services;

  serve(batchRoutes.scanners, () => scanners.list().map(viewScanner));
  serve(batchRoutes.findScanners, async ({ signal }) => {
    await scanners.refresh(signal);
    return scanners.list().map(viewScanner);
  });
  serve(batchRoutes.batches, () => batches.list().map(summarise));
  serve(batchRoutes.createBatch, () => batches.create());
  serve(batchRoutes.separator, () => drawSeparator());
  serve(batchRoutes.batch, ({ params }) => batches.get(params.batch));
  serve(batchRoutes.deleteBatch, async ({ params }) => {
    await batches.remove(params.batch);
    return {};
  });
  serve(batchRoutes.scanBatch, ({ params, body }) =>
    batches.scan(params.batch, body.scannerId, body.settings),
  );
  serve(batchRoutes.stopScan, ({ params }) => batches.stop(params.batch));
  serve(batchRoutes.dismissRefused, ({ params }) => batches.dismissRefused(params.batch, params.sheet));
  serve(batchRoutes.addToBatch, ({ params, body, signal }) => batches.addFile(params.batch, body, signal), {
    before({ params, request, reply }) {
      door.refuseTooLarge(request);
      batches.get(params.batch);
      if (blobs.room().isShort) throw new AppError('STORE_FULL');
      door.enter(reply);
    },
  });
  serve(batchRoutes.arrangeBatch, ({ params, body }) =>
    batches.arrange(params.batch, body.revision, body.documents),
  );
  serve(batchRoutes.turnBatchPage, ({ params, body }) =>
    batches.turn(params.batch, params.page, body.degrees),
  );
  serve(batchRoutes.placeDocument, ({ params: { batch, document }, body: { recordId, slot, place } }) => {
    const { pages, placed } = batches.take(batch, document);
    const onStored = (): void => placed(recordId, slot);
    return { jobId: capture.addKeptPages({ recordId, slot, place, pages, onStored }).id };
  });
  serve(batchRoutes.batchPage, ({ params, query }) => pictures.batchPage(params, query.width));
}

function summarise(batch: BatchView): BatchSummary {
  const { id, createdAt, updatedAt, revision, complete, scanning, pages, documents, refused } = batch;
  const open = documents.filter(({ placed }) => !placed).length;
  return {
    id,
    createdAt,
    updatedAt,
    revision,
    complete,
    scanning,
    pages: pages.length,
    open,
    refused: refused.length,
  };
}

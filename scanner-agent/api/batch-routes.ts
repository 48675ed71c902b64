import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import { errorCodes } from '#domain/errors/table.ts';
import { batchRoutes } from '#domain/contracts/kiosk/batches.ts';
import type { ScannerView, BatchSummary, BatchView } from '#domain/contracts/kiosk/batches.ts';
import type { Services } from './services.ts';
import { hungUp } from './session-routes.ts';
import type { UploadDoor } from './upload-door.ts';

const batchParams = z.object({ batch: z.string() });
const pageParams = batchParams.extend({ page: z.string() });
const sheetParams = batchParams.extend({ sheet: z.string() });
const documentParams = batchParams.extend({ document: z.string() });
const pageQuery = z.object({ width: z.coerce.number().int().min(16).max(8000).optional() });
const codeSchema = z.enum(errorCodes).catch('DEVICE_FAULT');

export function addBatchRoutes(app: FastifyInstance, services: Services, door: UploadDoor): void {
  const { batches, scanners, capture, blobs } = services;
  const idOf = (request: { params: unknown }): string => batchParams.parse(request.params).batch;

  app.get(batchRoutes.scanners.path, async () => viewScanners());
  app.post(batchRoutes.findScanners.path, async (_request, reply) => {
    await scanners.refresh(hungUp(reply));
    return viewScanners();
  });
  app.get(batchRoutes.batches.path, async () => batches.list().map(summarise));
  app.post(batchRoutes.createBatch.path, async () => batches.create());
  app.get(batchRoutes.separator.path, async (_request, reply) =>
    reply.type('image/png').send(Buffer.from(await services.drawSeparator())),
  );
  app.get(batchRoutes.batch.path, async (request) => batches.get(idOf(request)));
  app.delete(batchRoutes.deleteBatch.path, async (request) => {
    await batches.remove(idOf(request));
    return {};
  });
  app.post(batchRoutes.scanBatch.path, async (request) => {
    const { scannerId, settings } = batchRoutes.scanBatch.request.parse(request.body);
    return batches.scan(idOf(request), scannerId, settings);
  });
  app.delete(batchRoutes.stopScan.path, async (request) => batches.stop(idOf(request)));
  app.delete(batchRoutes.dismissRefused.path, async (request) => {
    const { batch, sheet } = sheetParams.parse(request.params);
    return batches.dismissRefused(batch, sheet);
  });
  const mayAdd = door.route((request) => {
    batches.get(idOf(request));
    if (blobs.room().isShort) throw new AppError('STORE_FULL');
  });
  app.post(batchRoutes.addToBatch.path, mayAdd, async (request, reply) => {
    if (!(request.body instanceof Uint8Array)) throw new AppError('FILE_UNSUPPORTED');
    if (request.body.length === 0) throw new AppError('FILE_EMPTY');
    return batches.addFile(idOf(request), request.body, hungUp(reply));
  });
  app.put(batchRoutes.arrangeBatch.path, async (request) => {
    const { revision, documents } = batchRoutes.arrangeBatch.request.parse(request.body);
    return batches.arrange(idOf(request), revision, documents);
  });
  app.put(batchRoutes.turnBatchPage.path, async (request) => {
    const { batch, page } = pageParams.parse(request.params);
    return batches.turn(batch, page, batchRoutes.turnBatchPage.request.parse(request.body).degrees);
  });
  app.post(batchRoutes.placeDocument.path, async (request) => {
    const { batch, document } = documentParams.parse(request.params);
    const { recordId, slot, place } = batchRoutes.placeDocument.request.parse(request.body);
    const { pages, placed } = batches.take(batch, document);
    const job = capture.addKeptPages({
      recordId,
      slot,
      place,
      pages,
      onStored: () => placed(recordId, slot),
    });
    return { jobId: job.id };
  });
  app.get(batchRoutes.batchPage.path, async (request, reply) => {
    const { batch, page } = pageParams.parse(request.params);
    const { width } = pageQuery.parse(request.query);
    const jpeg = await blobs.get(batches.pageOf(batch, page).page.sha);
    return reply.type('image/jpeg').send(Buffer.from(width ? await services.shrinkJpeg(jpeg, width) : jpeg));
  });

  function viewScanners(): ScannerView[] {
    return scanners.list().map((source) => {
      const { id, name, driver, state, simulated, errorCode, can } = source.health();
      const { message, action } = tellFailure(codeSchema.parse(errorCode), {});
      return {
        id,
        name,
        driver,
        state,
        simulated,
        advice: state === 'ready' ? '' : `${message}：${action}`,
        ...can,
      };
    });
  }
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

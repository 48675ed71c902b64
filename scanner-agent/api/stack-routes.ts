import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import { errorCodes } from '#domain/errors/table.ts';
import { stackRoutes } from '#domain/contracts/kiosk/stacks.ts';
import type { ScannerView, StackSummary, StackView } from '#domain/contracts/kiosk/stacks.ts';
import type { Services } from './services.ts';
import { hungUp } from './session-routes.ts';
import type { UploadDoor } from './upload-door.ts';

const stackParams = z.object({ stack: z.string() });
const pageParams = stackParams.extend({ page: z.string() });
const sheetParams = stackParams.extend({ sheet: z.string() });
const documentParams = stackParams.extend({ document: z.string() });
const pageQuery = z.object({ width: z.coerce.number().int().min(16).max(8000).optional() });
const codeSchema = z.enum(errorCodes).catch('DEVICE_FAULT');

export function addStackRoutes(app: FastifyInstance, services: Services, door: UploadDoor): void {
  const { stacks, scanners, capture, blobs } = services;
  const idOf = (request: { params: unknown }): string => stackParams.parse(request.params).stack;

  app.get(stackRoutes.scanners.path, async () => viewScanners());
  app.post(stackRoutes.findScanners.path, async (_request, reply) => {
    await scanners.refresh(hungUp(reply));
    return viewScanners();
  });
  app.get(stackRoutes.stacks.path, async () => stacks.list().map(summarise));
  app.post(stackRoutes.createStack.path, async () => stacks.create());
  app.get(stackRoutes.separator.path, async (_request, reply) =>
    reply.type('image/png').send(Buffer.from(await services.drawSeparator())),
  );
  app.get(stackRoutes.stack.path, async (request) => stacks.get(idOf(request)));
  app.delete(stackRoutes.deleteStack.path, async (request) => {
    await stacks.remove(idOf(request));
    return {};
  });
  app.post(stackRoutes.scanStack.path, async (request) => {
    const { scannerId, settings } = stackRoutes.scanStack.request.parse(request.body);
    return stacks.scan(idOf(request), scannerId, settings);
  });
  app.delete(stackRoutes.stopScan.path, async (request) => stacks.stop(idOf(request)));
  app.delete(stackRoutes.dismissRefused.path, async (request) => {
    const { stack, sheet } = sheetParams.parse(request.params);
    return stacks.dismissRefused(stack, sheet);
  });
  const mayAdd = door.route((request) => {
    stacks.get(idOf(request));
    if (blobs.room().isShort) throw new AppError('STORE_FULL');
  });
  app.post(stackRoutes.addToStack.path, mayAdd, async (request, reply) => {
    if (!(request.body instanceof Uint8Array)) throw new AppError('FILE_UNSUPPORTED');
    if (request.body.length === 0) throw new AppError('FILE_EMPTY');
    return stacks.addFile(idOf(request), request.body, hungUp(reply));
  });
  app.put(stackRoutes.arrangeStack.path, async (request) => {
    const { revision, documents } = stackRoutes.arrangeStack.request.parse(request.body);
    return stacks.arrange(idOf(request), revision, documents);
  });
  app.put(stackRoutes.turnStackPage.path, async (request) => {
    const { stack, page } = pageParams.parse(request.params);
    return stacks.turn(stack, page, stackRoutes.turnStackPage.request.parse(request.body).degrees);
  });
  app.post(stackRoutes.placeDocument.path, async (request) => {
    const { stack, document } = documentParams.parse(request.params);
    const { recordId, slot, place } = stackRoutes.placeDocument.request.parse(request.body);
    const { pages, placed } = stacks.take(stack, document);
    const job = capture.addKeptPages({
      recordId,
      slot,
      place,
      pages,
      onStored: () => placed(recordId, slot),
    });
    return { jobId: job.id };
  });
  app.get(stackRoutes.stackPage.path, async (request, reply) => {
    const { stack, page } = pageParams.parse(request.params);
    const { width } = pageQuery.parse(request.query);
    const jpeg = await blobs.get(stacks.pageOf(stack, page).page.sha);
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

function summarise(stack: StackView): StackSummary {
  const { id, createdAt, updatedAt, revision, complete, scanning, pages, documents, refused } = stack;
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

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { cornersEditSchema, pagesEditSchema } from '#domain/contracts/kiosk/pages.ts';
import {
  createRecordSchema,
  editSchema,
  formEditSchema,
  marksEditSchema,
  pushRequestSchema,
  submitRequestSchema,
  valuesEditSchema,
} from '#domain/contracts/kiosk/records.ts';
import { sealBatchRequestSchema, sealRequestSchema } from '#domain/contracts/kiosk/seal.ts';
import { materialOf } from '../services/record-service.ts';
import type { Services } from './services.ts';
import type { UploadDoor } from './upload-door.ts';
import { hungUp } from './session-routes.ts';

const recordParams = z.object({ id: z.string() });
const materialParams = recordParams.extend({ slot: z.string() });
const cropParams = materialParams.extend({ field: z.string() });
const pageParams = materialParams.extend({ page: z.coerce.number().int().nonnegative() });
const captureQuery = z.object({
  source: z.enum(['camera', 'upload']),
  auxiliary: z.stringbool().optional(),
  append: z.stringbool().optional(),
  portrait: z.stringbool().optional(),
});
const pageQuery = z.object({ width: z.coerce.number().int().min(16).max(8000).optional() });

export function addRecordRoutes(app: FastifyInstance, services: Services, door: UploadDoor): void {
  const { desk, capture, sealing, submitting, jobs, blobs } = services;

  app.get(agentRoutes.records.path, async (request) =>
    desk.list(z.object({ kind: z.string().optional() }).parse(request.query).kind),
  );
  app.post(agentRoutes.createRecord.path, async (request) =>
    desk.create(createRecordSchema.parse(request.body)),
  );
  app.get(agentRoutes.record.path, async (request) => desk.get(recordParams.parse(request.params).id));
  app.delete(agentRoutes.deleteRecord.path, async (request) => {
    desk.remove(recordParams.parse(request.params).id);
    return {};
  });
  app.put(agentRoutes.editForm.path, async (request) => {
    const { revision, form } = formEditSchema.parse(request.body);
    return desk.editForm(recordParams.parse(request.params).id, revision, form);
  });
  app.put(agentRoutes.editValues.path, async (request) =>
    desk.editValues({ ...materialParams.parse(request.params), ...valuesEditSchema.parse(request.body) }),
  );
  app.put(agentRoutes.editMarks.path, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    const { revision, marks } = marksEditSchema.parse(request.body);
    return desk.editMarks(id, slot, revision, marks);
  });

  const mayCapture = door.route((request) => {
    const { id, slot } = materialParams.parse(request.params);
    materialOf(desk.getEditable(id), slot);
    jobs.requireFree(id, slot);
    if (blobs.room().isShort) throw new AppError('STORE_FULL');
  });
  app.post(agentRoutes.capture.path, mayCapture, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    const { source, auxiliary, append, portrait } = captureQuery.parse(request.query);
    if (!(request.body instanceof Uint8Array)) throw new AppError('FILE_UNSUPPORTED');
    if (request.body.length === 0) throw new AppError('FILE_EMPTY');
    if (blobs.room().isShort) throw new AppError('STORE_FULL');
    const place = auxiliary ? 'auxiliary' : append ? 'append' : 'replace';
    if (portrait) return services.addPortrait({ recordId: id, slot, bytes: request.body });
    return capture.addPages({ recordId: id, slot, bytes: request.body, source, place });
  });
  app.put(agentRoutes.editPages.path, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    return services.arrangePages({ recordId: id, slot, ...pagesEditSchema.parse(request.body) });
  });
  app.put(agentRoutes.corners.path, async (request) => {
    const { id, slot, page } = pageParams.parse(request.params);
    return capture.setCorners({ recordId: id, slot, page, ...cornersEditSchema.parse(request.body) });
  });
  app.post(agentRoutes.readCard.path, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    return services.readCard(id, slot);
  });
  app.post(agentRoutes.seal.path, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    return sealing.seal({ recordId: id, slot, ...sealRequestSchema.parse(request.body) });
  });
  app.post(agentRoutes.sealBatch.path, async (request) =>
    sealing.sealBatch(sealBatchRequestSchema.parse(request.body)),
  );
  app.get(agentRoutes.sealPlaces.path, async (request, reply) => {
    const { id, slot } = materialParams.parse(request.params);
    return sealing.places(id, slot, hungUp(reply));
  });
  app.post(agentRoutes.save.path, async (request) => {
    const { id, slot } = materialParams.parse(request.params);
    return services.check(id, slot, editSchema.parse(request.body).revision);
  });
  app.post(agentRoutes.submit.path, async (request, reply) =>
    submitting.submit({
      recordId: recordParams.parse(request.params).id,
      ...submitRequestSchema.parse(request.body),
      signal: hungUp(reply),
    }),
  );
  app.post(agentRoutes.push.path, async (request) =>
    submitting.push(recordParams.parse(request.params).id, pushRequestSchema.parse(request.body).field),
  );
  app.get(agentRoutes.job.path, async (request) => jobs.get(recordParams.parse(request.params).id));
  app.delete(agentRoutes.cancelJob.path, async (request) => {
    jobs.cancel(recordParams.parse(request.params).id);
    return {};
  });

  app.get(agentRoutes.page.path, async (request, reply) => {
    const { id, slot, page } = pageParams.parse(request.params);
    const { width } = pageQuery.parse(request.query);
    const jpeg = await blobs.get(pageOf(id, slot, page).sha);
    return reply.type('image/jpeg').send(Buffer.from(width ? await services.shrinkJpeg(jpeg, width) : jpeg));
  });
  app.get(agentRoutes.pageOriginal.path, async (request, reply) => {
    const { id, slot, page } = pageParams.parse(request.params);
    const { original } = pageOf(id, slot, page);
    if (!original) throw new AppError('NOT_FOUND', { original: page });
    // Shown in the corner editor: a JPEG turned as its EXIF says, with the pixel size that `original` names.
    const jpeg = await services.shrinkJpeg(await blobs.get(original.sha), original.widthPx);
    return reply.type('image/jpeg').send(Buffer.from(jpeg));
  });
  app.get(agentRoutes.crop.path, async (request, reply) => {
    const { id, slot, field } = cropParams.parse(request.params);
    const crop = materialOf(desk.get(id), slot).checked?.evidence[field]?.crop;
    if (!crop) throw new AppError('NOT_FOUND', { crop: field });
    return reply.type('image/jpeg').send(Buffer.from(await blobs.get(crop.sha)));
  });
  app.get(agentRoutes.pdf.path, async (request, reply) => {
    const { id, slot } = materialParams.parse(request.params);
    return reply.type('application/pdf').send(Buffer.from(await sealing.pdf(id, slot)));
  });

  function pageOf(id: string, slot: string, index: number) {
    const page = materialOf(desk.get(id), slot).pages[index];
    if (!page) throw new AppError('NOT_FOUND', { page: index });
    return page;
  }
}

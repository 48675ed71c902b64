import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/store.ts';
import type { AddPortrait } from '../services/capture/add-portrait.ts';
import type { ArrangePages } from '../services/capture/arrange-pages.ts';
import type { Capture } from '../services/capture/capture.ts';
import type { Check } from '../services/records/check.ts';
import type { Jobs } from '../services/jobs.ts';
import type { PagePictures } from '../services/capture/page-pictures.ts';
import type { ReadCard } from '../services/capture/read-card.ts';
import type { CarriedDrafts } from '../services/records/carried-drafts.ts';
import { materialOf } from '../services/records/record-service.ts';
import type { RecordService } from '../services/records/record-service.ts';
import type { Sealing } from '../services/sealing/seal.ts';
import type { Synchronising } from '../services/records/synchronise.ts';
import type { Submitting } from '../services/delivery/submit.ts';
import type { Serve } from './serve.ts';
import type { UploadDoor } from './upload-door.ts';

export interface RecordServices {
  desk: RecordService;
  carriedDrafts: CarriedDrafts;
  synchronising: Synchronising;
  submitting: Submitting;
  check: Check;
}

export function addRecordRoutes(
  serve: Serve,
  { desk, submitting, check, carriedDrafts, synchronising }: RecordServices,
): void {
  serve(agentRoutes.records, ({ query }) => desk.list(query.kind));
  serve(agentRoutes.createRecord, ({ body }) => desk.create(body));
  serve(agentRoutes.record, ({ params }) => desk.get(params.id));
  serve(agentRoutes.deleteRecord, async ({ params }) => {
    await synchronising.forget(desk.get(params.id));
    desk.remove(params.id);
    return {};
  });
  serve(agentRoutes.synchronise, ({ body }) => synchronising.run(body));
  serve(agentRoutes.editForm, ({ params, body }) => desk.editForm(params.id, body.revision, body.form));
  serve(agentRoutes.editValues, ({ params, body }) => desk.editValues({ ...params, ...body }));
  serve(agentRoutes.editMarks, ({ params: { id, slot }, body }) =>
    desk.editMarks(id, slot, body.revision, body.marks),
  );
  serve(agentRoutes.enterAnew, ({ params, body }) => desk.enterAnew(params.id, params.slot, body.revision));
  serve(agentRoutes.save, ({ params, body }) => check(params.id, params.slot, body.revision));
  serve(agentRoutes.submit, ({ params, body, signal }) =>
    submitting.submit({ recordId: params.id, ...body, signal }),
  );
  serve(agentRoutes.release, ({ params }) => {
    submitting.release(params.id);
    return {};
  });
  serve(agentRoutes.withdraw, ({ params }) => submitting.withdraw(params.id, params.case));
  serve(agentRoutes.push, ({ params, body }) => submitting.push(params.id, body.field));
  serve(agentRoutes.openDraft, ({ body }) => carriedDrafts.open(body.code));
  serve(agentRoutes.readDraftCode, async ({ body: jpeg, signal }) => {
    const code = await carriedDrafts.codeIn(jpeg, signal);
    return code === undefined ? {} : { code };
  });
  serve(agentRoutes.giveDraftBack, ({ params, body }) => carriedDrafts.giveBack(params.id, body.revision));
}

export interface PageServices {
  desk: Pick<RecordService, 'getEditable'>;
  capture: Pick<Capture, 'addPages' | 'setCorners'>;
  addPortrait: AddPortrait;
  arrangePages: ArrangePages;
  readCard: ReadCard;
  jobs: Pick<Jobs, 'get' | 'cancel' | 'requireFree'>;
  blobs: Pick<BlobStore, 'room'>;
  pictures: PagePictures;
  door: UploadDoor;
}

/** The pages of a material: how they come, how they are put right, what they look like. */
export function addPageRoutes(serve: Serve, services: PageServices): void {
  const { desk, capture, addPortrait, arrangePages, readCard, jobs, blobs, pictures, door } = services;
  const refuseWhenFull = (): void => {
    if (blobs.room().isShort) throw new AppError('STORE_FULL');
  };

  serve(
    agentRoutes.capture,
    ({ params: { id, slot }, query: { source, auxiliary, append, portrait }, body: bytes }) => {
      refuseWhenFull();
      if (portrait) return addPortrait({ recordId: id, slot, bytes });
      const place = auxiliary ? 'auxiliary' : append ? 'append' : 'replace';
      return capture.addPages({ recordId: id, slot, bytes, source, place });
    },
    {
      before({ params: { id, slot }, request, reply }) {
        door.refuseTooLarge(request);
        materialOf(desk.getEditable(id), slot);
        jobs.requireFree(id, slot);
        refuseWhenFull();
        door.enter(reply);
      },
    },
  );
  serve(agentRoutes.editPages, ({ params: { id, slot }, body }) =>
    arrangePages({ recordId: id, slot, ...body }),
  );
  serve(agentRoutes.corners, ({ params: { id, slot, page }, body }) =>
    capture.setCorners({ recordId: id, slot, page, ...body }),
  );
  serve(agentRoutes.readCard, ({ params }) => readCard(params.id, params.slot));
  serve(agentRoutes.job, ({ params }) => jobs.get(params.id));
  serve(agentRoutes.cancelJob, ({ params }) => {
    jobs.cancel(params.id);
    return {};
  });
  serve(agentRoutes.page, ({ params, query }) => pictures.page(params, query.width));
  serve(agentRoutes.pageOriginal, ({ params }) => pictures.original(params));
  serve(agentRoutes.crop, ({ params }) => pictures.crop(params));
}

export function addSealRoutes(serve: Serve, { sealing }: { sealing: Sealing }): void {
  serve(agentRoutes.seal, ({ params: { id, slot }, body }) => sealing.seal({ recordId: id, slot, ...body }));
  serve(agentRoutes.sealBatch, ({ body }) => sealing.sealBatch(body));
  serve(agentRoutes.sealPlaces, ({ params: { id, slot }, signal }) => sealing.places(id, slot, signal));
  serve(agentRoutes.pdf, ({ params: { id, slot } }) => sealing.pdf(id, slot));
  serve(agentRoutes.sealReport, ({ params: { id, slot } }) => sealing.report(id, slot));
}

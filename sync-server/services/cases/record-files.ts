import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { placesOf } from '#paper/evidence/places.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { Clock } from '../../ports/surroundings.ts';
import { materialIn, pictureOf } from '../submissions/material-files.ts';

export interface RecordFilesOptions {
  /** Throws NOT_FOUND where the actor may not see it. */
  findRecord: (actor: Actor, recordId: string) => Promise<StoredRecord>;
  blobs: BlobStore;
  seals: SealVerifier;
  /** The pixels of these places as a JPEG; undefined when they lie off the page. Throws FILE_DAMAGED. */
  cutMarks: (page: Uint8Array, places: Quad[][]) => Promise<Uint8Array | undefined>;
  clock: Clock;
}

/** Sealed files and pages of a record, for whoever may see it. */
export function createRecordFiles({ findRecord, blobs, seals, cutMarks, clock }: RecordFilesOptions) {
  async function findPdf(actor: Actor, { recordId, slot }: { recordId: string; slot: string }) {
    return materialIn(await findRecord(actor, recordId), slot);
  }

  return {
    /** What the seals of a material prove, as of now; an HTML page. */
    async sealReport(actor: Actor, place: { recordId: string; slot: string }): Promise<string> {
      const { pdfSha } = await findPdf(actor, place);
      return seals.explain(await blobs.read(pdfSha), { at: clock.now(), title: `${place.slot}.pdf` });
    },

    async pdf(actor: Actor, place: { recordId: string; slot: string }): Promise<Uint8Array> {
      return blobs.read((await findPdf(actor, place)).pdfSha);
    },

    /** `page` counts from 0. */
    async page(
      actor: Actor,
      { page, ...place }: { recordId: string; slot: string; page: number },
    ): Promise<Uint8Array> {
      return pictureOf({ blobs, seals }, await findPdf(actor, place), page);
    },

    /** Of an attachment. Throws NOT_FOUND. */
    async attachment(
      actor: Actor,
      { recordId, attachment, sha }: { recordId: string; attachment: string; sha: string },
    ): Promise<{ mime: string; bytes: Uint8Array }> {
      const { record } = await findRecord(actor, recordId);
      const file = record.attachments?.find((one) => one.attachment === attachment && one.sha === sha);
      if (!file) throw new AppError('NOT_FOUND', { attachment });
      return { mime: file.mime, bytes: await blobs.read(file.sha) };
    },

    /** A field's marks on the page that its score was made of, cut here: a station could send any picture. */
    async crop(
      actor: Actor,
      { field, ...place }: { recordId: string; slot: string; field: string },
    ): Promise<Uint8Array> {
      const found = await findPdf(actor, place);
      const { marks, checked, rechecked } = found.material;
      const own = rechecked?.state === 'done' ? rechecked.checked : checked;
      const all = marks[field] ?? [];
      const page = own?.evidence[field]?.crop?.page ?? all[0]?.page;
      if (page === undefined) throw new AppError('NOT_FOUND', { field });
      const boxes = all.filter((mark) => mark.page === page).map(({ box }) => box);
      const cut = await cutMarks(await pictureOf({ blobs, seals }, found, page), placesOf(boxes));
      if (!cut) throw new AppError('NOT_FOUND', { field });
      return cut;
    },
  };
}
export type RecordFiles = ReturnType<typeof createRecordFiles>;

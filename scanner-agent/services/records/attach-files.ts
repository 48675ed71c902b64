/** Attachments of a record: kept as they were given, and neither opened nor read here. */
import { AppError } from '#domain/errors/app-error.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { filesOf, formatOf, typeOfFile } from '#domain/record/attachments.ts';
import { afterEdit } from '#domain/record/rules.ts';
import type { AttachedFile, LudengRecord } from '#domain/record/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore } from '../../ports/store.ts';
import type { RecordFiles } from './record-files.ts';
import type { RecordService } from './record-service.ts';

interface Place {
  id: string;
  attachment: string;
}

export interface AttachFiles {
  /** Throws NOT_FOUND, RECORD_NOT_EDITABLE, ATTACHMENT_FULL: before a byte is read. */
  refuseNoPlace(place: Place): void;
  /** The same file again changes nothing. Also throws CONFLICT, FILE_EMPTY, ATTACHMENT_UNSUPPORTED, STORE_FULL. */
  add(place: Place, file: { revision: number; name: string; bytes: Uint8Array }): Promise<LudengRecord>;
  /** Throws NOT_FOUND. */
  remove(place: Place, file: { revision: number; sha: string }): LudengRecord;
  /** Throws NOT_FOUND, FILE_DAMAGED, SERVER_UNREACHABLE. */
  read(place: Place & { sha: string }): Promise<Uint8Array>;
}

export function createAttachFiles(deps: {
  desk: Pick<RecordService, 'get' | 'getEditable' | 'edit'>;
  blobs: Pick<BlobStore, 'put'>;
  files: Pick<RecordFiles, 'attached'>;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
}): AttachFiles {
  const { desk, blobs, files, catalogue, clock } = deps;

  function slotOf(record: LudengRecord, attachment: string): AttachmentSlot {
    const { attachments = [] } = getRecordKind(catalogue, record.programme, record.kind);
    const slot = attachments.find(({ id }) => id === attachment);
    if (!slot) throw new AppError('NOT_FOUND', { attachment });
    return slot;
  }
  function fileOf(record: LudengRecord, { attachment }: Place, sha: string): AttachedFile {
    const file = filesOf(record, attachment).find((one) => one.sha === sha);
    if (!file) throw new AppError('NOT_FOUND', { attachment, sha });
    return file;
  }
  function requirePlace({ id, attachment }: Place, revision?: number): AttachmentSlot {
    const record = desk.getEditable(id, revision);
    const slot = slotOf(record, attachment);
    if (filesOf(record, attachment).length >= slot.maxFiles)
      throw new AppError('ATTACHMENT_FULL', { attachment: slot.title, maxFiles: slot.maxFiles });
    return slot;
  }
  const change = (
    record: LudengRecord,
    files: (before: readonly AttachedFile[]) => AttachedFile[],
  ): LudengRecord => ({ ...record, attachments: files(record.attachments ?? []) });

  return {
    refuseNoPlace: (place) => void requirePlace(place),
    async add(place, { revision, name, bytes }) {
      const slot = requirePlace(place, revision);
      if (bytes.length === 0) throw new AppError('FILE_EMPTY');
      const mime = typeOfFile(bytes);
      if (!mime || !slot.accept.includes(formatOf(mime)))
        throw new AppError('ATTACHMENT_UNSUPPORTED', { attachment: slot.title, accept: slot.accept.join() });
      const { sha, size } = await blobs.put(bytes, mime);
      const known = desk.get(place.id);
      if (filesOf(known, place.attachment).some((file) => file.sha === sha)) return known;
      const { attachment } = place;
      const file: AttachedFile = { attachment, sha, size, mime, name, addedAt: clock.now() };
      return desk.edit({
        ...{ id: place.id, revision, line: 'attached', outcome: slot.title },
        change: (record, occasion) =>
          afterEdit(
            change(record, (before) => [...before, file]),
            occasion,
          ),
      });
    },
    remove(place, { revision, sha }) {
      const record = desk.getEditable(place.id, revision);
      const file = fileOf(record, place, sha);
      const isGone = (one: AttachedFile) => one.attachment === file.attachment && one.sha === sha;
      return desk.edit({
        ...{ id: place.id, revision, line: 'attachment-removed' },
        outcome: slotOf(record, place.attachment).title,
        change: (current, occasion) =>
          afterEdit(
            change(current, (before) => before.filter((one) => !isGone(one))),
            occasion,
          ),
      });
    },
    async read({ sha, ...place }) {
      const record = desk.get(place.id);
      return files.attached(record, fileOf(record, place, sha));
    },
  };
}

import { findRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { isPartOfFile } from '#domain/record/file-parts.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { FileOfRecord, RecordRows, StoredRecord } from '../../ports/case-rows.ts';
import type { Refusal } from './refusal.ts';

/**
 * 解绑: of a person whom the subject let go nothing more is taken, whatever counter it was filled in at and whenever its queue comes.
 * Who is entered anew afterwards has a file of his own, and that one counts. By the configuration of today.
 */
export function createHoldReleased({
  records,
  catalogue,
}: {
  records: Pick<RecordRows, 'isReleased'>;
  catalogue: Catalogue;
}) {
  function fileOf(record: LudengRecord): FileOfRecord | undefined {
    const kind = findRecordKind(catalogue, record.programme, record.kind);
    const { partOf } = kind ?? {};
    if (!kind || !partOf) return undefined;
    return { kind: partOf.kind, isFile: (file) => isPartOfFile(kind, record, file) };
  }
  return {
    /** Whose part the record is; undefined where it is nobody's. */
    fileOf,
    async refusalOf(record: LudengRecord, before: StoredRecord | undefined): Promise<Refusal | undefined> {
      if (before?.releasedAt !== undefined) return { code: 'PERSON_RELEASED' };
      const file = fileOf(record);
      return file && (await records.isReleased(record, file)) ? { code: 'PERSON_RELEASED' } : undefined;
    },
  };
}
export type HoldReleased = ReturnType<typeof createHoldReleased>;

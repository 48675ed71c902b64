/** What a company may see no more after 解绑: the person's line is left, without the file behind it. */
import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { isPartOfFile, partsOf } from '#domain/record/file-parts.ts';
import { hiddenRecord } from '#domain/record/releasing.ts';
import { mayDelete } from '#domain/record/rules.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { StationStore } from '../../ports/store.ts';

export function createReleased({
  store,
  catalogue,
}: {
  store: Pick<StationStore, 'listRecords' | 'deleteDraft'>;
  catalogue: Catalogue;
}) {
  const othersOf = ({ subject, programme }: LudengRecord, kind: string): LudengRecord[] =>
    store.listRecords({ creditCode: subject.creditCode, programme, kind });

  /** Its own mark, or its file's, until the server's word on the part is here; a person who came back has a file that stands. */
  function isHidden(record: LudengRecord, known = new Map<string, LudengRecord[]>()): boolean {
    if (record.released) return true;
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    if (!kind.partOf) return false;
    const all = known.get(kind.partOf.kind) ?? othersOf(record, kind.partOf.kind);
    known.set(kind.partOf.kind, all);
    const files = all.filter((file) => isPartOfFile(kind, record, file));
    return files.length > 0 && files.every((file) => file.released !== undefined);
  }

  return {
    isHidden: (record: LudengRecord): boolean => isHidden(record),
    /** Of one subject's, as they may be seen: of what was released the person's line alone. */
    shown(records: readonly LudengRecord[]): LudengRecord[] {
      const known = new Map<string, LudengRecord[]>();
      return records.flatMap((record) => {
        if (!isHidden(record, known)) return record;
        const kind = getRecordKind(catalogue, record.programme, record.kind);
        if (!kind.file) return [];
        return hiddenRecord(record, partsOf(getProgramme(catalogue, record.programme), kind)[0]);
      });
    },
    dropDraftsOf(file: LudengRecord): void {
      const kind = getRecordKind(catalogue, file.programme, file.kind);
      for (const part of partsOf(getProgramme(catalogue, file.programme), kind))
        for (const one of othersOf(file, part.id))
          if (mayDelete(one) && isPartOfFile(part, one, file)) store.deleteDraft(one.id);
    },
  };
}

import { computed } from 'vue';
import { documentTypeOfSlot } from '#domain/catalogue/lookup.ts';
import { titleOfRecord } from '#domain/record/file-parts.ts';
import { allows } from '#domain/record/lifecycle.ts';
import { useRecords } from '../stores/records.ts';
import { useStation } from '../stores/station.ts';

export interface Target {
  /** `record/slot`, unique. */
  key: string;
  recordId: string;
  slot: string;
  documentType: string;
  title: string;
}

/** Materials of the subject's open records, to which documents may go; those of `recordId` first. */
export function useTargets(recordId: () => string | undefined) {
  const station = useStation();
  const records = useRecords();
  return computed<Target[]>(() => {
    const { catalogue, programme } = station;
    if (!catalogue || !programme) return [];
    const found = records.records
      .filter((record) => allows(record, 'edit-material'))
      .flatMap((record) => {
        const kind = programme.recordKinds.find(({ id }) => id === record.kind);
        if (!kind) return [];
        const name = titleOfRecord(kind, record.answers);
        return record.materials.map(({ slot }) => {
          const documentType = documentTypeOfSlot(catalogue, kind, slot);
          const slotTitle = kind.materials.find(({ id }) => id === slot)?.title ?? documentType.name;
          return {
            key: `${record.id}/${slot}`,
            recordId: record.id,
            slot,
            documentType: documentType.id,
            title: name === slotTitle ? name : `${name} · ${slotTitle}`,
          };
        });
      });
    return found.sort((a, b) => Number(b.recordId === recordId()) - Number(a.recordId === recordId()));
  });
}

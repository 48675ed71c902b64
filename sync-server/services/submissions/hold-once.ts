import { findRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { onceOf } from '#domain/record/once.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { RecordRows } from '../../ports/case-rows.ts';
import type { Refusal } from './refusal.ts';

/** What a subject has once, at whatever counter: by the configuration of today, for the one it was filled in by may not have known it. */
export function createHoldOnce({
  records,
  catalogue,
}: {
  records: Pick<RecordRows, 'findRepeated'>;
  catalogue: Catalogue;
}) {
  function onceNow(record: LudengRecord) {
    const kind = findRecordKind(catalogue, record.programme, record.kind);
    const once = kind && onceOf(catalogue, kind, record);
    if (!once) return undefined;
    const isSame = (other: LudengRecord): boolean => onceOf(catalogue, kind, other)?.key === once.key;
    return { title: once.title, isSame };
  }
  return {
    /** Whether another record says the same; undefined where there may be many. */
    isSame: (record: LudengRecord) => onceNow(record)?.isSame,
    async refusalOf(record: LudengRecord): Promise<Refusal | undefined> {
      const once = onceNow(record);
      const other = once && (await records.findRepeated(record, once.isSame));
      return other === undefined ? undefined : { code: 'RECORD_REPEATED', about: once?.title ?? '' };
    },
  };
}
export type HoldOnce = ReturnType<typeof createHoldOnce>;

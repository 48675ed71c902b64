import { computed } from 'vue';
import { nothingText } from '#domain/record/columns.ts';
import { isPartOfFile, partsOf, titleOfFile, titleOfRecord } from '#domain/record/file-parts.ts';
import type { FileHolder } from '#domain/record/file-parts.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { useRecords } from '../stores/records.ts';
import { useStation } from '../stores/station.ts';

/** The kind of a record, its title as a path (建筑业企业资质证书-…), and the list it stands in. */
export function useRecordKind(record: () => (FileHolder & Pick<LudengRecord, 'answers'>) | undefined) {
  const station = useStation();
  const records = useRecords();
  const kind = computed(() => station.programme?.recordKinds.find(({ id }) => id === record()?.kind));
  const section = computed(() =>
    station.programme?.sections.find(({ recordKinds }) => recordKinds.includes(kind.value?.id ?? '')),
  );
  const title = computed(() => {
    const [one, shown] = [record(), kind.value];
    if (!shown) return nothingText;
    if (shown.file && one && station.programme)
      return titleOfFile(shown, partsOf(station.programme, shown), one);
    return titleOfRecord(shown, one?.answers ?? {});
  });
  /** The file that the record is a part of, where its list is known. */
  const file = computed(() => {
    const [part, rule] = [record(), kind.value];
    return part && rule && records.records.find((one) => isPartOfFile(rule, part, one));
  });
  const sectionPath = computed(() => {
    if (file.value) return `/file/${file.value.id}/${kind.value?.id ?? ''}`;
    return `/section/${section.value?.id ?? ''}/${kind.value?.id ?? ''}`;
  });
  return { kind, section, title, file, sectionPath };
}

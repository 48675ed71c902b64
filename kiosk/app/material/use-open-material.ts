import { computed } from 'vue';
import { getDocumentType, getSlot, isMarkable } from '#domain/catalogue/lookup.ts';
import { journeyOf } from '#domain/catalogue/record-kind.ts';
import { lockedFields, mayEdit } from '#domain/record/rules.ts';
import { unmarkedFields } from '#domain/record/unmarked.ts';
import { useRecordKind } from '../record/use-record-kind.ts';
import { useOpenRecord } from '../stores/open-record.ts';
import { useStation } from '../stores/station.ts';

/** All about one material of the open record that the page needs; undefined until both are loaded. */
export function useOpenMaterial(of: { id: () => string; slot: () => string }) {
  const open = useOpenRecord();
  const station = useStation();
  const record = computed(() => (open.record?.id === of.id() ? open.record : undefined));
  const { kind, title, sectionPath } = useRecordKind(() => record.value);

  const place = computed(() => {
    const material = record.value?.materials.find(({ slot }) => slot === of.slot());
    if (!record.value || !kind.value || !material || !station.catalogue) return undefined;
    const documentType = getDocumentType(station.catalogue, material.certificate);
    return {
      record: record.value,
      kind: kind.value,
      slot: getSlot(kind.value, of.slot()),
      documentType,
      material,
      isEditable: mayEdit(record.value),
      locked: lockedFields(station.catalogue, record.value, of.slot()),
      markable: documentType.fields.filter(isMarkable),
      journey: journeyOf(kind.value),
      unmarked: unmarkedFields(kind.value, documentType, material),
    };
  });
  return { place, title, sectionPath };
}
export type MaterialPlace = NonNullable<ReturnType<typeof useOpenMaterial>['place']['value']>;

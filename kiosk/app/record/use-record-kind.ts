import { computed } from 'vue';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { nothingText } from '#domain/record/columns.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { useStation } from '../stores/station.ts';

/** The kind of a record, its title as a path (建筑业企业资质证书-…), and the list it stands in. */
export function useRecordKind(record: () => LudengRecord | undefined) {
  const station = useStation();
  const kind = computed(() => station.programme?.recordKinds.find(({ id }) => id === record()?.kind));
  const section = computed(() =>
    station.programme?.sections.find(({ recordKinds }) => recordKinds.includes(kind.value?.id ?? '')),
  );
  const answers = computed(() =>
    (kind.value?.asked ?? []).flatMap((field) => {
      const value = record()?.answers[field.id] ?? '';
      // 是 alone says nothing in a title.
      if (value === '' || field.kind === 'yes-no') return [];
      return [fieldRules[field.kind].format(value, field)];
    }),
  );
  /** LNC-047: the answers make the path; a kind that asks nothing has its own title. */
  const title = computed(() => answers.value.join('-') || (kind.value?.title ?? nothingText));
  const sectionPath = computed(() => `/section/${section.value?.id ?? ''}/${kind.value?.id ?? ''}`);
  return { kind, section, title, sectionPath };
}

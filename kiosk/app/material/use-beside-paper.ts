import { computed } from 'vue';
import { waitsForSealOf } from '#domain/record/demanded-papers.ts';
import { submitWords } from '../locales/submit-words.ts';
import { useMaterialEditor } from './use-material-editor.ts';
import { useOpenMaterial } from './use-open-material.ts';

/** A paper that is entered on another one's page: what is done with it, how it stands, and why it cannot be entered yet. */
export function useBesidePaper(of: { id: () => string; slot: () => string }) {
  const { place: whole } = useOpenMaterial(of);
  const later = computed(() => {
    const { value } = whole;
    const first = value?.isEditable ? waitsForSealOf(value.kind, value.slot.id, value.record) : undefined;
    return first && value ? submitWords.beside.later(first.title, value.slot.title) : undefined;
  });
  const place = computed(
    () => whole.value && { ...whole.value, isEditable: whole.value.isEditable && later.value === undefined },
  );
  const work = useMaterialEditor({ place, id: of.id, isRead: false });
  const hasSeal = computed(() => place.value?.material.seal !== undefined);
  const state = computed(() =>
    hasSeal.value
      ? submitWords.seal.sealed
      : (place.value?.slot.beside?.unsealed ?? submitWords.seal.unsealed),
  );
  return { place, work, later, hasSeal, state };
}

import { computed, ref, shallowRef } from 'vue';
import type { Mark, Marks } from '#domain/reading/schema.ts';
import { quadOfRect, rectOfQuad } from './mark-geometry.ts';
import type { Rect } from './mark-geometry.ts';

export interface MarkKey {
  readonly field: string;
  /** Index in the field's list of marks. */
  readonly index: number;
}

const maxUndo = 50;

/** Changes to marks as whole new values, with undo; the owner keeps the marks and gets each change. */
export function useMarkEditing(options: { marks: () => Marks; onChange: (marks: Marks) => void }) {
  const past = shallowRef<readonly Marks[]>([]);
  const selected = ref<MarkKey | undefined>();
  const canUndo = computed(() => past.value.length > 0);

  function markAt(key: MarkKey): Mark | undefined {
    return options.marks()[key.field]?.[key.index];
  }
  function rectAt(key: MarkKey): Rect | undefined {
    const mark = markAt(key);
    return mark && rectOfQuad(mark.box);
  }
  function change(field: string, marksOfField: readonly Mark[]): void {
    past.value = [...past.value, options.marks()].slice(-maxUndo);
    const others = Object.entries(options.marks()).filter(([id]) => id !== field);
    const kept: [string, Mark[]][] = marksOfField.length > 0 ? [[field, [...marksOfField]]] : [];
    options.onChange(Object.fromEntries([...others, ...kept]));
  }

  function add(field: string, page: number, rect: Rect): void {
    // What a person draws takes the place of what the station only guessed.
    const before = (options.marks()[field] ?? []).filter(({ guessed }) => !guessed);
    change(field, [...before, { page, box: quadOfRect(rect) }]);
    selected.value = { field, index: before.length };
  }
  function replace(key: MarkKey, rect: Rect): void {
    const before = options.marks()[key.field] ?? [];
    change(
      key.field,
      before.map((mark, index) => (index === key.index ? { page: mark.page, box: quadOfRect(rect) } : mark)),
    );
  }
  function remove(key: MarkKey): void {
    const before = options.marks()[key.field] ?? [];
    change(
      key.field,
      before.filter((_, index) => index !== key.index),
    );
    selected.value = undefined;
  }
  function undo(): void {
    const last = past.value.at(-1);
    if (!last) return;
    past.value = past.value.slice(0, -1);
    selected.value = undefined;
    options.onChange(last);
  }

  return { selected, canUndo, markAt, rectAt, add, replace, remove, undo };
}

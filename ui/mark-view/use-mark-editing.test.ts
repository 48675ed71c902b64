import { expect, test } from 'vitest';
import { shallowRef } from 'vue';
import type { Marks } from '#domain/reading/schema.ts';
import { useMarkEditing } from './use-mark-editing.ts';

const rect = { x: 10, y: 20, width: 100, height: 30 };

function editing(initial: Marks = {}) {
  const marks = shallowRef<Marks>(initial);
  const edit = useMarkEditing({ marks: () => marks.value, onChange: (next) => (marks.value = next) });
  return { marks, ...edit };
}

test('a field may have several marks, on several pages', () => {
  const { marks, add } = editing();
  add('certNo', 0, rect);
  add('certNo', 1, rect);
  expect(marks.value['certNo']?.map((mark) => mark.page)).toEqual([0, 1]);
});

test('a new mark is the selected one', () => {
  const { selected, add } = editing();
  add('name', 0, rect);
  expect(selected.value).toEqual({ field: 'name', index: 0 });
});

test('removing the last mark of a field leaves no empty list behind', () => {
  const { marks, add, remove } = editing();
  add('name', 0, rect);
  remove({ field: 'name', index: 0 });
  expect(marks.value).toEqual({});
});

test('undo brings back every step, in order', () => {
  const { marks, add, replace, remove, undo, canUndo } = editing();
  add('name', 0, rect);
  const drawn = marks.value;
  replace({ field: 'name', index: 0 }, { ...rect, x: 50 });
  remove({ field: 'name', index: 0 });
  undo();
  undo();
  expect(marks.value).toEqual(drawn);
  undo();
  expect(marks.value).toEqual({});
  expect(canUndo.value).toBe(false);
});

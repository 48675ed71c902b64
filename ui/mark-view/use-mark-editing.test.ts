import { expect, test } from 'vitest';
import { shallowRef } from 'vue';
import type { Marks, Quad } from '#domain/reading/schema.ts';
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

test('a guess gives way to what a person draws, and a guess that was moved is none', () => {
  const box: Quad = [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ];
  const guess: Marks = { name: [{ page: 0, box, guessed: true }] };
  const drawn = editing(guess);
  drawn.add('name', 1, rect);
  expect(drawn.marks.value['name']?.map(({ page }) => page)).toEqual([1]);
  const moved = editing(guess);
  moved.replace({ field: 'name', index: 0 }, rect);
  expect(moved.marks.value['name']?.[0]).not.toHaveProperty('guessed');
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

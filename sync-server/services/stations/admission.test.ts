import { expect, it } from 'vitest';
import { createAdmission } from './admission.ts';

const open = { check: () => undefined };

it('lets in as many items as there are places, and the next when one is done', () => {
  const admission = createAdmission(2);
  expect(['a', 'b', 'c', 'a'].map((id) => admission.enter(id, open))).toEqual([true, true, false, true]);
  admission.leave('a');
  expect(admission.enter('c', open)).toBe(true);
});

it('keeps no place for a session that ended, nor for long while others wait', () => {
  let now = 0;
  let isOpen = true;
  const session = {
    check: () => {
      if (!isOpen) throw new Error('over');
    },
  };
  const admission = createAdmission(1, () => now);
  expect(admission.enter('a', session)).toBe(true);
  expect(admission.enter('b', open)).toBe(false);
  isOpen = false;
  expect(admission.enter('b', open)).toBe(true);
  now = 21_000;
  expect(admission.enter('c', open)).toBe(true);
});

it('is busy while somebody hands an item over, not for one that stopped half-way', () => {
  let now = 0;
  const admission = createAdmission(2, () => now);
  expect(admission.isBusy()).toBe(false);
  admission.enter('a', open);
  expect(admission.isBusy()).toBe(true);
  now = 3_000;
  expect(admission.isBusy()).toBe(false);
  admission.enter('b', open);
  admission.leave('b');
  expect(admission.isBusy()).toBe(false);
});

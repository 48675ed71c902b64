import { expect, test } from 'vitest';
import { usableFields } from './usable-fields.ts';
import type { LudengRecord, Push } from './schema.ts';

const programme = { pushFields: [{ id: 'a', name: '甲领域', department: '甲' }] };
const useOf = (
  pushes: readonly [field: string, state: Push['state']][],
  more: Partial<Pick<LudengRecord, 'state' | 'voided'>> = {},
) => {
  const record = { state: 'stored' as const, ...more };
  return usableFields(programme, { ...record, pushes: pushes.map(([field, state]) => ({ field, state })) })[0]
    ?.use;
};

test.each([
  ['not-pushed', []],
  ['not-pushed', [['b', 'approved']]],
  ['under-review', [['a', 'queued']]],
  ['under-review', [['a', 'under-review']]],
  ['refused', [['a', 'refused']]],
  ['usable', [['a', 'approved']]],
  [
    'under-review',
    [
      ['a', 'refused'],
      ['a', 'under-review'],
    ],
  ],
  [
    'usable',
    [
      ['a', 'refused'],
      ['a', 'approved'],
    ],
  ],
] as const)('is %s after %j', (use, pushes) => {
  expect(useOf([...pushes].map(([field, state]) => [field, state]))).toBe(use);
});

test('whatever was approved, what no longer stands is used nowhere', () => {
  const voided = { at: '2026-11-21T08:00:00.000Z', by: '经办人' };
  expect(useOf([['a', 'approved']], { voided })).toBe('not-standing');
  expect(useOf([['a', 'approved']], { state: 'superseded' })).toBe('not-standing');
  expect(useOf([['a', 'approved']], { state: 'rejected' })).toBe('not-standing');
});

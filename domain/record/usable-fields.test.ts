import { expect, test } from 'vitest';
import { usableFields } from './usable-fields.ts';
import type { PushedRecord } from './usable-fields.ts';
import type { Push } from './schema.ts';

const programme = { pushFields: [{ id: 'a', name: '甲领域', department: '甲' }] };
const useOf = (
  pushes: readonly [field: string, state: Push['state']][],
  more: Partial<Pick<PushedRecord, 'state' | 'voided' | 'released' | 'complaints'>> = {},
) => {
  const record = { state: 'stored' as const, complaints: [], ...more };
  return usableFields(programme, {
    ...record,
    pushes: pushes.map(([field, state], id) => ({ id: `${id}`, field, state })),
  })[0]?.use;
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

test.each([
  ['disputed', [['a', 'approved']], [['0', 'open']]],
  ['complained', [['a', 'approved']], [['0', 'approved']]],
  ['usable', [['a', 'approved']], [['0', 'refused']]],
  // of another push
  ['usable', [['a', 'approved']], [['1', 'approved']]],
  // pushed again after that: the new decision counts
  [
    'under-review',
    [
      ['a', 'approved'],
      ['a', 'under-review'],
    ],
    [['0', 'approved']],
  ],
  [
    'usable',
    [
      ['a', 'approved'],
      ['a', 'approved'],
    ],
    [['0', 'approved']],
  ],
  [
    'complained',
    [
      ['a', 'approved'],
      ['a', 'approved'],
    ],
    [
      ['0', 'approved'],
      ['1', 'approved'],
    ],
  ],
] as const)('is %s after %j and the complaints %j', (use, pushes, complaints) => {
  const given = complaints.map(([push, state]) => ({ state, complaint: { push } }));
  const own = [...pushes].map(([field, state]) => [field, state] as [string, Push['state']]);
  expect(useOf(own, { complaints: given })).toBe(use);
});

test('whatever was approved, what no longer stands is used nowhere', () => {
  const voided = { at: '2026-11-21T08:00:00.000Z', by: '经办人' };
  expect(useOf([['a', 'approved']], { voided })).toBe('not-standing');
  expect(useOf([['a', 'approved']], { state: 'superseded' })).toBe('not-standing');
  expect(useOf([['a', 'approved']], { released: voided })).toBe('released');
  expect(useOf([['a', 'approved']], { state: 'rejected' })).toBe('not-standing');
});

import { expect, test } from 'vitest';
import { makeRecord, makeMaterial } from '#tests/support/record-fixtures.ts';
import type { Workflow } from '../catalogue/workflow.ts';
import type { FieldVerdict } from '../verdict/schema.ts';
import { openCase } from './engine.ts';
import { lightNow, materialLightNow, overruleLight } from './overrule-light.ts';

const decision = { id: 'ok', label: '通过', opinion: 'optional' as const, outcome: 'approved' as const };
const workflow: Workflow = {
  id: 'w',
  title: '核验',
  steps: [{ id: 'look', title: '人工核验', permission: 'review', decisions: [decision] }],
};
const field = (id: string, light?: 'red' | 'yellow' | 'green'): FieldVerdict => ({
  field: id,
  label: `标签${id}`,
  weight: light ? 'key' : 'plain',
  claimed: 'x',
  recognised: 'x',
  reasons: [],
  ...(light ? { light } : {}),
});
const at = '2026-11-21T08:00:00.000Z';
const verdict = { light: 'yellow' as const, fields: [field('a', 'yellow'), field('b', 'green'), field('c')] };
const record = makeRecord({
  materials: [
    {
      ...makeMaterial([]),
      slot: 'paper',
      checked: { at, day: '2026-11-21', catalogueHash: 'h', modelHash: 'm', evidence: {}, verdict },
    },
  ],
});
const current = openCase({
  id: '01K00000000000000000000001',
  about: { kind: 'record', id: record.id },
  recordId: record.id,
  parties: [],
  pushId: '01K00000000000000000000002',
  workflow,
  pushField: 'housing',
  at,
}).next;
const input = {
  id: '01K00000000000000000000003',
  step: 'look',
  slot: 'paper',
  field: 'a',
  to: 'green' as const,
  reason: ' 原件清晰，核对无误 ',
  at,
  by: '审核员',
};

test('keeps what was seen before and why it was changed', () => {
  const overrule = overruleLight({ current, record }, [], input);
  expect(overrule).toMatchObject({
    from: 'yellow',
    to: 'green',
    label: '标签a',
    reason: '原件清晰，核对无误',
  });
  expect(lightNow(field('a', 'yellow'), 'paper', [overrule])).toBe('green');
  expect(materialLightNow(verdict, 'paper', [overrule])).toBe('green');
  expect(materialLightNow(verdict, 'other', [overrule])).toBe('yellow');
  const again = overruleLight({ current, record }, [overrule], { ...input, to: 'red' });
  expect(again.from).toBe('green');
  expect(materialLightNow(verdict, 'paper', [overrule, again])).toBe('red');
});

test.each([
  ['OPINION_REQUIRED', { reason: '  ' }],
  ['CASE_CLOSED', { step: 'other' }],
  ['NOT_FOUND', { field: 'c' }],
  ['NOT_FOUND', { field: 'nowhere' }],
  ['BAD_REQUEST', { to: 'yellow' as const }],
])('refuses with %s what cannot be overruled: %j', (code, change) => {
  expect(() => overruleLight({ current, record }, [], { ...input, ...change })).toThrow(
    expect.objectContaining({ code }),
  );
});

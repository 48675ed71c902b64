import { expect, test } from 'vitest';
import { statusOf } from './status.ts';
import type { CredentialFacts } from './status.ts';

const facts: CredentialFacts = {
  issuedAt: '2026-11-01T00:00:00.000Z',
  record: { state: 'stored', settledAt: '2026-11-01T00:00:00.000Z' },
};
const at = '2026-11-05T00:00:00.000Z';
const settled = { settledAt: at };

test.each([
  ['valid', facts, facts.issuedAt],
  ['superseded', { ...facts, record: { ...settled, state: 'superseded', supersededAt: at } }, at],
  ['superseded', { ...facts, record: { ...settled, state: 'superseded' } }, at],
  ['returned', { ...facts, record: { ...settled, state: 'rejected', rejection: '改' } }, at],
  ['voided', { ...facts, record: { ...facts.record, voidedAt: at } }, at],
  ['released', { ...facts, record: { ...facts.record, releasedAt: at } }, at],
  // let go while it is corrected: nothing brings that back
  ['released', { ...facts, record: { ...settled, state: 'rejected', releasedAt: at } }, at],
  ['replaced', { ...facts, replacedAt: at }, at],
  ['revoked', { ...facts, revoked: { at, reason: '查实' } }, at],
  // what can never be undone is told first
  [
    'revoked',
    {
      ...facts,
      revoked: { at, reason: '查实' },
      replacedAt: at,
      record: { ...settled, state: 'superseded' },
    },
    at,
  ],
  ['replaced', { ...facts, replacedAt: at, record: { ...facts.record, voidedAt: at } }, at],
] as const)('is %s', (state, given, since) => {
  expect(statusOf(given)).toMatchObject({ state, at: since });
});

test('says why it was revoked and why its record was given back', () => {
  expect(statusOf({ ...facts, revoked: { at, reason: '投诉查实' } }).reason).toBe('投诉查实');
  expect(statusOf({ ...facts, record: { ...settled, state: 'rejected', rejection: '缺页' } }).reason).toBe(
    '缺页',
  );
});

import { expect, test } from 'vitest';
import { words } from '../locales/zh-CN.ts';
import { healthOf, pinWarnings } from './token-health.ts';
import type { TokenChoice } from './use-tokens.ts';

const now = Date.parse('2026-11-21T00:00:00Z');
type Pin = TokenChoice['token']['pin'];

function choice(change: {
  daysLeft?: number;
  notBefore?: string;
  pin?: Partial<Pin>;
  revocation?: 'good' | 'revoked' | 'stale' | 'unknown';
  bare?: boolean;
}): TokenChoice {
  const token: TokenChoice['token'] = {
    id: 't',
    label: '',
    serialNumber: '',
    simulated: true,
    pin: { locked: false, lastTry: false, countLow: false, isDefault: false, ...change.pin },
    certificates: [],
  };
  const certificate = {
    id: 'c',
    use: 'sign' as const,
    serialNumber: '1',
    holderName: '甲公司',
    issuerName: 'CA',
    notBefore: change.notBefore ?? '2020-01-01T00:00:00Z',
    notAfter: '2030-01-01T00:00:00Z',
    daysLeft: change.daysLeft ?? 400,
    ...(change.revocation ? { revocation: { state: change.revocation } } : {}),
  };
  return change.bare ? { key: 'k', token } : { key: 'k', token, certificate };
}

test.each([
  [{ daysLeft: 400 }, 'good'],
  [{ daysLeft: 90 }, 'good'],
  [{ daysLeft: 89 }, 'warn'],
  [{ daysLeft: 0 }, 'warn'],
  [{ daysLeft: -1 }, 'refused'],
  [{ notBefore: '2027-01-01T00:00:00Z' }, 'refused'],
  [{ pin: { locked: true } }, 'refused'],
  [{ bare: true }, 'refused'],
  [{ revocation: 'revoked' }, 'refused'],
  [{ revocation: 'stale' }, 'warn'],
  [{ revocation: 'unknown' }, 'good'],
] as const)('token %j is %s', (change, kind) => {
  expect(healthOf(choice(change), now).kind).toBe(kind);
});

test('the last try is said before anything else about the PIN', () => {
  const { token } = choice({ pin: { lastTry: true, countLow: true, isDefault: true } });
  expect(pinWarnings(token)).toEqual([words.pin.last, words.pin.isDefault]);
});

test('tells how many tries are left when the token says so', () => {
  const { token } = choice({ pin: { countLow: true, remainingTries: 3 } });
  expect(pinWarnings(token)).toEqual([words.pin.left(3)]);
});

test('a healthy PIN brings no warning', () => {
  expect(pinWarnings(choice({}).token)).toEqual([]);
});

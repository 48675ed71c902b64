import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestAuthority, createTestCompany, testMoment } from '#tests/support/sealed-material.ts';
import { challengeBytes, verifyChallenge } from './challenge.ts';

const authority = createTestAuthority();
const company = createTestCompany(authority, { kind: 'rsa' });
const challenge = {
  nonce: 'Zm9vYmFy',
  origin: 'http://127.0.0.1:7800',
  sessionId: '01JD8Z3',
  issuedAt: '2026-11-21T08:59:00.000Z',
};
const answer = {
  challenge,
  certificate: company.certificate,
  signature: sign('sha256', challengeBytes(challenge), company.privateKey),
  trustAnchors: [authority.certificateDer],
  at: testMoment,
  maxAgeMs: 120_000,
};

const refusal = (change: Partial<typeof answer>): unknown => {
  try {
    verifyChallenge({ ...answer, ...change });
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
};

describe('a login challenge', () => {
  it('answered by the right key names the holder', () => {
    expect(verifyChallenge(answer)).toMatchObject({
      holderName: '昆明滇池建筑工程有限公司',
      creditCode: '91530100MA6K1234X5',
    });
  });

  it.each(['nonce', 'origin', 'sessionId', 'issuedAt'] as const)(
    'is refused when its %s is another',
    (field) => {
      const value = field === 'issuedAt' ? '2026-11-21T08:59:01.000Z' : `${challenge[field]}x`;
      expect(refusal({ challenge: { ...challenge, [field]: value } })).toBe('CHALLENGE_INVALID');
    },
  );

  it('is refused when it is too old, from the future or without a time', () => {
    expect(refusal({ at: '2026-11-21T09:01:00.001Z' })).toBe('CHALLENGE_INVALID');
    expect(refusal({ at: '2026-11-21T08:58:59.999Z' })).toBe('CHALLENGE_INVALID');
    expect(refusal({ challenge: { ...challenge, issuedAt: 'never' } })).toBe('CHALLENGE_INVALID');
  });

  it('is refused for a certificate that may not be used, with the reason', () => {
    const answerOf = (order: Parameters<typeof createTestCompany>[1]): Partial<typeof answer> => {
      const other = createTestCompany(authority, order);
      return {
        certificate: other.certificate,
        signature: sign('sha256', challengeBytes(challenge), other.privateKey),
      };
    };
    const expired = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2021-01-01T00:00:00Z' };
    expect(refusal(answerOf({}))).toBe('accepted');
    expect(refusal(answerOf({ use: 'encrypt' }))).toBe('CERTIFICATE_WRONG_USE');
    expect(refusal(answerOf({ validity: expired }))).toBe('CERTIFICATE_EXPIRED');
    expect(refusal({ trustAnchors: [createTestAuthority().certificateDer] })).toBe('CERTIFICATE_UNTRUSTED');
    expect(refusal({ certificate: Buffer.from('nothing') })).toBe('CERTIFICATE_UNTRUSTED');
  });

  it('has one encoding for one meaning: text cannot slip from one field into the next', () => {
    const split = { ...challenge, nonce: 'a\norigin 1 b', origin: 'c' };
    const joined = { ...challenge, nonce: 'a', origin: 'b\norigin 1 c' };
    expect(Buffer.compare(challengeBytes(split), challengeBytes(joined))).not.toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { createAuthority, generateKeys, issueCredential } from '#tests/emulators/signing-token/demo-ca.ts';
import {
  createTestAuthority,
  createTestCompany,
  testMoment,
  testValidity,
} from '#tests/support/sealed-material.ts';
import { describeCertificate } from './certificate.ts';
import { checkChain } from './chain.ts';
import type { CheckRevocation } from './chain.ts';

const root = createTestAuthority('测试根认证中心');
const subordinate = createAuthority('测试二级认证中心', {
  ...testValidity,
  serialNumber: Uint8Array.of(2),
  keys: generateKeys('ec'),
  issuer: root,
});
const company = createTestCompany(subordinate).certificate;
const trustRoot = { trustAnchors: [root.certificateDer], at: testMoment };

describe('the way from a certificate to a trusted authority', () => {
  it('goes over an authority in between that travels along', () => {
    const { problems, chain } = checkChain(company, [subordinate.certificateDer], trustRoot);
    expect(problems).toEqual([]);
    expect(chain).toHaveLength(3);
  });

  it('ends at once where the authority in between is trusted itself, root known or not', () => {
    const trustBoth = { ...trustRoot, trustAnchors: [subordinate.certificateDer, root.certificateDer] };
    expect(checkChain(company, [], trustBoth)).toMatchObject({ problems: [] });
    expect(
      checkChain(company, [subordinate.certificateDer, root.certificateDer], trustBoth).problems,
    ).toEqual([]);
  });

  it('is not found without it', () => {
    expect(checkChain(company, [], trustRoot).problems).toEqual(['CERTIFICATE_UNTRUSTED']);
  });

  it('does not go over a company', () => {
    const keys = generateKeys('ec');
    const der = issueCredential(subordinate, {
      subject: { companyName: '甲' },
      publicKey: keys.publicKey,
      serialNumber: Uint8Array.of(5),
      validity: testValidity,
    });
    expect(checkChain(company, [subordinate.certificateDer, der], trustRoot).problems).toEqual([
      'CERTIFICATE_UNKNOWN_EXTRA',
    ]);
  });

  it('judges every certificate on it', () => {
    const revocation: CheckRevocation = ({ certificate }) =>
      describeCertificate(certificate).holderName === '测试二级认证中心'
        ? { kind: 'revoked', since: testMoment }
        : { kind: 'unknown' };
    expect(checkChain(company, [subordinate.certificateDer], { ...trustRoot, revocation }).problems).toEqual([
      'CERTIFICATE_REVOKED',
    ]);
  });

  it('takes no answer for a no: an unreadable moment is outside every validity', () => {
    expect(
      checkChain(company, [subordinate.certificateDer], { ...trustRoot, at: 'today' }).problems,
    ).toContain('CERTIFICATE_NOT_YET_VALID');
  });
});

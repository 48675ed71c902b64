/** What may stand on the way to a trusted authority: every rule with a certificate that breaks it and one that keeps it. */
import { describe, expect, it } from 'vitest';
import {
  alternativeNames,
  authority,
  authorityExtensions,
  commonName,
  country,
  ecKeys,
  extendedUses,
  extension,
  makeOdd,
  nameConstraints,
  nameOf,
  organisation,
  rsaKeys,
  signerExtensions,
  usage,
} from '#tests/support/odd-certificates.ts';
import type { OddCertificate, OddOrder } from '#tests/support/odd-certificates.ts';
import { checkChain } from './chain.ts';
import type { CheckedChain, TrustQuestion } from './chain.ts';
import { integer, oid, sequence, tlv } from './der.ts';

const at = '2026-11-21T09:00:00.000Z';
const rootName = nameOf(country, organisation('测试根'), commonName('测试根'));
const root = makeOdd({ name: rootName, extensions: authorityExtensions });
const companyName = nameOf(country, organisation('滇池建筑公司'), commonName('滇池建筑公司'));

const issue = (order: Partial<OddOrder> = {}, issuer = root): OddCertificate =>
  makeOdd({ name: companyName, issuer, serial: 9, extensions: signerExtensions, ...order });
const authorityBelow = (
  issuer: OddCertificate,
  title: string,
  order: Partial<OddOrder> = {},
): OddCertificate =>
  makeOdd({
    name: nameOf(country, commonName(title)),
    issuer,
    serial: 5,
    extensions: authorityExtensions,
    ...order,
  });
const judge = (
  signer: OddCertificate,
  others: readonly OddCertificate[] = [],
  question: Partial<TrustQuestion> = {},
): CheckedChain =>
  checkChain(
    signer.der,
    others.map(({ der }) => der),
    { trustAnchors: [root.der], at, ...question },
  );
const problemsOf = (...asked: Parameters<typeof judge>): string[] => judge(...asked).problems;

describe('an extended key usage', () => {
  const [email, client, server, code] = ['4', '2', '1', '3'].map((last) => `1.3.6.1.5.5.7.3.${last}`);
  const documents = ['1.3.6.1.5.5.7.3.36', '1.3.6.1.4.1.311.10.3.12', '1.2.840.113583.1.1.5'];
  const withUses = (...ids: (string | undefined)[]): OddCertificate =>
    issue({ extensions: [...signerExtensions, extendedUses(...ids.flatMap((id) => id ?? []))] });

  it.each([[email], [client, email], ...documents.map((id) => [id]), ['2.5.29.37.0']])(
    '%s with %s may seal and sign in',
    (...ids) => {
      expect(problemsOf(withUses(...ids))).toEqual([]);
      expect(problemsOf(withUses(...ids), [], { purpose: 'login' })).toEqual([]);
    },
  );
  it.each([[client], [server], [code], [server, client], ['1.2.3.4']])(
    '%s with %s may not seal',
    (...ids) => {
      expect(problemsOf(withUses(...ids))).toEqual(['CERTIFICATE_WRONG_PURPOSE']);
    },
  );
  it('for clients signs in and nothing else does', () => {
    expect(problemsOf(withUses(client), [], { purpose: 'login' })).toEqual([]);
    expect(problemsOf(withUses(server), [], { purpose: 'login' })).toEqual(['CERTIFICATE_WRONG_PURPOSE']);
  });
  it('of an authority binds what it issues', () => {
    const sub = authorityBelow(root, '服务器证书中心', {
      extensions: [...authorityExtensions, extendedUses(server ?? '')],
    });
    expect(problemsOf(issue({}, sub), [sub])).toEqual(['CERTIFICATE_WRONG_PURPOSE']);
  });
});

describe('algorithms and keys', () => {
  const rsaRoot = makeOdd({ name: rootName, keys: rsaKeys(), extensions: authorityExtensions });
  const anchors = { trustAnchors: [rsaRoot.der] };

  it.each(['RSA-MD5', 'RSA-SHA1', 'RSA-SHA224'] as const)('%s over a certificate is weak', (signature) => {
    expect(problemsOf(issue({ signature }, rsaRoot), [], anchors)).toEqual(['CERTIFICATE_WEAK']);
    const sub = authorityBelow(rsaRoot, '中级', { signature });
    expect(problemsOf(issue({}, sub), [sub], anchors)).toEqual(['CERTIFICATE_WEAK']);
  });
  it.each(['RSA-SHA256', 'RSA-SHA256 without NULL', 'RSA-SHA512'] as const)('%s is strong', (signature) => {
    expect(problemsOf(issue({ signature }, rsaRoot), [], anchors)).toEqual([]);
  });
  it('ECDSA with SHA-1 is weak, with SHA-384 strong', () => {
    expect(problemsOf(issue({ signature: 'ECDSA-SHA1' }))).toEqual(['CERTIFICATE_WEAK']);
    expect(problemsOf(issue({ signature: 'ECDSA-SHA384' }))).toEqual([]);
  });
  it('do not bear on what an anchor says of itself', () => {
    const old = makeOdd({
      ...rsaRoot,
      extensions: authorityExtensions,
      keys: rsaRoot,
      signature: 'RSA-SHA1',
    });
    expect(problemsOf(issue({}, rsaRoot), [], { trustAnchors: [old.der] })).toEqual([]);
  });
  it.each([
    ['RSA of 1024 bits', rsaKeys(1024)],
    ['RSA of 2047 bits', rsaKeys(2047)],
    ['RSA with exponent 3', rsaKeys(2048, 3)],
    ['P-224', ecKeys('P-224')],
    ['secp256k1', ecKeys('secp256k1')],
    ['P-192', ecKeys('prime192v1')],
  ])('%s is weak for signer, authority and root', (_, keys) => {
    expect(problemsOf(issue({ keys }))).toContain('CERTIFICATE_WEAK');
    const sub = authorityBelow(root, '中级', { keys });
    expect(problemsOf(issue({}, sub), [sub])).toContain('CERTIFICATE_WEAK');
    const weakRoot = makeOdd({ name: rootName, keys, extensions: authorityExtensions });
    expect(problemsOf(issue({}, weakRoot), [], { trustAnchors: [weakRoot.der] })).toContain(
      'CERTIFICATE_WEAK',
    );
  });
  it.each([
    ['P-384', ecKeys('P-384')],
    ['P-521', ecKeys('P-521')],
    ['RSA of 3072 bits', rsaKeys(3072)],
  ])('%s is strong', (_, keys) => {
    expect(problemsOf(issue({ keys }))).toEqual([]);
  });
  it('a curve written out, and a key of another kind, are not understood', () => {
    const spki = sequence(
      sequence(oid('1.2.840.10045.2.1'), sequence(integer(Uint8Array.of(1)))),
      tlv(0x03, Uint8Array.of(0, 4, 1, 1)),
    );
    expect(problemsOf(issue({ keyInfo: spki }))).toEqual(['CERTIFICATE_UNSUPPORTED']);
    const edwards = sequence(sequence(oid('1.3.101.112')), tlv(0x03, new Uint8Array(33)));
    expect(problemsOf(issue({ keyInfo: edwards }))).toEqual(['CERTIFICATE_UNSUPPORTED']);
  });
});

describe('an authority', () => {
  it('does not sign documents, whether its constraints say it or its usage', () => {
    expect(problemsOf(issue({ extensions: [authority(), usage(0xc6)] }))).toEqual([
      'CERTIFICATE_OF_AUTHORITY',
    ]);
    expect(problemsOf(issue({ extensions: [usage(0xc4)] }))).toEqual(['CERTIFICATE_OF_AUTHORITY']);
    expect(problemsOf(root)).toContain('CERTIFICATE_OF_AUTHORITY');
  });
  it.each([
    ['without basic constraints', [usage(0x06)]],
    ['that may not sign certificates', [authority(), usage(0x02)]],
    ['that is a company', signerExtensions],
  ])('%s issues nothing', (_, extensions) => {
    const sub = authorityBelow(root, '中级', { extensions });
    expect(problemsOf(issue({}, sub), [sub])).toEqual([
      'CERTIFICATE_ISSUER_NOT_ALLOWED',
      'CERTIFICATE_UNTRUSTED',
    ]);
  });
  it('has only so many levels below it as it is allowed', () => {
    const level = (pathLength: number | undefined): OddCertificate[] => {
      const first = authorityBelow(root, '一级', { extensions: [authority(pathLength), usage(0x06)] });
      return [first, authorityBelow(first, '二级')];
    };
    for (const [pathLength, expected] of [
      [0, ['CERTIFICATE_ISSUER_NOT_ALLOWED', 'CERTIFICATE_UNTRUSTED']],
      [1, []],
      [undefined, []],
    ] as const) {
      const [first, second] = level(pathLength);
      if (!first || !second) throw new Error('two levels');
      expect(problemsOf(issue({}, second), [first, second])).toEqual(expected);
    }
  });
  it('that has expired spoils the way, another of the same name and key does not', () => {
    const keys = ecKeys();
    const old = authorityBelow(root, '中级', { keys, notAfter: '2026-01-01T00:00:00Z' });
    const renewed = authorityBelow(root, '中级', { keys, serial: 6 });
    expect(problemsOf(issue({}, old), [old])).toEqual(['CERTIFICATE_EXPIRED']);
    for (const order of [
      [old.der, renewed.der, root.der],
      [root.der, renewed.der, old.der],
    ]) {
      expect(problemsOf(issue({}, old), [], { trustAnchors: [root.der, renewed.der] })).toEqual([]);
      expect(problemsOf(issue({}, old), [], { trustAnchors: order })).toEqual([]);
    }
  });
});

describe('a long way', () => {
  const levels = (count: number): OddCertificate[] => {
    const made: OddCertificate[] = [root];
    for (let index = 1; index <= count; index++)
      made.push(authorityBelow(made.at(-1) ?? root, `第${index}级`));
    return made.slice(1);
  };
  it.each([1, 2, 3, 4])('over %i authorities between is followed', (count) => {
    const between = levels(count);
    const { problems, chain } = judge(issue({}, between.at(-1)), between.toReversed());
    expect(problems).toEqual([]);
    expect(chain).toHaveLength(count + 2);
  });
  it('of ten levels says that it is too long', () => {
    const between = levels(9);
    expect(problemsOf(issue({}, between.at(-1)), between)).toContain('CERTIFICATE_CHAIN_TOO_LONG');
  });
  it('ends, where authorities issued each other’s certificates', () => {
    const [left, right] = [ecKeys(), ecKeys()];
    const [leftName, rightName] = [nameOf(commonName('甲')), nameOf(commonName('乙'))];
    const order = { extensions: authorityExtensions };
    const first = makeOdd({ ...order, name: leftName, keys: left, issuer: { ...right, name: rightName } });
    const second = makeOdd({ ...order, name: rightName, keys: right, issuer: { ...left, name: leftName } });
    expect(problemsOf(issue({}, first), [first, second])).toContain('CERTIFICATE_UNTRUSTED');
  });
});

describe('extensions', () => {
  const url = tlv(0xa0, tlv(0xa0, tlv(0x86, Buffer.from('http://ca.test/a.crl'))));
  const listPoints = (...more: Uint8Array[]): Uint8Array =>
    extension('2.5.29.31', sequence(sequence(url, ...more)), true);

  it('a critical place of the revocation list is understood', () => {
    expect(problemsOf(issue({ extensions: [...signerExtensions, listPoints()] }))).toEqual([]);
  });
  it.each([
    ['a list for some reasons only', listPoints(tlv(0x81, Uint8Array.of(1, 0x60)))],
    ['a list of another authority', listPoints(tlv(0xa2, tlv(0xa4, rootName)))],
    ['an unknown one', extension('1.2.3.4.5', Uint8Array.of(0x05, 0x00), true)],
    ['a demand for a policy', extension('2.5.29.36', sequence(tlv(0x80, Uint8Array.of(0))), true)],
  ])('%s is said not to be understood when critical', (_, odd) => {
    expect(problemsOf(issue({ extensions: [...signerExtensions, odd] }))).toEqual([
      'CERTIFICATE_EXTENSION_UNKNOWN',
    ]);
  });
  it('an unknown one that is not critical is passed over', () => {
    const odd = extension('1.2.3.4.5', Uint8Array.of(0x05, 0x00));
    expect(problemsOf(issue({ extensions: [...signerExtensions, odd] }))).toEqual([]);
  });
  it('the same one twice is malformed', () => {
    expect(problemsOf(issue({ extensions: [usage(0x20), usage(0xc0)] }))).toEqual([
      'CERTIFICATE_MALFORMED',
      'CERTIFICATE_UNTRUSTED',
    ]);
  });
});

describe('name constraints', () => {
  const within = nameOf(country, organisation('滇池建筑公司'));
  const bound = (constraints: Uint8Array): TrustQuestion['trustAnchors'] => [
    makeOdd({ name: rootName, keys: root, extensions: [...authorityExtensions, constraints] }).der,
  ];
  const cases: [string, Uint8Array, readonly Uint8Array[], boolean][] = [
    ['a permitted directory name', nameConstraints({ permitted: [[4, within]] }), [], true],
    [
      'the same name in other letters',
      nameConstraints({
        permitted: [[4, nameOf(['2.5.4.6', 0x0c, 'cn'], organisation('滇池建筑公司', 0x0c))]],
      }),
      [],
      true,
    ],
    [
      'a directory name outside',
      nameConstraints({ permitted: [[4, nameOf(country, organisation('洱海建筑公司'))]] }),
      [],
      false,
    ],
    ['an excluded directory name', nameConstraints({ excluded: [[4, within]] }), [], false],
    ['a constraint on mail, no mail', nameConstraints({ permitted: [[1, 'dianchi.test']] }), [], true],
    [
      'mail inside',
      nameConstraints({ permitted: [[1, 'dianchi.test']] }),
      [alternativeNames([1, 'a@Dianchi.test'])],
      true,
    ],
    [
      'mail outside',
      nameConstraints({ permitted: [[1, 'dianchi.test']] }),
      [alternativeNames([1, 'a@dianchi.test.evil'])],
      false,
    ],
    [
      'a host outside',
      nameConstraints({ permitted: [[2, 'dianchi.test']] }),
      [alternativeNames([2, 'evildianchi.test'])],
      false,
    ],
    [
      'a directory name among the alternative ones',
      nameConstraints({ excluded: [[4, nameOf(country, organisation('洱海'))]] }),
      [alternativeNames([4, nameOf(country, organisation('洱海'), commonName('某'))])],
      false,
    ],
    [
      'a constrained kind that nobody understands',
      nameConstraints({ permitted: [[8, Uint8Array.of(0x2a)]] }),
      [alternativeNames([8, Uint8Array.of(0x2a, 0x03)])],
      false,
    ],
  ];
  it.each(cases)('%s', (_, constraints, extra, isAllowed) => {
    const signer = issue({ extensions: [...signerExtensions, ...extra] });
    expect(problemsOf(signer, [], { trustAnchors: bound(constraints) })).toEqual(
      isAllowed ? [] : ['CERTIFICATE_NAME_FORBIDDEN'],
    );
  });
  it('of an authority in between bind those below it', () => {
    const sub = authorityBelow(root, '中级', {
      extensions: [...authorityExtensions, nameConstraints({ excluded: [[4, within]] })],
    });
    const below = authorityBelow(sub, '下级');
    expect(problemsOf(issue({}, below), [sub, below])).toEqual(['CERTIFICATE_NAME_FORBIDDEN']);
  });
});

describe('names of issuers', () => {
  const spelled = (order: Partial<OddOrder>, anchorName: Uint8Array): string[] => {
    const anchor = makeOdd({ name: anchorName, keys: root, extensions: authorityExtensions });
    return problemsOf(issue(order), [], { trustAnchors: [anchor.der] });
  };
  const plain = nameOf(country, organisation('Yunnan CA'));

  it.each([
    ['in another string type', nameOf(['2.5.4.6', 0x0c, 'CN'], organisation('Yunnan CA', 0x13))],
    ['in another case', nameOf(country, organisation('YUNNAN ca'))],
    ['with other spaces', nameOf(country, organisation('  Yunnan   CA '))],
    ['in full width', nameOf(country, organisation('Ｙunnan ＣＡ'))],
    ['as BMPString', nameOf(country, organisation(Buffer.from('Yunnan CA', 'utf16le').swap16(), 0x1e))],
  ])('are equal %s', (_, issuerName) => {
    expect(spelled({ issuerName }, plain)).toEqual([]);
  });
  it.each([
    ['another word', nameOf(country, organisation('Yunnan CB'))],
    ['one part less', nameOf(organisation('Yunnan CA'))],
    ['another order', nameOf(organisation('Yunnan CA'), country)],
    ['another attribute', nameOf(country, commonName('Yunnan CA'))],
    ['joined words', nameOf(country, organisation('YunnanCA'))],
  ])('are not equal with %s', (_, issuerName) => {
    expect(spelled({ issuerName }, plain)).toEqual(['CERTIFICATE_UNTRUSTED']);
  });
});

it('a certificate with something behind it, or no certificate at all, leads nowhere', () => {
  const more = { ...issue(), der: Buffer.concat([issue().der, Buffer.from([0])]) };
  expect(problemsOf(more)).toEqual(['CERTIFICATE_MALFORMED', 'CERTIFICATE_UNTRUSTED']);
  expect(checkChain(Buffer.from('junk'), [], { trustAnchors: [root.der], at }).problems).toContain(
    'CERTIFICATE_UNTRUSTED',
  );
});

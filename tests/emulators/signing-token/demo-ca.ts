/** A certificate authority for the simulated station and for tests. Its names say 模拟; it must never be trusted elsewhere. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  AlgorithmIdentifier,
  Version,
} from '@peculiar/asn1-x509';
import { sm2 } from 'sm-crypto-v2';
import { derNull, ecdsaRawToDer, expectTlv, oid, readAll, readTlv, sequence, tlv } from '#sealing/der.ts';
import { sm2Digest } from '#sealing/sm2.ts';

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export interface Authority extends KeyPair {
  name: Name;
  certificateDer: Uint8Array;
}

export interface Validities {
  /** ISO UTC. */
  notBefore: string;
  notAfter: string;
}

export interface SubjectNames {
  companyName: string;
  creditCode?: string;
  commonName?: string;
}

export function generateKeys(kind: 'rsa' | 'ec' | 'sm2'): KeyPair {
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: kind === 'sm2' ? 'SM2' : 'P-256' });
}

/** A root; with `issuer`, an authority below it. */
export function createAuthority(
  commonName: string,
  {
    serialNumber,
    keys = generateKeys('rsa'),
    issuer,
    ...validity
  }: Validities & { serialNumber: Uint8Array; keys?: KeyPair; issuer?: Authority },
): Authority {
  const name = toName([
    ['2.5.4.6', 'CN'],
    ['2.5.4.10', commonName],
    ['2.5.4.3', commonName],
  ]);
  const certificateDer = buildCertificate({
    subject: name,
    issuer: issuer ?? { ...keys, name },
    subjectKey: keys.publicKey,
    serialNumber,
    validity,
    usage: KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
    isAuthority: true,
  });
  return { ...keys, name, certificateDer };
}

export interface CertificateOrder {
  subject: SubjectNames;
  publicKey: KeyObject;
  serialNumber: Uint8Array;
  validity: Validities;
  use?: 'sign' | 'encrypt';
}

/** A company's certificate, as authorities in the field write it: O and CN are the company, 2.5.4.97 its code. */
export function issueCredential(issuer: Authority, order: CertificateOrder): Uint8Array {
  const { companyName, creditCode, commonName } = order.subject;
  return buildCertificate({
    subject: toName([
      ['2.5.4.6', 'CN'],
      ['2.5.4.10', companyName],
      ['2.5.4.3', commonName ?? companyName],
      ...(creditCode ? [['2.5.4.5', creditCode] as const, ['2.5.4.97', creditCode] as const] : []),
    ]),
    issuer,
    subjectKey: order.publicKey,
    serialNumber: order.serialNumber,
    validity: order.validity,
    usage:
      order.use === 'encrypt'
        ? KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment
        : KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation,
    isAuthority: false,
  });
}

interface CertificateParts {
  subject: Name;
  issuer: KeyPair & { name: Name };
  subjectKey: KeyObject;
  serialNumber: Uint8Array;
  validity: Validities;
  usage: number;
  isAuthority: boolean;
}

function buildCertificate(parts: CertificateParts): Uint8Array {
  const { issuer, subjectKey, usage, isAuthority, validity } = parts;
  const algorithm = signatureAlgorithms[kindOf(issuer.publicKey)];
  const extension = (extnID: string, critical: boolean, value: unknown): Extension =>
    new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: toBuffer(Uint8Array.of(0x01, ...parts.serialNumber)), // leading 1: positive and never empty
    signature: AsnConvert.parse(algorithm, AlgorithmIdentifier),
    issuer: issuer.name,
    validity: new Validity({
      notBefore: new Date(validity.notBefore),
      notAfter: new Date(validity.notAfter),
    }),
    subject: parts.subject,
    subjectPublicKeyInfo: AsnConvert.parse(publicKeyDer(subjectKey), SubjectPublicKeyInfo),
    extensions: new Extensions([
      extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: isAuthority })),
      extension(id_ce_keyUsage, true, new KeyUsage(usage)),
      extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(subjectKey))),
      extension(
        id_ce_authorityKeyIdentifier,
        false,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(issuer.publicKey)) }),
      ),
    ]),
  });
  const tbs = new Uint8Array(AsnConvert.serialize(body));
  const signature = signAs(issuer, tbs);
  return sequence(tbs, algorithm, tlv(0x03, Uint8Array.of(0), signature));
}

const signatureAlgorithms = {
  rsa: sequence(oid('1.2.840.113549.1.1.11'), derNull),
  ec: sequence(oid('1.2.840.10045.4.3.2')),
  sm2: sequence(oid('1.2.156.10197.1.501')),
};

function kindOf(publicKey: KeyObject): 'rsa' | 'ec' | 'sm2' {
  if (publicKey.asymmetricKeyType === 'rsa') return 'rsa';
  // 1.2.156.10197.1.301: Node calls its keys `ec` as well
  return Buffer.from(publicKeyDer(publicKey)).includes(Buffer.from(oid('1.2.156.10197.1.301')))
    ? 'sm2'
    : 'ec';
}

/** A signature in DER; SM2 with the identity that the field uses, which Node's own SM2 cannot. */
export function signAs({ privateKey, publicKey }: KeyPair, data: Uint8Array): Uint8Array {
  if (kindOf(publicKey) !== 'sm2') return sign('sha256', data, privateKey);
  const point = publicKeyDer(publicKey).slice(-64);
  const sec1 = privateKey.export({ type: 'sec1', format: 'der' });
  const scalar = expectTlv(readAll(readTlv(sec1).value), 1, 0x04).value;
  const signature = sm2.doSignature(sm2Digest(point, data), Buffer.from(scalar).toString('hex'), {
    hash: false,
  });
  return ecdsaRawToDer(Buffer.from(signature, 'hex'));
}

function toName(parts: readonly (readonly [string, string])[]): Name {
  return new Name(
    parts.map(
      ([type, text]) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({
            type,
            value: new AttributeValue(type === '2.5.4.6' ? { printableString: text } : { utf8String: text }),
          }),
        ]),
    ),
  );
}

function publicKeyDer(key: KeyObject): Uint8Array {
  return key.export({ type: 'spki', format: 'der' });
}

function keyIdentifier(key: KeyObject): ArrayBuffer {
  return toBuffer(createHash('sha1').update(publicKeyDer(key)).digest());
}

function toBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

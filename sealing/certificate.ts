import { hash } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509';
import { expectTlv, readAll, readTlv } from './der.ts';
import { readDistinguishedName } from './names.ts';
import type { DistinguishedName } from './names.ts';

export type CertificateAlgorithm = 'RSA-SHA256' | 'ECDSA-SHA256' | 'SM2-SM3';

/** What this product needs to know about an X.509 certificate, in plain values. */
export interface CertificateInfo {
  /** Organisation (O), or the common name where there is none. */
  holderName: string;
  /** The natural person it was issued to, where the common name is a person's (法定代表人, 经办人). */
  personName?: string;
  /** Unified social credit code: 18 characters. */
  creditCode?: string;
  /** Upper-case hexadecimal, no leading zeros, as Node and OpenSSL print it. */
  serialNumber: string;
  issuerName: string;
  /** ISO UTC. */
  notBefore: string;
  notAfter: string;
  algorithm: CertificateAlgorithm;
  use: 'sign' | 'encrypt';
  isAuthority: boolean;
  maySignCertificates: boolean;
  maySignLists: boolean;
  /** Extended key usages as dotted identifiers; absent: any. */
  extendedUses?: { ids: string[]; critical: boolean };
  /** Where the authority says that its revocation list is. */
  listUrls: string[];
  /** Certificates of authorities allowed below this one. */
  pathLength?: number;
}

const organization = '2.5.4.10';
const commonName = '2.5.4.3';
const organizationIdentifier = '2.5.4.97';
const subjectSerialNumber = '2.5.4.5';
// 1.2.156.10197.1.301 (GM/T 0006), content octets
const sm2CurveHex = '2A811CCF5501822D';
const ecPublicKey = '1.2.840.10045.2.1';

/** Reads a DER certificate. Throws where the bytes are no certificate. */
export function describeCertificate(der: Uint8Array): CertificateInfo {
  const { tbsCertificate } = AsnConvert.parse(der, Certificate);
  const { validity, extensions, subjectPublicKeyInfo } = tbsCertificate;
  const raw = readRawNames(der);
  const subject = readDistinguishedName(raw.subject);
  const issuer = readDistinguishedName(raw.issuer);
  const find = (id: string): ArrayBuffer | undefined =>
    extensions?.find(({ extnID }) => extnID === id)?.extnValue.buffer;

  const usageBytes = find(id_ce_keyUsage);
  const usage = usageBytes ? AsnConvert.parse(usageBytes, KeyUsage).toNumber() : undefined;
  const has = (flag: number): boolean => usage === undefined || (usage & flag) !== 0;
  const constraintBytes = find(id_ce_basicConstraints);
  const constraints = constraintBytes ? AsnConvert.parse(constraintBytes, BasicConstraints) : undefined;
  const extendedBytes = find(id_ce_extKeyUsage);
  const listBytes = find(id_ce_cRLDistributionPoints);
  const creditCode = readCreditCode(subject);
  const personName = readPersonName(subject);

  return {
    holderName: readName(subject, organization) ?? readName(subject, commonName) ?? '',
    ...(personName === undefined ? {} : { personName }),
    ...(creditCode === undefined ? {} : { creditCode }),
    serialNumber: hex(new Uint8Array(tbsCertificate.serialNumber)),
    issuerName: readName(issuer, commonName) ?? readName(issuer, organization) ?? '',
    notBefore: validity.notBefore.getTime().toISOString(),
    notAfter: validity.notAfter.getTime().toISOString(),
    algorithm: readAlgorithm(subjectPublicKeyInfo.algorithm),
    use: has(KeyUsageFlags.digitalSignature) || has(KeyUsageFlags.nonRepudiation) ? 'sign' : 'encrypt',
    isAuthority: constraints?.cA === true,
    maySignCertificates: has(KeyUsageFlags.keyCertSign),
    maySignLists: has(KeyUsageFlags.cRLSign),
    ...(extendedBytes
      ? {
          extendedUses: {
            ids: Array.from(AsnConvert.parse(extendedBytes, ExtendedKeyUsage)),
            critical: extensions?.find(({ extnID }) => extnID === id_ce_extKeyUsage)?.critical === true,
          },
        }
      : {}),
    listUrls: listBytes ? readUrls(new Uint8Array(listBytes)) : [],
    ...(constraints?.pathLenConstraint === undefined ? {} : { pathLength: constraints.pathLenConstraint }),
  };
}

/** Every address (GeneralName [6]) inside DER, however deep; bounded. */
export function readUrls(der: Uint8Array, depth = 0): string[] {
  if (depth > 6) return [];
  return readAll(der).flatMap(({ tag, value }) => {
    if (tag === 0x86) return [Buffer.from(value).toString('latin1')];
    return (tag & 0x20) === 0 ? [] : readUrls(value, depth + 1);
  });
}

/** Stable name of a certificate: SHA-256 of its DER, lower-case hexadecimal. */
export function certificateFingerprint(der: Uint8Array): string {
  return hash('sha256', der);
}

/** The raw pieces that a signature refers to: issuer, serial number and subject as they stand in the certificate. */
export function readRawNames(der: Uint8Array): {
  issuer: Uint8Array;
  serial: Uint8Array;
  subject: Uint8Array;
} {
  const tbs = readAll(expectTlv(readAll(readTlv(der).value), 0, 0x30).value);
  const first = tbs[0]?.tag === 0xa0 ? 1 : 0;
  return {
    serial: expectTlv(tbs, first, 0x02).raw,
    issuer: expectTlv(tbs, first + 2, 0x30).raw,
    subject: expectTlv(tbs, first + 4, 0x30).raw,
  };
}

function readName(name: DistinguishedName, type: string): string | undefined {
  return readNames(name, type)[0];
}

/** Without what a screen does not show: a NUL at the end, spaces around. */
function readNames(name: DistinguishedName, type: string): string[] {
  return name
    .flat()
    .filter((attribute) => attribute.type === type)
    .map(({ text }) => (text ?? '').replace(/[\p{Cc}\p{Cf}]/gu, '').trim())
    .filter((text) => text !== '');
}

/** Two to four Han characters, or a name with middle dots; a company's name is longer or stands in O as well. */
function readPersonName(subject: DistinguishedName): string | undefined {
  const name = readName(subject, commonName);
  if (name === undefined || name === readName(subject, organization)) return undefined;
  return /^(?:\p{Script=Han}{2,4}|\p{Script=Han}+(?:·\p{Script=Han}+)+)$/u.test(name) ? name : undefined;
}

/**
 * GB 32100-2015; some authorities write it behind a scheme prefix such as `NTRCN-` (ETSI EN 319 412-1). A certificate that
 * names two different codes names none: nobody could say whose it is.
 */
function readCreditCode(subject: DistinguishedName): string | undefined {
  const codes = [organizationIdentifier, subjectSerialNumber].flatMap((type) =>
    readNames(subject, type).flatMap((text) => /(?:^|-)([0-9A-HJ-NPQRTUWXY]{18})$/.exec(text)?.[1] ?? []),
  );
  return new Set(codes).size === 1 ? codes[0] : undefined;
}

function readAlgorithm(key: { algorithm: string; parameters?: ArrayBuffer | null }): CertificateAlgorithm {
  if (key.algorithm !== ecPublicKey) return 'RSA-SHA256';
  const curve = key.parameters ? hex(new Uint8Array(key.parameters)) : '';
  return curve.endsWith(sm2CurveHex) ? 'SM2-SM3' : 'ECDSA-SHA256';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .toUpperCase()
    .replace(/^0+(?=.)/, '');
}

/** Certificate revocation lists (X.509 CRL, RFC 5280 §5), RSA, EC and SM2; DER or PEM. Complete lists only. */
import { describeCertificate, readRawNames, readUrls } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { equalBytes, expectTlv, oid, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';
import { isSameNameDer } from './names.ts';
import { isSignedStructure, readSignedBody } from './signed-der.ts';

export interface RevocationList {
  der: Uint8Array;
  /** The authority's name as it stands in the list, DER. */
  issuer: Uint8Array;
  /** ISO UTC. */
  thisUpdate: string;
  nextUpdate?: string;
  /** By serial number, upper-case hexadecimal without leading zeros: since when. */
  revoked: ReadonlyMap<string, string>;
  /** Where the list is only for certificates that name one of these addresses; empty: for all of the authority's. */
  scope: readonly string[];
}

/** Throws where the bytes are no list, or one of a kind that must not be read as a complete one. */
export function readRevocationList(bytes: Uint8Array): RevocationList {
  const der = fromPem(bytes);
  const fields = readSignedBody(der);
  const first = fields[0]?.tag === 0x02 ? 1 : 0;
  const nextAt = first + 3;
  const hasNext = isTime(fields[nextAt]);
  const entriesAt = nextAt + (hasNext ? 1 : 0);
  const entries = fields[entriesAt]?.tag === 0x30 ? readAll(fields[entriesAt].value) : [];
  const nextUpdate = hasNext ? readTime(fields[nextAt]) : undefined;
  return {
    der,
    issuer: expectTlv(fields, first + 1, 0x30).raw,
    thisUpdate: readTime(fields[first + 2]),
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    revoked: new Map(entries.flatMap(readEntry)),
    scope: readScope(fields.find(({ tag }) => tag === 0xa0)),
  };
}

/** Whether `authority` made the list and may make lists. Never throws. */
export function isListOf(list: RevocationList, authority: Uint8Array): boolean {
  try {
    const namedAt = readSignedBody(list.der)[0]?.tag === 0x02 ? 1 : 0;
    return (
      describeCertificate(authority).maySignLists &&
      isSameNameDer(list.issuer, readRawNames(authority).subject) &&
      isSignedStructure(list.der, authority, namedAt)
    );
  } catch {
    // what cannot be read was not signed by anybody
    return false;
  }
}

/** Whether the list speaks of this certificate, were it revoked. The caller has matched the authority. */
export function isInScope(list: RevocationList, { listUrls }: CertificateInfo): boolean {
  return list.scope.length === 0 || list.scope.some((url) => listUrls.includes(url));
}

const id = {
  issuingDistributionPoint: oid('2.5.29.28'),
  reason: oid('2.5.29.21'),
  invalidityDate: oid('2.5.29.24'),
};
const removeFromList = 8;

/** Nothing for an entry that takes a revocation back. */
function readEntry({ value }: Tlv): [string, string][] {
  const fields = readAll(value);
  const serial = Buffer.from(expectTlv(fields, 0, 0x02).value)
    .toString('hex')
    .toUpperCase()
    .replace(/^0+(?=.)/, '');
  let since = readTime(fields[1]);
  for (const extension of fields[2] ? readAll(fields[2].value) : []) {
    const { type, content, isCritical } = readExtension(extension);
    if (equalBytes(type, id.reason)) {
      if (readTlv(content).value[0] === removeFromList) return [];
    } else if (equalBytes(type, id.invalidityDate)) {
      const invalid = readTime(readTlv(content));
      if (invalid < since) since = invalid;
    } else if (isCritical) throw new Error('an entry with an unknown critical extension');
  }
  return [[serial, since]];
}

function readScope(extensions: Tlv | undefined): string[] {
  if (!extensions) return [];
  for (const extension of readAll(readTlv(extensions.value).value)) {
    const { type, content, isCritical } = readExtension(extension);
    if (equalBytes(type, id.issuingDistributionPoint)) {
      const fields = readAll(readTlv(content).value);
      // [3] some reasons only, [4] lists of other authorities, [5] attribute certificates: no complete list
      if (fields.some(({ tag }) => tag === 0x83 || tag === 0xa3 || tag === 0x84 || tag === 0x85))
        throw new Error('a partial or indirect list');
      const urls = readUrls(content);
      if (urls.length > 0) return urls;
    } else if (isCritical) throw new Error('a list with an unknown critical extension');
  }
  return [];
}

function readExtension({ value }: Tlv): { type: Uint8Array; content: Uint8Array; isCritical: boolean } {
  const fields = readAll(value);
  const isCritical = fields[1]?.tag === 0x01 && fields[1].value[0] !== 0;
  return {
    type: expectTlv(fields, 0, 0x06).raw,
    content: expectTlv(fields, fields.length - 1, 0x04).value,
    isCritical,
  };
}

function isTime(field: Tlv | undefined): field is Tlv {
  return field?.tag === 0x17 || field?.tag === 0x18;
}

/** UTCTime and GeneralizedTime in the only writing that RFC 5280 allows: to the second, Zulu. */
export function readTime(field: Tlv | undefined): string {
  if (!isTime(field)) throw new Error('a time expected');
  const text = Buffer.from(field.value).toString('latin1');
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\.\d{1,6})?Z$/.exec(text);
  const [, year = '', month, day, hour, minute, second, fraction = ''] = parts ?? [];
  if (!parts || year.length !== (field.tag === 0x17 ? 2 : 4)) throw new Error('a time in another writing');
  const century = year.length === 4 ? '' : Number(year) >= 50 ? '19' : '20';
  return new Date(
    `${century}${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`,
  ).toISOString();
}

function fromPem(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x30) return bytes;
  const body = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/.exec(
    Buffer.from(bytes).toString('latin1'),
  );
  if (!body?.[1]) throw new Error('no revocation list');
  return new Uint8Array(Buffer.from(body[1], 'base64'));
}

/** What the way from a signer to a trusted authority (chain.ts) asks of each certificate on it. */
import { judgeKey, judgeSignatureAlgorithm } from './algorithms.ts';
import type { AlgorithmFault } from './algorithms.ts';
import { describeCertificate, readRawNames } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { equalBytes, expectTlv, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';
import { readGeneralName, readNameConstraints } from './name-constraints.ts';
import type { GeneralName, NameConstraints } from './name-constraints.ts';
import { dotted, isSameName, readDistinguishedName } from './names.ts';
import type { DistinguishedName } from './names.ts';

export interface PathFacts {
  der: Uint8Array;
  info: CertificateInfo;
  /** Fault of the certificate's own key, and of the signature over it. */
  keyFault?: AlgorithmFault;
  signatureFault?: AlgorithmFault;
  subject: DistinguishedName;
  issuer: DistinguishedName;
  /** Subject and issuer are one name. */
  isSelfIssued: boolean;
  /** The key usage says that it signs certificates. */
  isNamedIssuer: boolean;
  /** An extension that must not be passed over and that nobody here understands. */
  hasUnknownExtension: boolean;
  nameConstraints?: NameConstraints;
  /** The subject and its alternative names, as name constraints look at them. */
  names: readonly GeneralName[];
}

const id = {
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  listPoints: '2.5.29.31',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
};
const emailAddress = '1.2.840.113549.1.9.1';

/** Critical ones that need no look here: certificate.ts reads them, or they change nothing where no policy is demanded. */
const passed = new Set([
  ...[id.keyUsage, id.basicConstraints, id.extendedKeyUsage, id.subjectAlternativeName, id.nameConstraints],
  ...[id.policies, id.policyMappings, id.inhibitAnyPolicy],
]);

interface Extension {
  type: string;
  isCritical: boolean;
  content: Uint8Array;
}

/** Throws where the bytes are no certificate in DER, or say one thing twice. */
export function readPathFacts(der: Uint8Array): PathFacts {
  const outer = expectTlv([readTlv(der)], 0, 0x30);
  const parts = readAll(outer.value);
  if (outer.raw.length !== der.length || parts.length !== 3) throw new Error('more than a certificate');
  const body = readAll(expectTlv(parts, 0, 0x30).value);
  const first = body[0]?.tag === 0xa0 ? 1 : 0;
  const algorithm = expectTlv(parts, 1, 0x30).raw;
  const extensions = readExtensions(body.find(({ tag }) => tag === 0xa3));
  const contentOf = (type: string): Uint8Array | undefined =>
    extensions.find((extension) => extension.type === type)?.content;
  const key = judgeKey(expectTlv(body, first + 5, 0x30));
  const signature = judgeSignatureAlgorithm(algorithm);
  const raw = readRawNames(der);
  const [subject, issuer] = [readDistinguishedName(raw.subject), readDistinguishedName(raw.issuer)];
  const constraints = contentOf(id.nameConstraints);
  if (!equalBytes(expectTlv(body, first + 1, 0x30).raw, algorithm)) throw new Error('two algorithms');
  return {
    der,
    info: describeCertificate(der),
    ...(typeof key === 'string' ? { keyFault: key } : {}),
    ...(typeof signature === 'string' ? { signatureFault: signature } : {}),
    subject,
    issuer,
    isSelfIssued: isSameName(subject, issuer),
    isNamedIssuer: signsCertificates(contentOf(id.keyUsage)),
    hasUnknownExtension: extensions.some((one) => one.isCritical && !isUnderstood(one)),
    ...(constraints ? { nameConstraints: readNameConstraints(constraints) } : {}),
    names: namesOf(raw.subject, contentOf(id.subjectAlternativeName)),
  };
}

function readExtensions(field: Tlv | undefined): Extension[] {
  if (!field) return [];
  const found = readAll(expectTlv([readTlv(field.value)], 0, 0x30).value).map(({ value }) => {
    const fields = readAll(value);
    return {
      type: dotted(expectTlv(fields, 0, 0x06).value),
      isCritical: fields.length === 3 && expectTlv(fields, 1, 0x01).value[0] !== 0,
      content: expectTlv(fields, fields.length - 1, 0x04).value,
    };
  });
  if (new Set(found.map(({ type }) => type)).size !== found.length) throw new Error('an extension twice');
  return found;
}

function isUnderstood({ type, content }: Extension): boolean {
  if (passed.has(type)) return true;
  if (type === id.listPoints) return isPlainListPoint(content);
  // [0]: every certificate must stand under a policy, and policies are not judged here
  if (type === id.policyConstraints) return !readAll(readTlv(content).value).some(({ tag }) => tag === 0x80);
  return false;
}

/** keyCertSign is bit 5 of a BIT STRING whose first octet counts the bits left over. */
function signsCertificates(usage: Uint8Array | undefined): boolean {
  return usage !== undefined && ((readTlv(usage).value[1] ?? 0) & 0x04) !== 0;
}

/** Lists for some reasons only, or made by another authority, are not read (revocation-list.ts). */
function isPlainListPoint(content: Uint8Array): boolean {
  return readAll(readTlv(content).value).every(({ value }) =>
    readAll(value).every(({ tag }) => tag === 0xa0),
  );
}

/** RFC 5280 §4.2.1.10: mail addresses in the subject are looked at where the alternative names give none. */
function namesOf(subject: Uint8Array, alternativeNames: Uint8Array | undefined): GeneralName[] {
  const name = readDistinguishedName(subject);
  const others = alternativeNames ? readAll(readTlv(alternativeNames).value).map(readGeneralName) : [];
  const mails = others.some(({ kind }) => kind === 1)
    ? []
    : name.flat().filter(({ type }) => type === emailAddress);
  return [
    ...(name.length > 0 ? [{ kind: 4, value: subject }] : []),
    ...mails.map(({ value }) => ({ kind: 1, value: value.value })),
    ...others,
  ];
}

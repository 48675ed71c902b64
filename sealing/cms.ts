/**
 * The CMS (RFC 5652) shape that this product writes and accepts, in two profiles that never mix (profiles.ts): PAdES B-B
 * (ETSI EN 319 142-1) with SHA-256, and the same in the identifiers of GM/T 0010 with SM3. Detached, one signer, signed
 * attributes contentType, messageDigest and signingCertificateV2, no signing time; the one unsigned part there may be is
 * a time stamp over the signature (B-T).
 *
 * Two forms, told apart by what is signed, so that nobody turns one into the other. Form 1 signs the signer's certificate
 * alone: authorities may stand beside it, each once, or be missing, and its ECDSA signatures may have either s. Form 2 (written today) also signs its algorithms (RFC 6211) and the
 * hash of every authority that travels along, in their order upwards, and wants the low s: nobody but the signer can write
 * it in a second way.
 */
import { createHash } from 'node:crypto';
import { describeCertificate, readRawNames } from './certificate.ts';
import type { CertificateAlgorithm } from './certificate.ts';
import {
  DerError,
  derNull,
  equalBytes,
  expectTlv,
  integer,
  octetString,
  oid,
  readAll,
  readTlv,
  sequence,
  setOf,
  tlv,
} from './der.ts';
import type { Tlv } from './der.ts';
import { isSameNameDer } from './names.ts';
import { profileOf, profiles } from './profiles.ts';
import type { ProfileName } from './profiles.ts';

const id = {
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingCertificateV2: oid('1.2.840.113549.1.9.16.2.47'),
  algorithmProtection: oid('1.2.840.113549.1.9.52'),
  timestampToken: oid('1.2.840.113549.1.9.16.2.14'),
};

// RFC 5754: SHA-256 without parameters; the signature algorithm names digest and key together
const profileShapes = {
  pades: {
    data: oid('1.2.840.113549.1.7.1'),
    signedData: oid('1.2.840.113549.1.7.2'),
    digest: sequence(oid('2.16.840.1.101.3.4.2.1')),
    // RFC 5035: SHA-256 is the default, and DER leaves a default out
    certificateDigest: new Uint8Array(),
  },
  gm: {
    data: oid('1.2.156.10197.6.1.4.2.1'),
    signedData: oid('1.2.156.10197.6.1.4.2.2'),
    digest: sequence(oid('1.2.156.10197.1.401')),
    certificateDigest: sequence(oid('1.2.156.10197.1.401')),
  },
} satisfies Record<ProfileName, unknown>;
const signatureIdentifiers = {
  'RSA-SHA256': sequence(oid('1.2.840.113549.1.1.11'), derNull),
  'ECDSA-SHA256': sequence(oid('1.2.840.10045.4.3.2')),
  'SM2-SM3': sequence(oid('1.2.156.10197.1.501')),
} satisfies Record<CertificateAlgorithm, unknown>;

export type CmsForm = 1 | 2;

/** What the signed attributes say. */
export interface SignedMeaning {
  form: CmsForm;
  /** Of the bytes signed, with the profile's digest. */
  digest: Uint8Array;
  signerCertificate: Uint8Array;
  /** Authorities that travel along: who issued the signer's certificate, who issued that one's, and so on. */
  others: readonly Uint8Array[];
}

/** DER of the SET that the key signs (and that stands in the CMS under the tag [0]). */
export function buildSignedAttributes({
  form,
  digest,
  signerCertificate,
  others,
}: SignedMeaning): Uint8Array {
  const { algorithm } = describeCertificate(signerCertificate);
  const profile = profileOf(algorithm);
  const shape = profileShapes[profile];
  const named = form === 1 ? [signerCertificate] : [signerCertificate, ...others];
  const essCertificateIds = named.map((certificate) => {
    const { issuer, serial } = readRawNames(certificate);
    return sequence(
      shape.certificateDigest,
      octetString(createHash(profiles[profile].digest).update(certificate).digest()),
      sequence(sequence(tlv(0xa4, issuer)), serial),
    );
  });
  // RFC 6211: the signature algorithm under [1], in place of its own tag
  const algorithms = sequence(shape.digest, tlv(0xa1, readTlv(signatureIdentifiers[algorithm]).value));
  return setOf([
    sequence(id.contentType, tlv(0x31, shape.data)),
    sequence(id.messageDigest, tlv(0x31, octetString(digest))),
    sequence(id.signingCertificateV2, tlv(0x31, sequence(sequence(...essCertificateIds)))),
    ...(form === 2 ? [sequence(id.algorithmProtection, tlv(0x31, algorithms))] : []),
  ]);
}

export interface CmsParts extends SignedMeaning {
  signature: Uint8Array;
  /** Token of a time authority over `signature` (timestamp.ts); DER. */
  timestamp?: Uint8Array;
}

/** The whole ContentInfo. One input gives exactly one output: the verifier builds it again and compares. */
export function buildCms(parts: CmsParts): Uint8Array {
  const { signerCertificate, others, signature, timestamp } = parts;
  const { algorithm } = describeCertificate(signerCertificate);
  const shape = profileShapes[profileOf(algorithm)];
  const { issuer, serial } = readRawNames(signerCertificate);
  const attributes = buildSignedAttributes(parts);
  const signerInfo = sequence(
    integer(Uint8Array.of(1)),
    sequence(issuer, serial),
    shape.digest,
    tlv(0xa0, readTlv(attributes).value),
    signatureIdentifiers[algorithm],
    octetString(signature),
    ...(timestamp ? [tlv(0xa1, sequence(id.timestampToken, tlv(0x31, timestamp)))] : []),
  );
  const signedData = sequence(
    integer(Uint8Array.of(1)),
    setOf([shape.digest]),
    sequence(shape.data),
    setOf([signerCertificate, ...others], 0xa0),
    setOf([signerInfo]),
  );
  return sequence(shape.signedData, tlv(0xa0, signedData));
}

export type CmsReading =
  | { ok: true; parts: CmsParts; signedAttributes: Uint8Array }
  | { ok: false; reason: 'malformed' | 'signers' | 'no-signer-certificate' | 'not-profile' };

/**
 * Reads a CMS of the shape above and refuses every other, down to the byte: digest, algorithms, identifiers and
 * order are built again from the meaning and compared with what stands there.
 */
export function readCms(cms: Uint8Array): CmsReading {
  try {
    const outer = readTlv(cms);
    if (outer.raw.length !== cms.length) return { ok: false, reason: 'malformed' };
    const contentInfo = readAll(outer.value);
    const signedData = readAll(readTlv(expectTlv(contentInfo, 1, 0xa0).value).value);
    const certificates = readAll(expectTlv(signedData, 3, 0xa0).value).map(({ raw }) => raw);
    const signerInfos = readAll(expectTlv(signedData, 4, 0x31).value);
    const [signerInfo] = signerInfos;
    if (signerInfos.length !== 1 || !signerInfo) return { ok: false, reason: 'signers' };

    const fields = readAll(signerInfo.value);
    const signerId = expectTlv(fields, 1, 0x30).value;
    const signerCertificate = certificates.find((der) => {
      const { issuer, serial } = readRawNames(der);
      return equalBytes(Buffer.concat([issuer, serial]), signerId);
    });
    if (!signerCertificate) return { ok: false, reason: 'no-signer-certificate' };

    const attributes = readAll(expectTlv(fields, 3, 0xa0).value);
    const parts: CmsParts = {
      form: findAttribute(attributes, id.algorithmProtection) ? 2 : 1,
      digest: readMessageDigest(attributes),
      signerCertificate,
      others: orderUpwards(
        signerCertificate,
        certificates.filter((der) => der !== signerCertificate),
      ),
      signature: expectTlv(fields, 5, 0x04).value,
      ...(fields.length > 6 ? { timestamp: readTimestamp(expectTlv(fields, 6, 0xa1).value) } : {}),
    };
    if (!hasEachOnce(parts) || !equalBytes(buildCms(parts), cms)) return { ok: false, reason: 'not-profile' };
    return { ok: true, parts, signedAttributes: buildSignedAttributes(parts) };
  } catch {
    // whatever cannot be read as DER or as a certificate is one and the same to the caller
    return { ok: false, reason: 'malformed' };
  }
}

/** The only attribute there may be; whatever else stands beside it shows when the CMS is built again. */
function readTimestamp(attributes: Uint8Array): Uint8Array {
  const [, values] = readAll(readTlv(attributes).value);
  if (!values) throw new DerError('no time stamp');
  return readTlv(values.value).raw;
}

/**
 * Certificates beside the signer's in the one order that form 2 signs: each followed by its issuer; those without a place
 * on that way come last. Which of them belong there is the chain's business (chain.ts).
 */
export function orderUpwards(signer: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array[] {
  const left = [...certificates].sort((one, other) => Buffer.compare(one, other));
  const ordered: Uint8Array[] = [];
  for (let current: Uint8Array | undefined = signer; current;) {
    const { issuer } = readRawNames(current);
    const next = left.findIndex((der) => isSameNameDer(readRawNames(der).subject, issuer));
    current = next < 0 ? undefined : left.splice(next, 1)[0];
    if (current) ordered.push(current);
  }
  return [...ordered, ...left];
}

/** No certificate twice. Which of them belong there form 2 has signed; form 1 did not say. */
function hasEachOnce({ signerCertificate, others }: CmsParts): boolean {
  const all = [signerCertificate, ...others].map((der) => Buffer.from(der).toString('latin1'));
  return new Set(all).size === all.length;
}

function findAttribute(attributes: readonly Tlv[], type: Uint8Array): Tlv | undefined {
  for (const attribute of attributes) {
    const [named, values] = readAll(attribute.value);
    if (named && values && equalBytes(named.raw, type)) return readTlv(values.value);
  }
  return undefined;
}

function readMessageDigest(attributes: readonly Tlv[]): Uint8Array {
  const found = findAttribute(attributes, id.messageDigest);
  if (!found) throw new DerError('no message digest');
  return found.value;
}

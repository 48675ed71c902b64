/**
 * The token of a time authority. It is another maker's CMS and cannot be built again from nothing; all that is not signed in
 * it is (versions, algorithms, order, no unsigned attribute), and the rest is covered by the authority's signature, so no
 * byte of it can change.
 */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { readRawNames } from './certificate.ts';
import {
  derNull,
  equalBytes,
  expectTlv,
  integer,
  octetString,
  oid,
  readAll,
  readTlv,
  sequence,
  tlv,
} from './der.ts';
import type { Tlv } from './der.ts';
import { readTime } from './revocation-list.ts';
import { normaliseSignature } from './signature.ts';

const id = {
  signedData: oid('1.2.840.113549.1.7.2'),
  tstInfo: oid('1.2.840.113549.1.9.16.1.4'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingCertificate: oid('1.2.840.113549.1.9.16.2.12'),
  signingCertificateV2: oid('1.2.840.113549.1.9.16.2.47'),
  rsa: oid('1.2.840.113549.1.1.1'),
};

const hashes = [
  {
    name: 'sha256',
    oid: oid('2.16.840.1.101.3.4.2.1'),
    rsa: oid('1.2.840.113549.1.1.11'),
    ec: oid('1.2.840.10045.4.3.2'),
  },
  {
    name: 'sha384',
    oid: oid('2.16.840.1.101.3.4.2.2'),
    rsa: oid('1.2.840.113549.1.1.12'),
    ec: oid('1.2.840.10045.4.3.3'),
  },
  {
    name: 'sha512',
    oid: oid('2.16.840.1.101.3.4.2.3'),
    rsa: oid('1.2.840.113549.1.1.13'),
    ec: oid('1.2.840.10045.4.3.4'),
  },
] as const;

/** SHA-256 as an AlgorithmIdentifier. */
export const sha256Identifier = sequence(hashes[0].oid, derNull);

export interface TokenInfo {
  at: string;
  imprint: Uint8Array;
  imprintHash: string;
  serialNumber: string;
  nonce?: Uint8Array;
}

/** Throws for every writing but the one DER allows. */
export function readToken(token: Uint8Array): {
  info: TokenInfo;
  signer: Uint8Array;
  others: Uint8Array[];
  isSigned: boolean;
  /** The same token in its one writing. */
  normal: Uint8Array;
} {
  const outer = readTlv(token);
  const [contentType, wrapped] = readAll(outer.value);
  if (!contentType || !wrapped || !equalBytes(contentType.raw, id.signedData))
    throw new Error('no signed data');
  const fields = readAll(readTlv(wrapped.value).value);
  const content = readAll(expectTlv(fields, 2, 0x30).value);
  const tstInfo = expectTlv([readTlv(expectTlv(content, 1, 0xa0).value)], 0, 0x04).value;
  const certificates = readAll(expectTlv(fields, 3, 0xa0).value).map(({ raw }) => raw);
  const signerInfos = readAll(expectTlv(fields, 4, 0x31).value);
  const signerFields = readAll(expectTlv(signerInfos, 0, 0x30).value);
  const signerId = expectTlv(signerFields, 1, 0x30);
  const digestAlgorithm = expectTlv(signerFields, 2, 0x30);
  const attributes = expectTlv(signerFields, 3, 0xa0);
  const signatureAlgorithm = expectTlv(signerFields, 4, 0x30);
  const signature = expectTlv(signerFields, 5, 0x04).value;

  const hash = hashOf(digestAlgorithm);
  const signer = certificates.find((der) => {
    const { issuer, serial } = readRawNames(der);
    return equalBytes(Buffer.concat([issuer, serial]), signerId.value);
  });
  if (!signer) throw new Error('no certificate of the signer');
  // what is not signed is built again and compared
  const written: TokenParts = {
    digestSet: sameHashAs(hash, expectTlv(readAll(expectTlv(fields, 1, 0x31).value), 0, 0x30)),
    ...{ tstInfo, certificates, signerId: signerId.raw, digestAlgorithm: digestAlgorithm.raw },
    ...{ attributes: attributes.raw, signatureAlgorithm: signatureAlgorithm.raw, signature },
  };
  const rebuilt = buildToken(written);
  if (!equalBytes(rebuilt, token)) throw new Error('not the profile');

  const isSigned =
    hasRightAttributes(attributes, { hash: hash.name, tstInfo, signer }) &&
    isSignatureBy(signer, { attributes, hash, signatureAlgorithm, signature });
  const others = certificates.filter((der) => der !== signer);
  return {
    info: readInfo(tstInfo),
    signer,
    others,
    isSigned,
    normal: buildToken(normalParts(written, signer)),
  };
}

/**
 * The one writing of a token: what its authority did not sign (order and number of certificates, absent or NULL parameters,
 * which of two equal signatures) is chosen here, so that nobody can choose it later. A token that cannot be read stays.
 */
export function normaliseToken(token: Uint8Array): Uint8Array {
  try {
    return readToken(token).normal;
  } catch {
    // the verifier says what is wrong with it
    return token;
  }
}

interface TokenParts {
  digestSet: Uint8Array;
  tstInfo: Uint8Array;
  certificates: readonly Uint8Array[];
  signerId: Uint8Array;
  digestAlgorithm: Uint8Array;
  attributes: Uint8Array;
  signatureAlgorithm: Uint8Array;
  signature: Uint8Array;
}

function buildToken(parts: TokenParts): Uint8Array {
  const signerInfo = sequence(
    integer(Uint8Array.of(1)),
    parts.signerId,
    parts.digestAlgorithm,
    parts.attributes,
    parts.signatureAlgorithm,
    octetString(parts.signature),
  );
  const signedData = sequence(
    integer(Uint8Array.of(3)),
    tlv(0x31, parts.digestSet),
    sequence(id.tstInfo, tlv(0xa0, octetString(parts.tstInfo))),
    tlv(0xa0, ...parts.certificates),
    tlv(0x31, signerInfo),
  );
  return sequence(id.signedData, tlv(0xa0, signedData));
}

function normalParts(parts: TokenParts, signer: Uint8Array): TokenParts {
  const hash = hashOf(readTlv(parts.digestAlgorithm));
  const digest = sequence(hash.oid, derNull);
  const isRsa = new X509Certificate(signer).publicKey.asymmetricKeyType === 'rsa';
  const distinct = new Map(parts.certificates.map((der) => [Buffer.from(der).toString('latin1'), der]));
  return {
    ...parts,
    digestSet: digest,
    digestAlgorithm: digest,
    certificates: [...distinct.values()].sort((one, other) => Buffer.compare(one, other)),
    signatureAlgorithm: isRsa ? sequence(hash.rsa, derNull) : sequence(hash.ec),
    signature: normaliseSignature(signer, parts.signature),
  };
}

type Hash = (typeof hashes)[number];

function hashOf(algorithm: Tlv): Hash {
  const found = hashes.find(
    (hash) =>
      equalBytes(algorithm.raw, sequence(hash.oid)) || equalBytes(algorithm.raw, sequence(hash.oid, derNull)),
  );
  if (!found) throw new Error('another digest');
  return found;
}

/** Its parameters may be absent in one place and NULL in the other (RFC 5754 allows both). */
function sameHashAs(hash: Hash, algorithm: Tlv): Uint8Array {
  if (hashOf(algorithm) !== hash) throw new Error('two digests');
  return algorithm.raw;
}

function hasRightAttributes(
  attributes: Tlv,
  { hash, tstInfo, signer }: { hash: string; tstInfo: Uint8Array; signer: Uint8Array },
): boolean {
  let named = false;
  let digested = false;
  let typed = false;
  for (const attribute of readAll(attributes.value)) {
    const [type, values] = readAll(attribute.value);
    if (!type || values?.tag !== 0x31) return false;
    const [value] = readAll(values.value);
    if (!value) return false;
    if (equalBytes(type.raw, id.contentType)) typed = equalBytes(value.raw, id.tstInfo);
    if (equalBytes(type.raw, id.messageDigest))
      digested = equalBytes(value.value, createHash(hash).update(tstInfo).digest());
    if (equalBytes(type.raw, id.signingCertificate) || equalBytes(type.raw, id.signingCertificateV2)) {
      const isSecond = equalBytes(type.raw, id.signingCertificateV2);
      const essId = readAll(
        readAll(readAll(value.value)[0]?.value ?? new Uint8Array())[0]?.value ?? new Uint8Array(),
      );
      const own = essId[0]?.tag === 0x30 ? hashOf(essId[0]).name : isSecond ? 'sha256' : 'sha1';
      const certificateHash = essId.find(({ tag }) => tag === 0x04);
      if (!certificateHash) return false;
      if (!equalBytes(certificateHash.value, createHash(own).update(signer).digest())) return false;
      named = true;
    }
  }
  return named && digested && typed;
}

function isSignatureBy(
  signer: Uint8Array,
  job: { attributes: Tlv; hash: Hash; signatureAlgorithm: Tlv; signature: Uint8Array },
): boolean {
  const { hash, signatureAlgorithm, signature } = job;
  const key = new X509Certificate(signer).publicKey;
  const allowed =
    key.asymmetricKeyType === 'rsa'
      ? [sequence(id.rsa, derNull), sequence(hash.rsa, derNull)]
      : [sequence(hash.ec)];
  if (!allowed.some((one) => equalBytes(one, signatureAlgorithm.raw))) return false;
  return verify(hash.name, tlv(0x31, job.attributes.value), key, signature);
}

function readInfo(tstInfo: Uint8Array): TokenInfo {
  const fields = readAll(readTlv(tstInfo).value);
  const [algorithm, digest] = readAll(expectTlv(fields, 2, 0x30).value);
  if (!algorithm || digest?.tag !== 0x04) throw new Error('no imprint');
  const nonce = fields.slice(5).find(({ tag }) => tag === 0x02)?.raw;
  return {
    imprintHash: hashOf(algorithm).name,
    imprint: digest.value,
    serialNumber: Buffer.from(expectTlv(fields, 3, 0x02).value)
      .toString('hex')
      .toUpperCase(),
    at: readTime(expectTlv(fields, 4, 0x18)),
    ...(nonce ? { nonce } : {}),
  };
}

/** Time stamps (RFC 3161) over a seal's signature: PAdES B-T. Asking for one, and judging it. */
import { createHash, randomBytes } from 'node:crypto';
import { describeCertificate } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { checkChain } from './chain.ts';
import type { TrustQuestion } from './chain.ts';
import { equalBytes, integer, octetString, readAll, readTlv, sequence } from './der.ts';
import { normaliseToken, readToken, sha256Identifier } from './timestamp-token.ts';

const timeStampingUse = '1.3.6.1.5.5.7.3.8';

export interface TimestampRequest {
  /** DER of TimeStampReq. */
  der: Uint8Array;
  nonce: Uint8Array;
  imprint: Uint8Array;
}

/** Asks for a stamp over a signature's value, with SHA-256, a nonce and the authority's certificate. */
export function buildTimestampRequest(
  signature: Uint8Array,
  nonce: Uint8Array = randomBytes(16),
): TimestampRequest {
  const imprint = createHash('sha256').update(signature).digest();
  const nonceDer = integer(nonce);
  const der = sequence(
    integer(Uint8Array.of(1)),
    sequence(sha256Identifier, octetString(imprint)),
    nonceDer,
    Uint8Array.of(0x01, 0x01, 0xff),
  );
  return { der, nonce: nonceDer, imprint };
}

/** The token out of a TimeStampResp. Throws where it was refused or answers another question. */
export function readTimestampResponse(response: Uint8Array, request: TimestampRequest): Uint8Array {
  const [status, token] = readAll(readTlv(response).value);
  const code = status && readAll(status.value)[0]?.value[0];
  // 0 granted, 1 granted with modifications
  if ((code !== 0 && code !== 1) || !token) throw new Error(`the time authority refused (status ${code})`);
  const info = readToken(token.raw).info;
  if (!equalBytes(info.imprint, request.imprint)) throw new Error('a time stamp for something else');
  if (!info.nonce || !equalBytes(info.nonce, request.nonce))
    throw new Error('a time stamp for another request');
  return token.raw;
}

export type TimestampProblem =
  | 'TIMESTAMP_MALFORMED'
  | 'TIMESTAMP_WRONG_IMPRINT'
  | 'TIMESTAMP_SIGNATURE_WRONG'
  | 'TIMESTAMP_UNTRUSTED'
  | 'TIMESTAMP_ORDER';

export interface TimestampReport {
  problems: TimestampProblem[];
  /** ISO UTC; absent when the token could not be read. */
  at?: string;
  authorityName?: string;
  serialNumber?: string;
  /** Signed by an authority that the caller trusts for time: the moment is proven. */
  isProven: boolean;
}

/** Judges the token over `signature`; `isOneForm`: written as `normaliseToken` writes it. Never throws. */
export function checkTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  trust: TrustQuestion & { isOneForm?: boolean },
): TimestampReport {
  let read: ReturnType<typeof readToken>;
  let certificate: CertificateInfo;
  try {
    read = readToken(token);
    certificate = describeCertificate(read.signer);
  } catch {
    return { problems: ['TIMESTAMP_MALFORMED'], isProven: false };
  }
  const { info, signer, others } = read;
  const problems = new Set<TimestampProblem>();
  if (trust.isOneForm && !equalBytes(normaliseToken(token), token)) problems.add('TIMESTAMP_MALFORMED');
  if (!equalBytes(createHash(info.imprintHash).update(signature).digest(), info.imprint))
    problems.add('TIMESTAMP_WRONG_IMPRINT');
  if (!read.isSigned) problems.add('TIMESTAMP_SIGNATURE_WRONG');
  const { extendedUses } = certificate;
  // RFC 3161 §2.3: exactly this use, marked critical
  const isForTime =
    extendedUses?.critical === true &&
    extendedUses.ids.length === 1 &&
    extendedUses.ids[0] === timeStampingUse;
  if (!isForTime) problems.add('TIMESTAMP_UNTRUSTED');
  const anchors = trust.timestampAnchors ?? [];
  if (anchors.length > 0) {
    const chain = checkChain(signer, others, {
      ...trust,
      ...{ trustAnchors: anchors, at: info.at, purpose: 'time' },
    });
    if (chain.problems.length > 0) problems.add('TIMESTAMP_UNTRUSTED');
  }
  return {
    problems: [...problems],
    at: info.at,
    authorityName: certificate.personName ?? certificate.holderName,
    serialNumber: info.serialNumber,
    isProven: anchors.length > 0 && problems.size === 0,
  };
}

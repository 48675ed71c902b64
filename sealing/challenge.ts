import { hash } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { certificateFingerprint, describeCertificate } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { checkChain } from './chain.ts';
import type { ChainProblem, TrustQuestion } from './chain.ts';
import { isSignatureOf } from './signature.ts';

/** What the holder of the key agrees to; each has a first line of its own, so that no answer serves for another. */
const firstLines = {
  login: 'ludeng-login-1',
  'subject-feed': 'ludeng-subject-feed-1',
  'browser-login': 'ludeng-browser-login-1',
} as const;

export interface LoginChallenge {
  /** `subject-feed`: the server may show this station the holder's records. `browser-login`: a browser is signed in at the server. Left out: a login. */
  agreesTo?: keyof typeof firstLines;
  nonce: string;
  /** Scheme, host and port of the page that asked; of the server where it asks itself. */
  origin: string;
  sessionId: string;
  /** ISO UTC, by the server's clock. */
  issuedAt: string;
}

/**
 * What the token signs at login. The first line names the purpose, so that a login can never be passed off as a
 * seal or the other way round (a seal's data starts with the DER tag of a SET); then one line a field, each with its
 * length in UTF-8 bytes, so that no two challenges share an encoding.
 */
export function challengeBytes({ agreesTo = 'login', ...challenge }: LoginChallenge): Uint8Array {
  const { nonce, origin, sessionId, issuedAt } = challenge;
  const lines = Object.entries({ nonce, origin, sessionId, issuedAt }).map(
    ([name, value]) => `${name} ${Buffer.byteLength(value)} ${value}\n`,
  );
  return Buffer.from(`${firstLines[agreesTo]}\n${lines.join('')}`, 'utf8');
}

export interface ChallengeAnswer extends TrustQuestion {
  challenge: LoginChallenge;
  signature: Uint8Array;
  certificate: Uint8Array;
  /** Certificates of authorities that came with the answer. */
  chain?: readonly Uint8Array[];
  /** How long a challenge may wait for its answer. */
  maxAgeMs: number;
}

export interface LoginIdentity extends CertificateInfo {
  fingerprint: string;
  challengeHash: string;
}

/**
 * Checks a login's answer. That the nonce is used once, that the session and origin are the caller's own and that the
 * certificate is bound to an account is the caller's part. Throws CHALLENGE_INVALID (too old, from the future, wrong
 * signature) and what `chainError` makes of the way to the authority.
 */
export function verifyChallenge(answer: ChallengeAnswer): LoginIdentity {
  const { challenge, certificate, signature, at, maxAgeMs } = answer;
  const ageMs = Date.parse(at) - Date.parse(challenge.issuedAt);
  if (!(ageMs >= 0 && ageMs <= maxAgeMs)) throw new AppError('CHALLENGE_INVALID', { reason: 'age' });
  const data = challengeBytes(challenge);
  const holder = describeOrRefuse(certificate);
  const question = { ...answer, purpose: 'login' as const };
  const [problem] = checkChain(certificate, answer.chain ?? [], question).problems;
  if (problem) throw chainError(problem);
  if (!isSignatureOf({ certificate, data, signature })) {
    throw new AppError('CHALLENGE_INVALID', { reason: 'signature' });
  }
  return {
    ...holder,
    fingerprint: certificateFingerprint(certificate),
    challengeHash: hash('sha256', data),
  };
}

/** What a person is told who holds such a certificate. */
export function chainError(problem: ChainProblem): AppError {
  const code = problem === 'CERTIFICATE_UNKNOWN_EXTRA' ? 'CERTIFICATE_UNTRUSTED' : problem;
  return new AppError(code, { reason: problem });
}

function describeOrRefuse(certificate: Uint8Array): CertificateInfo {
  try {
    return describeCertificate(certificate);
  } catch (error) {
    throw new AppError('CERTIFICATE_UNTRUSTED', { reason: 'unreadable' }, { cause: error });
  }
}

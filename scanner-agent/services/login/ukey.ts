/**
 * The UKey signs a challenge of this station, and its certificate says which company it is. It works with no line; the server
 * checks every seal again, so nothing rests on the station's word.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Proof } from '#domain/accounts/assurance.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import { checkChain } from '#sealing/chain.ts';
import type { Purpose } from '#sealing/chain.ts';
import { chainError, challengeBytes, verifyChallenge } from '#sealing/challenge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens, Token, TokenCertificate } from '../../ports/signing-token.ts';
import { trustQuestion } from '../sealing/apply-seal.ts';
import type { StationTrust } from '../sealing/apply-seal.ts';

export const tokenTimeoutMs = 20_000;

export interface UkeyLoginDeps {
  tokens: SigningTokens;
  trust: StationTrust;
  /** The page's own origin; it is part of what the token signs. */
  origin: string;
  clock: Clock;
}

export interface UkeyLogin {
  tokenId: string;
  certificateId: string;
  pin: string;
  sessionId: string;
  signal: AbortSignal;
}

/** Throws what `findSigningCertificate`, `SigningTokens.sign` and `verifyChallenge` throw. */
export async function logInByUkey(
  { tokens: signingTokens, trust, origin, clock }: UkeyLoginDeps,
  { tokenId, certificateId, pin, sessionId, signal }: UkeyLogin,
): Promise<
  Pick<Session, 'subject' | 'holderName'> & {
    proof: Proof;
    /** In whose name the key is, where it is a person's. */
    personName: string | undefined;
    certificateSha: string;
    serialNumber: string;
  }
> {
  const tokens = await signingTokens.list({ signal, timeoutMs: tokenTimeoutMs });
  const { certificate, personName } = findSigningCertificate(
    tokens,
    tokenId,
    certificateId,
    clock.now(),
    trust,
    'login',
  );
  refuseNobodysKey(certificate, personName);
  // Made here and answered within this call: a challenge can be used once, by nobody else.
  const challenge = {
    nonce: randomBytes(32).toString('base64url'),
    origin: origin,
    sessionId,
    issuedAt: clock.now(),
  };
  const [signature] = await signingTokens.sign({
    tokenId,
    certificateId,
    pin,
    data: [challengeBytes(challenge)],
    signal,
    timeoutMs: tokenTimeoutMs,
  });
  if (!signature) throw new AppError('DEVICE_FAULT');
  verifyChallenge({
    challenge,
    signature,
    certificate: certificate.der,
    ...trustQuestion(trust, clock.now()),
    maxAgeMs: tokenTimeoutMs * 2,
  });
  const subject = subjectOf(certificate);
  return {
    subject,
    holderName: certificate.holderName,
    personName,
    certificateSha: createHash('sha256').update(certificate.der).digest('hex'),
    serialNumber: certificate.serialNumber,
    // the company, and no person: whoever holds the key may be anybody
    proof: {
      ...{ way: 'ukey', level: 'signed', at: clock.now() },
      identity: {
        ...{ kind: 'organisation', scheme: 'credit-code' },
        ...{ value: subject.creditCode, name: certificate.holderName },
      },
    },
  };
}

/**
 * The certificate the person chose, refused before any PIN when it cannot serve. Throws TOKEN_MISSING,
 * TOKEN_HAS_NO_CERTIFICATE, CERTIFICATE_WRONG_USE, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, PIN_LOCKED, and what
 * `chainError` makes of the way to the authority.
 */
export function findSigningCertificate(
  tokens: Token[],
  tokenId: string,
  certificateId: string,
  now: string,
  trust: StationTrust,
  purpose: Purpose = 'seal',
): { token: Token; certificate: TokenCertificate; personName: string | undefined } {
  const token = tokens.find(({ id }) => id === tokenId);
  if (!token) throw new AppError('TOKEN_MISSING');
  const certificate = token.certificates.find(({ id }) => id === certificateId);
  if (!certificate) throw new AppError('TOKEN_HAS_NO_CERTIFICATE');
  if (certificate.use !== 'sign') throw new AppError('CERTIFICATE_WRONG_USE');
  if (certificate.notAfter <= now)
    throw new AppError('CERTIFICATE_EXPIRED', { notAfter: certificate.notAfter });
  if (certificate.notBefore > now)
    throw new AppError('CERTIFICATE_NOT_YET_VALID', { notBefore: certificate.notBefore });
  if (token.pin.locked) throw new AppError('PIN_LOCKED');
  const [problem] = checkChain(certificate.der, [], { ...trustQuestion(trust, now), purpose }).problems;
  if (problem) throw chainError(problem);
  return { token, certificate, personName: describeCertificate(certificate.der).personName };
}

/** Known before any PIN: a key that names no company, by code or by name, opens no company's records. */
function refuseNobodysKey(certificate: TokenCertificate, personName: string | undefined): void {
  subjectOf(certificate);
  if (certificate.holderName === '' || certificate.holderName === personName)
    throw new AppError('TOKEN_HAS_NO_CERTIFICATE', { missing: 'organisation' });
}

function subjectOf({ holderName, creditCode }: TokenCertificate): Session['subject'] {
  if (!creditCode) throw new AppError('TOKEN_HAS_NO_CERTIFICATE', { missing: 'creditCode' });
  return { name: holderName, creditCode };
}

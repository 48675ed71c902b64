/**
 * Login at the counter: the UKey signs a challenge of this station, and the certificate says who the subject is.
 * It works with no line; the server checks every seal again, so nothing rests on the station's word.
 */
import { dayMs } from '#domain/primitives.ts';
import { randomBytes } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import type { CertificateInfo } from '#sealing/certificate.ts';
import { checkChain } from '#sealing/chain.ts';
import type { Purpose, RevocationState } from '#sealing/chain.ts';
import { chainError, challengeBytes, verifyChallenge } from '#sealing/challenge.ts';
import type { Session, TokenView } from '#domain/contracts/kiosk/session.ts';
import type { Programme } from '#domain/catalogue/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens, Token, TokenCertificate } from '../../ports/signing-token.ts';
import { trustQuestion } from '../sealing/apply-seal.ts';
import type { StationTrust } from '../sealing/apply-seal.ts';

const tokenTimeoutMs = 20_000;

export interface Sessions {
  tokens(signal: AbortSignal): Promise<TokenView[]>;
  login(request: {
    tokenId: string;
    certificateId: string;
    pin: string;
    signal: AbortSignal;
  }): Promise<Session>;
  /** Gives a token another PIN. Throws what the token throws, and PIN_TOO_SIMPLE before it sees anything. */
  changePin(request: { tokenId: string; pin: string; newPin: string; signal: AbortSignal }): Promise<void>;
  chooseRole(role: string): Session;
  logout(reason: 'logout' | 'idle'): void;
  current(): Session | undefined;
  /** Throws UNAUTHENTICATED. Counts as a sign of life. */
  require(): Session;
}

export interface SessionDeps {
  tokens: SigningTokens;
  trust: StationTrust;
  /** The page's own origin; it is part of what the token signs. */
  origin: string;
  programme: Programme;
  clock: Clock;
  createId: () => string;
  idleEndMs: number;
  /** Somebody has logged in; whoever was before is not any more. */
  onStarted?: () => void;
  /** `session`: the one that has ended. */
  onEnded: (reason: 'logout' | 'idle', session: Session) => void;
}

export function createSessions(deps: SessionDeps): Sessions {
  let session: Session | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  function end(reason: 'logout' | 'idle'): void {
    clearTimeout(idleTimer);
    if (!session) return;
    const ended = session;
    session = undefined;
    deps.onEnded(reason, ended);
  }

  function keepAlive(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => end('idle'), deps.idleEndMs);
    idleTimer.unref();
  }

  return {
    async tokens(signal) {
      const tokens = await deps.tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      return tokens.map((token) => viewToken(token, deps.clock.now(), deps.trust));
    },
    async login({ tokenId, certificateId, pin, signal }) {
      const tokens = await deps.tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      const { certificate, personName } = findSigningCertificate(
        tokens,
        tokenId,
        certificateId,
        deps.clock.now(),
        deps.trust,
        'login',
      );
      refuseNobodysKey(certificate, personName);
      const id = deps.createId();
      // Made here and answered within this call: a challenge can be used once, by nobody else.
      const challenge = {
        nonce: randomBytes(32).toString('base64url'),
        origin: deps.origin,
        sessionId: id,
        issuedAt: deps.clock.now(),
      };
      const [signature] = await deps.tokens.sign({
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
        ...trustQuestion(deps.trust, deps.clock.now()),
        maxAgeMs: tokenTimeoutMs * 2,
      });
      session = {
        id,
        subject: subjectOf(certificate),
        tokenId,
        holderName: certificate.holderName,
        programme: deps.programme.id,
        startedAt: deps.clock.now(),
      };
      const onlyRole = deps.programme.subjectRoles.length === 1 ? deps.programme.subjectRoles[0] : undefined;
      if (onlyRole) session = { ...session, role: onlyRole.id };
      keepAlive();
      deps.onStarted?.();
      return session;
    },
    async changePin({ signal, ...request }) {
      if (isTooSimple(request.newPin, request.pin)) throw new AppError('PIN_TOO_SIMPLE');
      await deps.tokens.changePin({ ...request, signal, timeoutMs: tokenTimeoutMs });
    },
    chooseRole(role) {
      if (!session) throw new AppError('UNAUTHENTICATED');
      if (!deps.programme.subjectRoles.some(({ id }) => id === role))
        throw new AppError('BAD_REQUEST', { role });
      session = { ...session, role };
      return session;
    },
    logout: end,
    current: () => session,
    require() {
      if (!session) throw new AppError('UNAUTHENTICATED');
      keepAlive();
      return session;
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

/** What anybody would try first, and the old one again. */
function isTooSimple(newPin: string, oldPin: string): boolean {
  const codes = [...newPin].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const isRun = steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 1;
  return newPin === oldPin || (newPin.length > 0 && isRun);
}

function viewToken(token: Token, now: string, trust: StationTrust): TokenView {
  const { locked, lastTry, countLow, isDefault, remainingTries, maxTries } = token.pin;
  return {
    id: token.id,
    label: token.label,
    serialNumber: token.serialNumber,
    simulated: token.simulated,
    pin: { locked, lastTry, countLow, isDefault, remainingTries, maxTries },
    certificates: token.certificates.map((certificate) => ({
      id: certificate.id,
      use: certificate.use,
      serialNumber: certificate.serialNumber,
      holderName: certificate.holderName,
      creditCode: certificate.creditCode,
      issuerName: certificate.issuerName,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      daysLeft: Math.floor((Date.parse(certificate.notAfter) - Date.parse(now)) / dayMs),
      personName: describe(certificate.der)?.personName,
      revocation: viewRevocation(certificate.der, now, trust),
    })),
  };
}

function describe(der: Uint8Array): CertificateInfo | undefined {
  try {
    return describeCertificate(der);
  } catch {
    // shown as the token names it; findSigningCertificate refuses it
    return undefined;
  }
}

/** The gravest word on the way to the authority. */
function viewRevocation(
  der: Uint8Array,
  now: string,
  trust: StationTrust,
): TokenView['certificates'][number]['revocation'] {
  const order: RevocationState['kind'][] = ['revoked', 'stale', 'unknown', 'good'];
  const { revocation } = checkChain(der, [], trustQuestion(trust, now));
  const [worst] = [...revocation].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  if (!worst) return undefined;
  if (worst.kind === 'good' || worst.kind === 'stale') {
    const { kind, ...span } = worst;
    return { state: kind, ...span };
  }
  return { state: worst.kind };
}

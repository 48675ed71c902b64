/** Who is logged in at the counter, by a way that the programme offers (each way is a file beside this one), and until when. */
import type { Proof } from '#domain/accounts/assurance.ts';
import type { OfferedWay } from '#domain/accounts/login-ways.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { offeredBy } from '#domain/accounts/login-ways.ts';
import { rankOf } from '#domain/accounts/identity.ts';
import { dayMs } from '#domain/primitives.ts';
import { rolesAtCounter } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import type { CertificateInfo } from '#sealing/certificate.ts';
import { checkChain } from '#sealing/chain.ts';
import type { RevocationState } from '#sealing/chain.ts';
import type { Session, TokenView } from '#domain/contracts/kiosk/session.ts';
import type { KeyStanding } from '#domain/record/standing.ts';
import type { Programme } from '#domain/catalogue/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens, Token } from '../../ports/signing-token.ts';
import type { SealingKey } from '../sealing/key-hold.ts';
import { trustQuestion } from '../sealing/apply-seal.ts';
import type { StationTrust } from '../sealing/apply-seal.ts';
import { logInByUkey, tokenTimeoutMs } from './ukey.ts';

export interface Sessions {
  tokens(signal: AbortSignal): Promise<TokenView[]>;
  login(request: KeyLogin): Promise<Session>;
  /** Before a way is gone to its end. Throws BAD_REQUEST for a programme that is not offered, LOGIN_WAY_NOT_OFFERED. */
  offers(programme: string | undefined, way: LoginWayId): void;
  /** Whoever has gone another way to its end is signed in; whoever was before is not any more. Throws as `offers` does. */
  begin(login: NewSession): Session;
  /** Gives a token another PIN. Throws what the token throws, and PIN_TOO_SIMPLE before it sees anything. */
  changePin(request: { tokenId: string; pin: string; newPin: string; signal: AbortSignal }): Promise<void>;
  /** Gives the key that logged in once more to whoever waits for it. Throws UNAUTHENTICATED. */
  proveAgain(pin: string): void;
  chooseRole(role: string): Session;
  logout(reason: 'logout' | 'idle'): void;
  /** The server says that whoever is signed in may not be. */
  refuse(error: AppError): void;
  current(): Session | undefined;
  /** Throws UNAUTHENTICATED. Counts as a sign of life. */
  require(): Session;
  /** The station stops: nothing ends by the clock any more. */
  close(): void;
}

export interface KeyLogin {
  tokenId: string;
  certificateId: string;
  pin: string;
  /** One of those offered; the first if left out. Throws BAD_REQUEST for another. */
  programme?: string | undefined;
  signal: AbortSignal;
}

interface NewSession extends Pick<Session, 'subject' | 'holderName' | 'onBehalfOf' | 'tokenId' | 'key'> {
  id?: string;
  programme: string | undefined;
  way: LoginWayId;
  proofs: readonly Proof[];
}

export interface SessionEnd {
  reason: 'logout' | 'idle' | 'refused';
  /** Why, where it was refused. */
  error?: AppError;
}

export interface SessionDeps {
  tokens: SigningTokens;
  trust: StationTrust;
  /** The page's own origin; it is part of what the token signs. */
  origin: string;
  /** What the station offers, its own first. */
  programmes: readonly Programme[];
  clock: Clock;
  createId: () => string;
  idleEndMs: number;
  /** What the station knows of a key, by its certificate (`certificateSha`: SHA-256). Throws what the server said against it. */
  standingOf?: (key: { certificateSha: string; serialNumber: string }) => KeyStanding;
  /** Somebody has logged in; whoever was before is not any more. `key`: where it was by one. */
  onStarted?: (session: Session, key?: SealingKey & { certificateSha: string }) => void;
  /** The PIN was given again for the key that logged in. */
  onProved?: (key: SealingKey) => void;
  /** `session`: the one that has ended. */
  onEnded: (end: SessionEnd, session: Session) => void;
}

export function createSessions(deps: SessionDeps): Sessions {
  let session: Session | undefined;
  let certificateOfLogin: string | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  function end(how: SessionEnd): void {
    clearTimeout(idleTimer);
    if (!session) return;
    const ended = session;
    session = undefined;
    deps.onEnded(how, ended);
  }

  function keepAlive(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => end({ reason: 'idle' }), deps.idleEndMs);
    idleTimer.unref();
  }

  function offeredProgramme(id: string | undefined): Programme {
    const found = id === undefined ? deps.programmes[0] : deps.programmes.find((one) => one.id === id);
    if (!found) throw new AppError('BAD_REQUEST', { programme: id });
    return found;
  }

  function begin({ id, programme: asked, way, proofs, ...who }: NewSession): Session {
    const programme = offeredProgramme(asked);
    const offered = offeredOrRefuse(programme, way);
    session = {
      id: id ?? deps.createId(),
      ...who,
      programme: programme.id,
      startedAt: deps.clock.now(),
      assurance: proofs.map((proof) => (proof.way === way ? countedAs(offered, proof) : proof)),
    };
    const [onlyRole, ...otherRoles] = rolesAtCounter(programme);
    if (onlyRole && otherRoles.length === 0) session = { ...session, role: onlyRole.id };
    certificateOfLogin = undefined;
    keepAlive();
    return session;
  }

  return {
    async tokens(signal) {
      const tokens = await deps.tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      return tokens.map((token) => viewToken(token, deps.clock.now(), deps.trust));
    },
    async login({ tokenId, certificateId, pin, programme: asked, signal }) {
      const programme = offeredProgramme(asked);
      offeredOrRefuse(programme, 'ukey');
      const id = deps.createId();
      const { subject, holderName, proof, certificateSha, serialNumber } = await logInByUkey(deps, {
        ...{ tokenId, certificateId, pin, signal, sessionId: id },
      });
      const key = deps.standingOf?.({ certificateSha, serialNumber });
      const begun = begin({
        ...{ id, programme: programme.id, way: 'ukey', subject, holderName, tokenId, proofs: [proof] },
        ...(key ? { key } : {}),
      });
      certificateOfLogin = certificateId;
      deps.onStarted?.(begun, { tokenId, certificateId, pin, certificateSha });
      return begun;
    },
    offers: (programme, way) => void offeredOrRefuse(offeredProgramme(programme), way),
    begin(login) {
      const begun = begin(login);
      deps.onStarted?.(begun);
      return begun;
    },
    async changePin({ signal, ...request }) {
      if (isTooSimple(request.newPin, request.pin)) throw new AppError('PIN_TOO_SIMPLE');
      await deps.tokens.changePin({ ...request, signal, timeoutMs: tokenTimeoutMs });
    },
    proveAgain(pin) {
      if (!session?.tokenId || !certificateOfLogin) throw new AppError('UNAUTHENTICATED');
      keepAlive();
      deps.onProved?.({ tokenId: session.tokenId, certificateId: certificateOfLogin, pin });
    },
    chooseRole(role) {
      if (!session) throw new AppError('UNAUTHENTICATED');
      if (!rolesAtCounter(offeredProgramme(session.programme)).some(({ id }) => id === role))
        throw new AppError('BAD_REQUEST', { role });
      session = { ...session, role };
      return session;
    },
    logout: (reason) => end({ reason }),
    refuse: (error) => end({ reason: 'refused', error }),
    current: () => session,
    require() {
      if (!session) throw new AppError('UNAUTHENTICATED');
      keepAlive();
      return session;
    },
    close: () => clearTimeout(idleTimer),
  };
}

/** Known before any PIN. Throws LOGIN_WAY_NOT_OFFERED. */
function offeredOrRefuse({ loginWays }: Programme, way: LoginWayId): OfferedWay {
  const offered = offeredBy(loginWays).find((one) => one.way === way);
  if (!offered) throw new AppError('LOGIN_WAY_NOT_OFFERED', { way });
  return offered;
}

/** A programme may count a way for less than it proves. */
const countedAs = ({ assurance }: OfferedWay, proof: Proof): Proof =>
  rankOf(assurance) < rankOf(proof.level) ? { ...proof, level: assurance } : proof;

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

/**
 * Sessions of people: by their own card, or by the hand of the counter's staff (帮办代办). The staff shows a key of the own
 * name first, and nothing begins until whoever is acted for has consented by card; what was consented to ends with the session.
 */
import { randomBytes } from 'node:crypto';
import type { Proof } from '#domain/accounts/assurance.ts';
import type { Assistant, Session } from '#domain/contracts/kiosk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { logInByCard } from './id-card-chip.ts';
import type { CardLoginDeps } from './id-card-chip.ts';
import type { KeyLogin, Sessions } from './session.ts';
import { logInByUkey } from './ukey.ts';
import type { UkeyLoginDeps } from './ukey.ts';

export interface PeopleLogins {
  /** Throws LOGIN_WAY_NOT_OFFERED, CARD_EXPIRED and what the reader throws. */
  loginByCard(request: { programme?: string | undefined; signal: AbortSignal }): Promise<Session>;
  /** Throws ASSISTANT_UNKNOWN, LOGIN_WAY_NOT_OFFERED and what the key throws. Nobody is signed in by it. */
  presentAssistant(request: KeyLogin): Promise<Assistant>;
  /** Throws CONSENT_EXPIRED, and what `loginByCard` throws. The ticket is used up by a card, not by a failed reading. */
  loginAssisted(request: { ticket: string; signal: AbortSignal }): Promise<Session>;
}

export interface PeopleLoginDeps extends CardLoginDeps, Omit<UkeyLoginDeps, 'origin'> {
  sessions: Pick<Sessions, 'begin' | 'offers'>;
  origin: () => string;
  createId: () => string;
  /** Codes of the offices whose staff may act for people here. */
  offices: ReadonlySet<string>;
}

const ticketMs = 120_000;

export function createPeopleLogins(deps: PeopleLoginDeps): PeopleLogins {
  const { sessions, clock, createId } = deps;
  let presented:
    | { ticket: string; name: string; programme: string | undefined; proof: Proof; untilMs: number }
    | undefined;

  return {
    async loginByCard({ programme, signal }) {
      sessions.offers(programme, 'id-card-chip');
      const { proof, ...person } = await logInByCard(deps, { signal });
      return sessions.begin({ programme, way: 'id-card-chip', ...person, proofs: [proof] });
    },

    async presentAssistant({ programme, ...key }) {
      presented = undefined;
      sessions.offers(programme, 'id-card-chip');
      const login = { ...key, sessionId: createId() };
      const {
        subject,
        personName: name,
        proof,
      } = await logInByUkey({ ...deps, origin: deps.origin() }, login);
      if (name === undefined || !deps.offices.has(subject.creditCode))
        throw new AppError('ASSISTANT_UNKNOWN');
      const ticket = randomBytes(32).toString('base64url');
      presented = { ticket, name, programme, proof, untilMs: Date.parse(clock.now()) + ticketMs };
      return { ticket, name, office: subject.name };
    },

    async loginAssisted({ ticket, signal }) {
      const asked = presented;
      if (asked?.ticket !== ticket || Date.parse(clock.now()) > asked.untilMs)
        throw new AppError('CONSENT_EXPIRED');
      const { proof, subject } = await logInByCard(deps, { signal });
      // another assistant may have come meanwhile
      if (presented !== asked) throw new AppError('CONSENT_EXPIRED');
      presented = undefined;
      return sessions.begin({
        ...{ programme: asked.programme, way: 'id-card-chip' },
        ...{ subject, holderName: asked.name, onBehalfOf: proof.identity },
        proofs: [asked.proof, proof],
      });
    },
  };
}

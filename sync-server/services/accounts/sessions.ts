import { randomBytes, randomUUID } from 'node:crypto';
import { standingProofs, withProof } from '#domain/accounts/assurance.ts';
import type { Assurance, Proof } from '#domain/accounts/assurance.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { demand } from '#domain/accounts/permissions.ts';
import type { ActingAs, Actor, SessionView } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { FoundSession, SessionRows } from '../../ports/session-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';

export const sessionMs = 8 * 60 * 60_000;
/** A token that was replaced is good for so long, for requests that were on their way. */
const overlapMs = 30_000;
/** "Last seen" is written no more often than this. */
const seenEveryMs = 60_000;

/** Where a session is: what its owner is shown, to know it from the others. */
export interface SessionPlace {
  address: string;
  /** What the browser calls itself. */
  device: string;
}

export interface OpeningSession {
  account: string;
  way: LoginWayId;
  assurance: Assurance;
  onBehalfOf?: Identity | undefined;
  actingAs?: ActingAs | undefined;
  place: SessionPlace;
  /** Of the session that the same browser had: it ends, so that nobody signs in into a session that another began. */
  earlierToken?: string | undefined;
}

/** Who is signed in, by whatever way. The token is 256 bits of chance; only its SHA-256 is kept. */
export function createSessions({
  rows,
  clock,
  log,
  rolesOf,
  onOpened,
}: {
  rows: SessionRows;
  /** For pages that show who is signed in. */
  onOpened?: (account: string) => void;
  /** Of an account of that type. */
  rolesOf: (accountType: string) => readonly string[];
  clock: Pick<Clock, 'now' | 'nowMs'>;
  log: Pick<Log, 'info'>;
}) {
  const makeToken = (): string => randomBytes(32).toString('base64url');
  const later = (ms: number): string => new Date(clock.nowMs() + ms).toISOString();

  async function rotate(id: string, onlyIfDue: boolean): Promise<string | undefined> {
    const token = makeToken();
    const change = { id, to: sha256(token), earlierUntil: later(overlapMs), onlyIfDue };
    return (await rows.rotate(change)) ? token : undefined;
  }

  return {
    /** The token, for a cookie. */
    async open({ earlierToken, place, ...session }: OpeningSession): Promise<string> {
      const token = makeToken();
      await rows.open(
        {
          ...session,
          tokenSha: sha256(token),
          id: randomUUID(),
          place: place.address.slice(0, 100),
          device: place.device.slice(0, 200),
          at: clock.now(),
          expiresAt: later(sessionMs),
        },
        earlierToken === undefined ? undefined : sha256(earlierToken),
      );
      onOpened?.(session.account);
      return token;
    },

    /** Also of somebody who must choose a password first. Throws UNAUTHENTICATED. */
    async find(token: string | undefined): Promise<FoundSession> {
      const found = token === undefined ? undefined : await rows.find(sha256(token), clock.now());
      if (!found) throw new AppError('UNAUTHENTICATED');
      if (Date.parse(found.lastSeenAt) + seenEveryMs <= clock.nowMs()) await rows.seen(found.id, clock.now());
      const assurance = standingProofs(found.actor.assurance, clock.nowMs());
      return { ...found, actor: { ...found.actor, assurance, roles: [...rolesOf(found.type)] } };
    },

    /** Another token where the rights have changed and nobody was first; undefined: the present one stays. */
    renewIfDue: (found: Pick<FoundSession, 'id' | 'isRotationDue'>): Promise<string | undefined> =>
      found.isRotationDue ? rotate(found.id, true) : Promise.resolve(undefined),
    /** Another token at once, after what the actor did to the own rights. Undefined where the session is over. */
    renew: (id: string): Promise<string | undefined> => rotate(id, false),

    /** One proof more in the session, and another token for it. Undefined where the session is over. */
    async prove({ id, actor }: FoundSession, proof: Proof): Promise<string | undefined> {
      await rows.prove(id, withProof(actor.assurance, proof));
      return rotate(id, false);
    },

    /** As what the session acts at a portal. Whether it may, the portal has asked. Throws UNAUTHENTICATED. */
    async actAs(token: string | undefined, actingAs: ActingAs): Promise<void> {
      const found = token === undefined ? undefined : await rows.find(sha256(token), clock.now());
      if (!found) throw new AppError('UNAUTHENTICATED');
      await rows.actAs(found.id, actingAs);
    },

    async close(token: string | undefined): Promise<void> {
      if (token !== undefined) await rows.close(sha256(token), clock.now());
    },

    /** `scheme:value`; empty where the account is of none. */
    organisationOf: async (account: string): Promise<string> => (await rows.organisationOf(account)) ?? '',

    /** Of one's own account, or of one that the actor looks after. `own`: the session that asks. Throws NOT_FOUND. */
    async list(actor: Actor, { own, account }: { own: string; account: string }): Promise<SessionView[]> {
      const organisation = await rows.organisationOf(account);
      demand(actor, 'session.list', { account, organisation: organisation ?? '' }, { account });
      if (organisation === undefined) throw new AppError('NOT_FOUND', { account });
      const list = await rows.list(account, clock.now());
      return list.map((session) => ({ ...session, isOwn: session.id === own }));
    },

    /** Throws NOT_FOUND, also for one of somebody else. Answers whose it was. */
    async end(actor: Actor, id: string): Promise<string> {
      const owner = await rows.owner(id);
      if (!owner) throw new AppError('NOT_FOUND', { session: id });
      demand(actor, 'session.end', owner, { session: id });
      if (!(await rows.end(id, { actor: actor.account, at: clock.now() })))
        throw new AppError('NOT_FOUND', { session: id });
      log.info({ account: owner.account, by: actor.account }, 'session ended');
      return owner.account;
    },
  };
}
export type Sessions = ReturnType<typeof createSessions>;

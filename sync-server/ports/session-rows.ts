/** Port: who is signed in, by whatever way. The token itself is nowhere, only its SHA-256. */
import type { Assurance } from '#domain/accounts/assurance.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import type { ActingAs, Actor, Session } from '#domain/accounts/schema.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { IssuedNote } from './account-rows.ts';

export interface NewSession {
  tokenSha: string;
  id: string;
  account: string;
  way: LoginWayId;
  assurance: Assurance;
  onBehalfOf?: Identity | undefined;
  actingAs?: ActingAs | undefined;
  device: string;
  place: string;
  at: string;
  expiresAt: string;
}

/** A session with whom it is of. */
export interface FoundSession {
  id: string;
  account: AccountView;
  /** Without roles: those come from what the configuration says of `type`. */
  actor: Actor;
  /** Of the account: one of a programme's account types, or empty. */
  type: string;
  lastSeenAt: string;
  /** The rights have changed: the next answer gives another token. */
  isRotationDue: boolean;
  /** Stands where somebody else made the password. */
  issued?: IssuedNote | undefined;
}

export interface SessionRows {
  /** Notes when it was; what is over goes. Throws ACCOUNT_FROZEN, whatever way was gone. `endsSha`: of the session that this browser had before, which ends. */
  open(session: NewSession, endsSha?: string): Promise<void>;
  /** By the present token, or by the one before for a moment. Not of an account that is disabled or frozen. */
  find(tokenSha: string, at: string): Promise<FoundSession | undefined>;
  seen(id: string, at: string): Promise<void>;
  /**
   * Another token in place of the present one, which is good until `earlierUntil` for what is on its way. `onlyIfDue`: where
   * the rights have changed and nobody was first. False, and nothing is done, else.
   */
  rotate(change: { id: string; to: string; earlierUntil: string; onlyIfDue: boolean }): Promise<boolean>;
  /** What was proved in it by now. */
  prove(id: string, assurance: Assurance): Promise<void>;
  /** As what it acts from then on. */
  actAs(id: string, actingAs: ActingAs): Promise<void>;
  /** Signing out; noted where the session was there. */
  close(tokenSha: string, at: string): Promise<void>;
  /** Of one account, newest first. */
  list(account: string, at: string): Promise<Omit<Session, 'tokenSha' | 'assurance'>[]>;
  /** Of an account, empty where it has none; undefined where there is no such account. */
  organisationOf(account: string): Promise<string | undefined>;
  /** Whose it is, for asking who may end it. */
  owner(id: string): Promise<{ account: string; organisation: string } | undefined>;
  /** Notes who ended it. False where it is over already. */
  end(id: string, acting: { actor: string; at: string }): Promise<boolean>;
}

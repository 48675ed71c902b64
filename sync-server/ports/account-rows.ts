/** Port: who may use the desk. */
import type { Identity } from '#domain/accounts/identity.ts';
import type { AccountKind } from '#domain/accounts/schema.ts';
import type { AccountOperation, AccountRow, GuessingAlarm } from '#domain/contracts/desk/accounts.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';

/** A password that somebody else made for the person. */
export interface IssuedNote {
  at: string;
  by: string;
  /** Of the account that did it, where there is one. */
  byName?: string | undefined;
  /** Not the first password of the account. */
  isReset: boolean;
}

/** `holder`: whom a right password proves. `isDisabled`, `frozen`: whoever knows the password is told so, with the reason. */
export type FoundAccount = AccountView & {
  passwordHash: string;
  passwordUntil?: string;
  holder: Identity;
  kind: AccountKind;
  isDisabled: boolean;
  frozen?: { at: string; reason: string };
  mobile?: string;
};

/** No password opens an account that has this for its hash. */
export const noPassword = '!';

export interface AccountRows {
  /** An account that is there already stays as it is. */
  add(account: AccountView & { passwordHash: string }, at: string): Promise<void>;
  count(): Promise<number>;
  /** By its id, or an operator's mobile. Not one that was disabled, unless it is an operator's. */
  find(id: string): Promise<FoundAccount | undefined>;
  /**
   * One transaction, noted in the operation log: the password becomes the person's own, all other sessions end. False, and
   * nothing is done, where it is not `from` any more.
   */
  changeOwnPassword(change: {
    id: string;
    from: string;
    to: string;
    keptSession: string;
    at: string;
  }): Promise<boolean>;
  /** The same password by a hash of today; nothing where it is not `from` any more. */
  raiseHash(change: { id: string; from: string; to: string }): Promise<void>;
  /** Somebody tries passwords of this account: an alarm, one an hour at the most. */
  noteGuessing(id: string, at: string): Promise<void>;
}

/** What one act makes of an account. `set` names only what changes; `actions` are noted each in the operation log. */
export interface AccountAct {
  set: Partial<Pick<AccountView, 'name' | 'department' | 'permissions'>> & {
    /** Made for the person, who must choose another; good until then. */
    issuedPassword?: { hash: string; until: string };
    /** Nobody's secret: the demonstration's. */
    passwordHash?: string;
    /** Null: enabled again. */
    disabledAt?: string | null;
  };
  actions: readonly string[];
  endsSessions: boolean;
}

/** Who did something, and when: for the operation log. */
export interface Acting {
  actor: string;
  at: string;
}

export interface AccountAdministration {
  /** By id. */
  list(): Promise<AccountRow[]>;
  /** False where the id is taken. */
  add(
    account: AccountView & { passwordHash: string; passwordUntil?: string },
    acting: Acting,
  ): Promise<boolean>;
  /**
   * One transaction; meanwhile nobody else changes an account, so that `decide` sees all as they are. What it throws ends
   * the change; what it answers is done and noted. Undefined where there is no such account.
   */
  change(
    id: string,
    decide: (found: AccountRow, all: readonly AccountRow[]) => AccountAct,
    acting: Acting,
  ): Promise<AccountRow | undefined>;
  /** Not acknowledged yet, oldest first, at the most 100. */
  guessing(): Promise<GuessingAlarm[]>;
  /** False where there is no such alarm any more. */
  acknowledgeGuessing(alarmId: string, acting: Acting): Promise<boolean>;
  /** Newest first, at the most 50. */
  operations(id: string): Promise<AccountOperation[]>;
}

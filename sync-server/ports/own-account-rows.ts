/** Port: the accounts through which somebody who has proved who he is may act. */
import type { AccountKind } from '#domain/accounts/schema.ts';
import type { accountHindranceSchema } from '#domain/contracts/public/login-tickets.ts';
import type { z } from 'zod';

export interface OwnAccount {
  id: string;
  kind: AccountKind;
  /** Of the programme's account types. */
  type: string;
  /** Where it was registered; absent where an administrator opened it. */
  programme?: string;
  /** The unit for which it acts. */
  unit: { name: string; code: string };
  permissions: readonly string[];
  /** Why it cannot be used now. */
  hindrance?: z.infer<typeof accountHindranceSchema>;
  /** Of a frozen one, as its owner may know it. */
  reason?: string;
  frozenAt?: string;
}

/** Who has done real-name authentication. */
export interface RealPerson {
  name: string;
  idNumber: string;
}

export interface OwnAccountRows {
  /** Of a unit. */
  find(account: string): Promise<OwnAccount | undefined>;
  /** Whose the account is; undefined where that was never proved. */
  personOf(account: string): Promise<RealPerson | undefined>;
  /** Main and handler accounts of a person, by unit. */
  ofPerson(idNumber: string): Promise<OwnAccount[]>;
  /** The unit's accounts that one of its keys opens: those that are tied to that key, then its main account. */
  ofKey(key: { creditCode: string; serialNumber: string }): Promise<OwnAccount[]>;
  /** Whether it was frozen then, by the log of what was done to it: also one that has been thawed since. */
  wasFrozenAt(account: string, at: string): Promise<boolean>;
}

/** Port: whoever registered himself at a portal, by number alone or with the key that proves it. */
import type { BoundCertificate, KeyApplicationView } from '#domain/contracts/portal/own-account.ts';
import type { KeyCertificate } from './key-proof-verifier.ts';

export interface RegistrantNumber {
  programme: string;
  scheme: 'credit-code' | 'id-number';
  number: string;
}

export interface Registrant extends RegistrantNumber {
  account: string;
  /** Of the portal's account types. */
  type: string;
  name: string;
  loginName: string;
  registeredAt: string;
  /** Why it cannot be used now; `reason` as its owner may know it. */
  hindrance?: 'disabled' | 'frozen';
  reason?: string;
}

export interface NewRegistrantRow extends RegistrantNumber {
  account: string;
  type: string;
  name: string;
  /** In the order in which they are tried; the first that nobody has. */
  loginNames: readonly string[];
  /** Undefined: the key alone opens it. */
  passwordHash: string | undefined;
  at: string;
}

export type KeyApplicationRow = NonNullable<KeyApplicationView['last']>;

export interface RegistrantRows {
  byNumber(number: RegistrantNumber): Promise<Registrant | undefined>;
  /** `isFormer`: it was so called before, and nobody else is now. */
  byLoginName(
    programme: string,
    loginName: string,
  ): Promise<(Registrant & { isFormer: boolean }) | undefined>;
  find(account: string): Promise<Registrant | undefined>;
  /** A station has handed something in for it: somebody who holds its key. */
  isKnownAtCounter(number: RegistrantNumber): Promise<boolean>;
  /** One transaction, noted in the operation log. Of those who come at one moment with one number or name one does. */
  register(
    row: NewRegistrantRow,
  ): Promise<{ loginName: string } | { refused: 'number-registered' | 'login-name-taken' }>;
  /**
   * Seen at a sign-in: bound to the account from then on. The first one is the first proof of the number: the password that
   * whoever registered it chose, and every session, end with it, noted in the operation log.
   */
  bindCertificate(account: string, certificate: KeyCertificate, at: string): Promise<void>;
  /** Newest first. */
  certificates(account: string): Promise<Omit<BoundCertificate, 'state'>[]>;
  /** Noted in the operation log. */
  noteApplication(id: string, account: string, answer: KeyApplicationRow): Promise<void>;
  lastApplication(account: string): Promise<KeyApplicationRow | undefined>;
}

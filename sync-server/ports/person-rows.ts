/** Port: persons who come in by their mobile number, what they agreed to, the codes and faces by which they are known. */
import type { Assurance } from '#domain/accounts/assurance.ts';
import type { AgreementId } from '#domain/contracts/mobile/session.ts';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';

export interface PersonAccount {
  id: string;
  name: string;
  mobile: string;
  isDisabled: boolean;
  /** Why, where staff froze it. */
  frozenReason?: string;
  /** Stand once the real name was proved. */
  idNumber?: string;
  realNameAt?: string;
  createdAt: string;
}

export interface CheckedName {
  name: string;
  idNumber: string;
}

export interface PersonRows {
  byMobile(mobile: string): Promise<PersonAccount | undefined>;
  find(account: string): Promise<PersonAccount | undefined>;
  /** Of two at one moment the first; both are answered the same account. */
  add(person: { id: string; name: string; mobile: string; at: string }): Promise<PersonAccount>;
  /** Under which another account of the same person is in use. */
  mobileOf(idNumber: string, butAccount: string): Promise<string | undefined>;
  keepCheck(account: string, checked: CheckedName, untilMs: number): Promise<void>;
  checkOf(account: string, nowMs: number): Promise<CheckedName | undefined>;
  /**
   * One transaction: the account is this person's, with whatever stood under the number before. Another account of the same
   * person gives way and its sessions end, as do the others of this one; `session` goes on with what it has proved. Answers
   * the accounts that gave way.
   */
  proveName(
    proved: CheckedName & { account: string; session: { id: string; assurance: Assurance }; at: string },
  ): Promise<string[]>;
  /** Of the person, that may still be used: what the person is there, and for which unit. */
  heldFor(account: string): Promise<{ kind: 'main' | 'handler'; unit: string }[]>;
  /** One transaction: nobody is known by the account any more; what was decided stays. */
  erase(account: string, at: string): Promise<void>;
}

export interface StoredConsent {
  document: AgreementId;
  version: string;
  at: string;
  withdrawnAt?: string;
}

export interface ConsentRows {
  /** Newest first. */
  of(account: string, programme: string): Promise<StoredConsent[]>;
  /** Noted in the log. */
  give(account: string, programme: string, given: readonly (StoredConsent & { id: string })[]): Promise<void>;
  /** False where none stands. */
  withdraw(account: string, programme: string, document: AgreementId, at: string): Promise<boolean>;
}

export interface CodeRows {
  /** In place of the one before. */
  keep(code: { target: string; id: string; codeSha: string; expiresAtMs: number }): Promise<void>;
  find(target: string, nowMs: number): Promise<{ id: string; codeSha: string } | undefined>;
}

export interface StoredFace {
  id: string;
  account: string;
  checkId: string;
  idNumber: string;
  about: string;
  nonce: string;
  wanted: FaceWanted;
  expiresAtMs: number;
}

export interface FaceRows {
  /** Drops those that have run out. */
  add(face: StoredFace, nowMs: number): Promise<void>;
  find(id: string, account: string): Promise<StoredFace | undefined>;
}

export interface PersonNotice {
  id: string;
  text: string;
  at: string;
  isRead: boolean;
  kindTitle: string;
  subjectName: string;
  caseId: string;
}

export interface PersonNoticeRows {
  /** Newest first. */
  list(audiences: readonly string[], limit: number): Promise<PersonNotice[]>;
  unread(audiences: readonly string[]): Promise<number>;
  /** False where it is for none of these. */
  read(id: string, audiences: readonly string[], at: string): Promise<boolean>;
}

/** Where a record was handed in. */
export interface RecordOrigins {
  of(recordId: string): Promise<{ place: string; device: string; isStation: boolean } | undefined>;
}

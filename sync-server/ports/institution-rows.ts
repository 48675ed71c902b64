/** Port: keys that were shown at a platform's door, and as what their units are known there. */
import type { InstitutionIdentity, InstitutionOrigin } from '#domain/accounts/institutions.ts';

/** Of a unit's key, as it was proved. */
export interface KeyEntry {
  programme: string;
  holderName: string;
  creditCode: string;
  serial: string;
  issuer: string;
  validFrom: string;
  validUntil: string;
  provedAt: string;
}

export interface OwnInstitution extends InstitutionIdentity {
  account: string;
  /** The account may not be used any more. */
  isDisabled: boolean;
}

export interface NewInstitution {
  programme: string;
  role: string;
  unit: { name: string; creditCode: string };
  businessAccount: string;
  origin: InstitutionOrigin;
  information: Readonly<Record<string, string>>;
}

export interface InstitutionRows {
  /** `tokenSha`: of the browser that showed it. What has run out is dropped with it. */
  keepEntry(tokenSha: string, entry: KeyEntry, times: { nowMs: number; expiresAtMs: number }): Promise<void>;
  findEntry(tokenSha: string, nowMs: number): Promise<KeyEntry | undefined>;
  dropEntry(tokenSha: string): Promise<void>;
  /** Of the unit with that code, in the order in which they came. */
  ofUnit(programme: string, creditCode: string): Promise<OwnInstitution[]>;
  /** Whether a unit with that organisation code in its own is that kind of institution. */
  isTaken(programme: string, role: string, organisationCode: string): Promise<boolean>;
  /**
   * One transaction, noted in the operation log: the identity, and where it is the unit's first one its account. Of several that
   * add the same at one moment one does; the others, and whoever names an account that is bound, are answered false.
   */
  add(institution: NewInstitution, at: string): Promise<boolean>;
}

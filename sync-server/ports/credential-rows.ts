/** Port: credentials as they were issued, with what their state follows from. */
import type { CredentialFacts } from '#domain/credentials/status.ts';
import type { LudengRecord } from '#domain/record/schema.ts';

export interface IssuedCredential {
  /** Absent in those that were issued before there were any. */
  identifier?: string;
  uniqueCode: string;
  issuedAt: string;
  /** Canonical JSON: the text that is signed. */
  body: string;
  signature: string;
}

export interface StandingCredential extends IssuedCredential {
  recordId: string;
  facts: CredentialFacts;
}

export interface CredentialRows {
  /** Of several versions the last. */
  ofUniqueCode(uniqueCode: string): Promise<StandingCredential | undefined>;
  ofIdentifier(identifier: string): Promise<StandingCredential | undefined>;
}

/** Made in the transaction that keeps it; no I/O. Undefined where the record's programme issues none. */
export type IssueCredential = (given: {
  record: LudengRecord;
  /** As the server verified them; the signer's name as its authority wrote it. */
  materials: readonly { slot: string; pdfSha: string; report: { signerName: string } }[];
  uniqueCode: string;
  /** Of credentials under this unique code, from 1. */
  version: number;
  at: string;
}) => (IssuedCredential & { verificationCode: string }) | undefined;

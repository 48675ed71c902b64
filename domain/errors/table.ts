import { accountsErrors } from './codes/accounts.ts';
import { casesErrors } from './codes/cases.ts';
import { devicesErrors } from './codes/devices.ts';
import { documentsErrors } from './codes/documents.ts';
import { generalErrors } from './codes/general.ts';
import { personsErrors } from './codes/persons.ts';
import { recordsErrors } from './codes/records.ts';
import { registrationErrors } from './codes/registration.ts';
import { signingTokenErrors } from './codes/signing-token.ts';
import { syncErrors } from './codes/sync.ts';
import type { ErrorEntry } from './entry.ts';

/**
 * Every failure this product expects, once. `message` is what a person at the counter reads, `action` what they
 * (or the counter staff) do next; `retry` tells programs when the same request may be tried again.
 * A failure that is not listed here is a bug: it is logged whole and shown as INTERNAL.
 */
export const errorTable = {
  ...generalErrors,
  ...documentsErrors,
  ...devicesErrors,
  ...signingTokenErrors,
  ...recordsErrors,
  ...casesErrors,
  ...registrationErrors,
  ...accountsErrors,
  ...personsErrors,
  ...syncErrors,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

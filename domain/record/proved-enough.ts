/** Whether whoever hands a record in has proved enough for its kind: asked at the station, and again by the server. */
import { isAssured } from '../accounts/assurance.ts';
import type { Assurance } from '../accounts/assurance.ts';
import type { Identity } from '../accounts/identity.ts';
import type { Needs } from '../catalogue/record-kind.ts';
import type { Subject } from '../primitives.ts';
import { identityOfSubject } from './subject-id.ts';

/** `subject`: whose key an organisation's proof must be of. */
export function isProvedEnough(
  { assurance: { level, kind } }: Pick<Needs, 'assurance'>,
  { assurance, subject }: { assurance: Assurance; subject: Subject },
): boolean {
  const own: Identity = identityOfSubject(subject);
  return isAssured(assurance, { level, kind, ...(own.kind === kind ? { of: own } : {}) });
}

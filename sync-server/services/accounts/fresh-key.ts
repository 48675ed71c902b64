import { isAssured } from '#domain/accounts/assurance.ts';
import type { Assurance } from '#domain/accounts/assurance.ts';
import type { Identity } from '#domain/accounts/identity.ts';

/** The key was in the computer so long ago at the most. */
const insertedMs = 10 * 60_000;

/** The unit's own key signed in this session, a moment ago. */
export function hasFreshKey(
  { assurance }: { assurance: Assurance },
  organisation: Identity | undefined,
  nowMs: number,
): boolean {
  const fresh = assurance.filter(({ way, at }) => way === 'ukey' && Date.parse(at) >= nowMs - insertedMs);
  return (
    organisation?.kind === 'organisation' &&
    isAssured(fresh, { level: 'signed', kind: 'organisation', of: organisation })
  );
}

import { loginWays } from '#domain/accounts/login-ways.ts';
import type { LoginWay } from '#domain/accounts/login-ways.ts';
import type { Needs } from '#domain/catalogue/record-kind.ts';
import { isProvedEnough } from '#domain/record/proved-enough.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Refusal } from './refusal.ts';

/**
 * Whether whoever handed the record in had proved what its kind needs. A company's seals prove the company, and are verified for
 * themselves; of everything else there is the station's word, good for the ways that can be gone there and for no other.
 */
export function checkAssurance(
  { subject, handedIn }: Pick<LudengRecord, 'subject' | 'handedIn'>,
  needs: Needs,
): Refusal | undefined {
  if (needs.seal !== 'none' && needs.assurance.kind === 'organisation') return undefined;
  const assurance = (handedIn?.assurance ?? []).filter(({ way }) => {
    const { at }: LoginWay = loginWays[way];
    return at.includes('station');
  });
  return isProvedEnough(needs, { assurance, subject }) ? undefined : { code: 'ASSURANCE_TOO_LOW' };
}

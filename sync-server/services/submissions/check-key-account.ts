import { tellFailure } from '#domain/errors/tell-failure.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { KeyAccess } from '../accounts/login/key-account.ts';
import type { Refusal } from './refusal.ts';

/**
 * A key that a station let in by itself may have been that of an account that was frozen here by then: what was handed in
 * with it from that moment on is not stored.
 */
export async function checkKeyAccount(
  { subject, handedIn, submittedAt }: Pick<LudengRecord, 'subject' | 'handedIn' | 'submittedAt'>,
  keyAccess: Pick<KeyAccess, 'hindranceOf'>,
): Promise<Refusal | undefined> {
  if (!handedIn?.key) return undefined;
  const { creditCode } = subject;
  const { serialNumber } = handedIn.key;
  const hindrance = await keyAccess.hindranceOf({ creditCode, serialNumber }, submittedAt);
  if (!hindrance) return undefined;
  const { message, action } = tellFailure(hindrance.code, hindrance.details);
  return { code: hindrance.code, words: `${message}。${action}` };
}

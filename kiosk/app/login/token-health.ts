/** What to say about a token before anyone types a PIN; pure. */
import { formatDay } from '#ui/format-instant.ts';
import { sealWords } from '../locales/seal-words.ts';
import { words } from '../locales/zh-CN.ts';
import type { TokenChoice } from './use-tokens.ts';

const warnBelowDays = 90;

export interface Health {
  readonly kind: 'good' | 'warn' | 'refused';
  readonly text?: string;
}

export function healthOf({ token, certificate }: TokenChoice, nowMs: number): Health {
  if (!certificate) return { kind: 'refused', text: words.login.noSign };
  if (certificate.daysLeft < 0) return { kind: 'refused', text: words.login.expired };
  if (certificate.revocation?.state === 'revoked')
    return { kind: 'refused', text: sealWords.revocation.revoked };
  if (Date.parse(certificate.notBefore) > nowMs) return { kind: 'refused', text: words.login.notYetValid };
  if (token.pin.locked) return { kind: 'refused', text: words.login.pinLocked };
  if (certificate.revocation?.state === 'stale') {
    return {
      kind: 'warn',
      text: sealWords.revocation.stale(formatDay(certificate.revocation.nextUpdate)),
    };
  }
  if (certificate.daysLeft < warnBelowDays) {
    return { kind: 'warn', text: words.login.daysLeft(certificate.daysLeft) };
  }
  return { kind: 'good' };
}

/** The warnings about the PIN, gravest first. */
export function pinWarnings({ pin }: TokenChoice['token']): readonly string[] {
  const warnings: string[] = [];
  if (pin.lastTry || pin.remainingTries === 1) warnings.push(words.pin.last);
  else if (pin.countLow) {
    warnings.push(pin.remainingTries === undefined ? words.pin.low : words.pin.left(pin.remainingTries));
  }
  if (pin.isDefault) warnings.push(words.pin.isDefault);
  return warnings;
}

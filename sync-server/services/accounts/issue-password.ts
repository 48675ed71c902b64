import { randomInt } from 'node:crypto';

/** A password that the server made is good for a first sign-in within so long. */
export const issuedPasswordDays = 7;

export const issuedUntil = (at: string): string =>
  new Date(Date.parse(at) + issuedPasswordDays * 86_400_000).toISOString();

/** 75 bits; without letters and digits that look alike. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 15 }, () => letters[randomInt(letters.length)]).join('');
}

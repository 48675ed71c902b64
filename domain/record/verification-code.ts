/**
 * 查验码: what somebody must know beside the unique code to look up a credential, since unique codes count up.
 * 80 bits in Crockford's Base32 (no I, L, O, U), shown in groups of four. The server derives it (sync-server/services).
 */
import { z } from 'zod';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const verificationCodeLength = 16;
export const verificationCodeBytes = 10;

export const serialPattern = '[0-9A-HJKMNP-TV-Z]{16}';
export const verificationCodeSchema = z.string().regex(new RegExp(`^${serialPattern}$`));

/** Of ten bytes of chance. */
export function makeVerificationCode(bytes: Uint8Array): string {
  if (bytes.length !== verificationCodeBytes) throw new RangeError('bytes: ten');
  let bits = bytes.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  let code = '';
  while (code.length < verificationCodeLength) {
    code = alphabet.charAt(Number(bits & 31n)) + code;
    bits >>= 5n;
  }
  return code;
}

/** As it is printed: `K7QF-3MWT-9XHR-20AB`. */
export const formatVerificationCode = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** What somebody typed from paper: spaces, hyphens, small and full-width letters, and O, I, L for the digits they resemble. */
export function normaliseVerificationCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}_.]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

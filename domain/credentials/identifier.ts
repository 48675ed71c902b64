/**
 * 电子证照标识 (GB/T 36904-2018): the root, the type of credential (credit code of the body that defined it and three
 * characters), the credit code of the issuer, a serial, the version, and a check character after ISO 7064 MOD 37,36 over all
 * parts behind the root. Our serials are 80 bits that nobody counts up.
 */
import { z } from 'zod';
import { checkCharacter } from '../record/unique-code.ts';
import { serialPattern } from '../record/verification-code.ts';

const root = '1.2.156.3005.2';
const shape = new RegExp(
  `^1\\.2\\.156\\.3005\\.2\\.[0-9A-Z]{21}\\.[0-9A-Z]{18}\\.${serialPattern}\\.[0-9]{3}\\.[0-9A-Z]$`,
);

/** Versions are three digits, by the standard. */
export const maxVersion = 999;

export interface IdentifierParts {
  type: string;
  issuer: string;
  serial: string;
  /** From 1. */
  version: number;
}

/** Throws RangeError where a part has another shape. */
export function makeIdentifier({ type, issuer, serial, version }: IdentifierParts): string {
  if (!Number.isInteger(version) || version < 1 || version > maxVersion)
    throw new RangeError(`version: 1 to ${maxVersion}`);
  const parts = [type, issuer, serial, String(version).padStart(3, '0')];
  const made = [root, ...parts, checkCharacter(parts.join(''))].join('.');
  if (!shape.test(made)) throw new RangeError(`no identifier of a credential: ${made}`);
  return made;
}

/** Whether the shape is right and the check character holds. */
export function isIdentifier(text: string): boolean {
  if (!shape.test(text)) return false;
  const parts = text.slice(root.length + 1).split('.');
  return parts.at(-1) === checkCharacter(parts.slice(0, -1).join(''));
}

export const identifierSchema = z
  .string()
  .max(100)
  .refine(isIdentifier, { error: 'no identifier of a credential' });

/** As somebody copied it: spaces, full-width and small letters. */
export const normaliseIdentifier = (typed: string): string =>
  typed.normalize('NFKC').replace(/\s/g, '').toUpperCase();

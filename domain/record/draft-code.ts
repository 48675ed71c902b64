/**
 * 办理码: brings a draft that was begun at a portal to a counter. Ten signs of thirty-two, none of which is taken for another:
 * 50 bits, once, for three days, and only the key of the draft's subject opens anything by it.
 */
import { z } from 'zod';

const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const length = 10;
export const draftCodeSchema = z.string().regex(new RegExp(`^[${signs}]{${String(length)}}$`, 'u'));
export const draftCodeHours = 72;

/** What stands before it in the picture: another code is told apart from a wrong one. */
const prefix = 'LUDENG-DRAFT:';
/** Without its dash, for dashes are passed over. */
const barePrefix = 'LUDENGDRAFT:';

/** `chance`: that many random bytes, of which each is one sign. */
export const draftCodeBytes = length;
export const makeDraftCode = (chance: Uint8Array): string =>
  [...chance.subarray(0, length)].map((byte) => signs[byte % signs.length]).join('');

/** As a picture says it. */
export const draftCodeText = (code: string): string => `${prefix}${code}`;
/** As a person reads it. */
export const showDraftCode = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`;

/** The code in what was typed, or in what a scanner typed, wide signs and small letters too; undefined where there is none. */
export function draftCodeIn(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s—–-]/gu, '');
  const code = plain.startsWith(barePrefix) ? plain.slice(barePrefix.length) : plain;
  return draftCodeSchema.safeParse(code).success ? code : undefined;
}

/** What a QR code or barcode says, for a person who has not checked anything yet: a company's code, an address, a text. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { creditCodeAlphabet, isCreditCode } from '../fields/check-digits.ts';
import { foldWidth } from '../text/normalise.ts';

/** A code on a page. An empty text: a code stands there, and it cannot be read. */
export const pageCodeSchema = z.object({
  format: z.string().max(maxLength.name),
  text: z.string().max(maxLength.text),
});
export type ReadCode = z.infer<typeof pageCodeSchema>;

export type CodeContent =
  | { kind: 'unreadable' }
  | { kind: 'credit-code'; code: string }
  | { kind: 'address'; host: string }
  | { kind: 'text'; text: string };

/** More says no more to a person at a glance. */
const longestText = 60;
const creditCodes = new RegExp(`[${creditCodeAlphabet}]{18}`, 'gu');

/** A credit code counts with its check digit only; an address may hold one (…?uniscid=91…). */
export function sayCode({ text }: ReadCode): CodeContent {
  const said = foldWidth(text).trim();
  if (said === '') return { kind: 'unreadable' };
  const code = said.toUpperCase().match(creditCodes)?.find(isCreditCode);
  if (code !== undefined) return { kind: 'credit-code', code };
  const host = hostOf(said);
  if (host !== undefined) return { kind: 'address', host };
  const chars = [...said.replace(/\s+/gu, ' ')];
  return {
    kind: 'text',
    text: chars.length > longestText ? `${chars.slice(0, longestText).join('')}…` : chars.join(''),
  };
}

function hostOf(text: string): string | undefined {
  const address = /https?:\/\/\S+/iu.exec(text)?.[0];
  return address === undefined ? undefined : (URL.parse(address)?.host ?? undefined);
}

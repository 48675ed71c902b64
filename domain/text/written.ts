/**
 * What a person writes into a request by hand or pastes from a word processor: soft hyphens, joiners and control characters are
 * seen by nobody, spaces that keep words together and line ends of its own by nobody as such. Every way in says by one of these
 * schemas what it wants, and is asked about length only once the text is clean.
 */
import { z } from 'zod';
import { unifyCharacters } from './compatible-characters.ts';
import { foldWidth } from './normalise.ts';

/** Line ends are `\n`, no space keeps words together, nothing invisible is left, and nothing blank stands at the ends. */
export const cleanProse = (raw: string): string =>
  unifyCharacters(raw)
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n')
    .replace(/[\u00a0\u2007\u202f]/gu, ' ')
    .trim();

/** The same in one line. */
export const cleanLine = (raw: string): string => cleanProse(raw).replace(/\s+/gu, ' ');

/** Of a number or a code: half-width, without spaces. */
export const cleanCode = (raw: string): string => foldWidth(unifyCharacters(raw)).replace(/\s+/gu, '');

/** A reason, an opinion, a note: of up to `max` UTF-16 code units, and it may be empty. */
export const proseSchema = (max: number) => z.string().overwrite(cleanProse).max(max);
/** The same where something must be said. */
export const saidSchema = (max: number) => z.string().overwrite(cleanProse).min(1).max(max);
/** A name in one line, of 1 to `max` code units. */
export const lineSchema = (max: number) => z.string().overwrite(cleanLine).min(1).max(max);
/** A number or a code, of 1 to `max` code units. */
export const typedCodeSchema = (max: number) => z.string().overwrite(cleanCode).min(1).max(max);

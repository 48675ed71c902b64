/**
 * How long a text, a list or a table in a message may be. Nobody means more, and what is longer is refused before anything is
 * made of it: many rules look at a text more than once.
 */
import { z } from 'zod';

export const maxLength = {
  /** Ids, names, titles, hashes, signatures. */
  name: 500,
  /** What a person or a reader writes. */
  text: 20_000,
  /** JSON of an item; a message of the line holds no more. */
  payload: 2_000_000,
} as const;

/**
 * UTF-8 bytes of an item's JSON as a station sends it. A message larger than the server's buffer ends the connection without a
 * word, again and again.
 */
export const maxPayloadBytes = 1_800_000;

export const maxCount = {
  /** Parts of one thing: pages, materials, marks, reasons. */
  parts: 1_000,
  /** Things that become more for years. */
  list: 10_000,
} as const;

/** Values by the id of a field and the like. */
export const tableOf = <T extends z.ZodType>(value: T) =>
  limited(z.record(z.string().max(maxLength.name), value));

/** By whatever the keys are. */
export const limited = <T extends z.ZodRecord>(table: T, maxEntries: number = maxCount.parts): T =>
  table
    .refine((entries) => Object.keys(entries).length <= maxEntries, {
      error: `no more than ${maxEntries} entries`,
    })
    .meta({ maxEntries });

/**
 * Rows of the national platform for whoever stands at a counter, asked by the server: a station asks nobody outside. What a person
 * removed from the list the server keeps, so that no counter brings it back by itself. Of version 4 of the protocol, on /ctl.
 *
 *   market-rows -> rows     all of the subject, or of one of its persons, with those that were removed
 *   remove-row -> {}        删除: twice is fine
 */
import { z } from 'zod';
import { marketCertificateSchema } from '../catalogue/synchronise.ts';
import { maxLength } from '../limits.ts';
import { audienceSchema } from './audience.ts';

/** From this version on the server asks the platform for a station. */
export const marketRowsSince = 4;

const wanted = z.string().min(1).max(maxLength.name);
const ofList = { audience: audienceSchema, programme: wanted, kind: wanted };

export const marketRowsSchema = z.object({
  ...ofList,
  idNumber: z
    .string()
    .regex(/^[0-9]{17}[0-9X]$/)
    .exactOptional(),
  /** Removed ones that a person asks for again. */
  restored: z.array(wanted).max(500),
});
export const marketRowsAnswerSchema = z.object({
  total: z.int().nonnegative(),
  rows: z.array(marketCertificateSchema).max(500),
  removed: z.array(z.string().max(maxLength.name)).max(500),
});
export type MarketRows = z.infer<typeof marketRowsAnswerSchema>;
export const removeRowSchema = z.object({ ...ofList, row: wanted });

export const marketEvents = { rows: 'market-rows', remove: 'remove-row' } as const;

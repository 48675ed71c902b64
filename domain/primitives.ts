/** What every room speaks of: ids, hashes, instants, values, subjects, and China's day. Pure. */
import { z } from 'zod';
import { maxLength, tableOf } from './limits.ts';

export const ulidSchema = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Of a station. Becomes part of folder names on the server. */
export const stationIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
export const instantSchema = z.iso.datetime().max(40);

/** Values by field id, as the person entered them (canonical form of the field kind where it parses). */
export const valuesSchema = tableOf(z.string().max(5000));
export type Values = z.infer<typeof valuesSchema>;

/** Absent: an organisation with a credit code. `unit`: one that has none yet, as before its registration. */
export const subjectKindSchema = z.enum(['organisation', 'person', 'unit']);

/** `creditCode`: what identifies it among those of its kind, an organisation by its credit code (subject-id.ts). */
export const subjectSchema = z.object({
  kind: subjectKindSchema.exactOptional(),
  name: z.string().max(maxLength.name),
  creditCode: z.string().max(maxLength.name),
});
export type Subject = z.infer<typeof subjectSchema>;

export const dayMs = 24 * 60 * 60_000;

/** China's time is UTC+8, and has had no summer time since 1991: plain arithmetic, the same in every browser and process. */
const chinaAheadMs = 8 * 60 * 60_000;

/** ISO 8601 or milliseconds since 1970. Throws RangeError where it is neither. */
type Moment = string | number;

const chinaText = (at: Moment): string =>
  new Date((typeof at === 'number' ? at : Date.parse(at)) + chinaAheadMs).toISOString();

/** `2026-03-04 13:05`. */
export const chinaTime = (at: Moment): string => chinaText(at).slice(0, 16).replace('T', ' ');

/** `2026-03-04 13:05:09`. */
export const chinaTimeWithSeconds = (at: Moment): string => chinaText(at).slice(0, 19).replace('T', ' ');

/** The day in China, YYYY-MM-DD: the `day` against which expiry is judged. */
export const chinaDay = (at: Moment): string => chinaText(at).slice(0, 10);

/** The instant at which a day in China, `2026-11-30`, begins. */
export const startOfChinaDay = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

/** The year in China: the first eight hours of January are still the old year in UTC. */
export const chinaYear = (at: Moment): number => Number(chinaText(at).slice(0, 4));

/** Minutes since midnight in China. */
export const minuteOfChinaDay = (atMs: number): number =>
  Math.floor(((atMs + chinaAheadMs) % dayMs) / 60_000);

/** Where a switch has a case for every value that the types allow. Throws TypeError for one that came in unchecked. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${String(value)}`);
}

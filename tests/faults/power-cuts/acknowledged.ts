/** What guest and host of the power cuts tell each other in the shared folder. */
import { z } from 'zod';

const acknowledgedSchema = z.object({
  recordId: z.string(),
  /** SHA-256 of each page. */
  pages: z.array(z.string()),
  /** Of the submission in the outbox; without it the record is a draft. */
  itemId: z.string().exactOptional(),
  seq: z.int().exactOptional(),
});
export type Acknowledged = z.infer<typeof acknowledgedSchema>;

export const checkSchema = z.object({
  /** How many promises the check looked for, and in how many intact pages they were found. */
  acknowledged: z.int(),
  pages: z.int(),
  /** Of the server: how many numbered changes the station had heard. */
  changes: z.int().exactOptional(),
  /** SQLite's answer to integrity_check. */
  integrity: z.string(),
  /** Everything promised that is not there or not as it was. */
  problems: z.array(z.string()),
});
export type Check = z.infer<typeof checkSchema>;

/** Changes as a station has them: number in the feed of this epoch, and their text. */
export const heardSchema = z.array(z.object({ epoch: z.string(), seq: z.int(), body: z.string() }));
export type Heard = z.infer<typeof heardSchema>;

/** A last line that the cut left unfinished was never said: the guest had not come back from saying it. */
export function parseAcknowledged(text: string): Acknowledged[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => acknowledgedSchema.parse(JSON.parse(line)));
}

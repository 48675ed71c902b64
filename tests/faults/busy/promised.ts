/** What a station that is killed again and again has promised, line by line. */
import { z } from 'zod';

const promisedSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued'), itemId: z.string(), pages: z.array(z.string()) }),
  z.object({ type: z.literal('received'), itemId: z.string(), signature: z.string() }),
]);
export type Promised = z.infer<typeof promisedSchema>;

/** A last line without its end was never said. */
export function parsePromised(text: string): Promised[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => promisedSchema.parse(JSON.parse(line)));
}

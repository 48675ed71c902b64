/** What the bench tells its stations' process, and hears of it; one line of JSON each. */
import { z } from 'zod';

export const fleetWorkSchema = z.object({
  folder: z.string(),
  /** One server's processes: station n goes to `urls[n % urls.length]`. */
  urls: z.array(z.string()).min(1),
  code: z.string(),
  first: z.int(),
  stations: z.int(),
  pages: z.int(),
  pageBytes: z.int(),
});
export type FleetWork = z.infer<typeof fleetWorkSchema>;

export const orderSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('connect') }),
  /** The first `active` stations submit, at moments of chance, each every `everyMs` on average; 0: the next after each receipt. */
  z.object({
    do: z.literal('submit'),
    turn: z.int(),
    active: z.int(),
    everyMs: z.number(),
    forMs: z.number(),
  }),
]);
export type Order = z.infer<typeof orderSchema>;

export const submittedSchema = z.object({
  /** From the return of 提交 at the counter's side to the stored receipt, milliseconds each. */
  receiptMs: z.array(z.number()),
  /** The span in which all of them came. */
  seconds: z.number(),
});
export type Submitted = z.infer<typeof submittedSchema>;

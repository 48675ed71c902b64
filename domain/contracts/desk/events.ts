import { z } from 'zod';
import { ulidSchema } from '../../primitives.ts';

/** Server-sent events to the desk: hints to look again, each to whoever may see what changed. */
export const consoleEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('case-opened'), caseId: ulidSchema }),
  z.object({ type: z.literal('case-changed'), caseId: ulidSchema }),
  /** Of whoever looks after accounts, all of them; of everybody else the own one. */
  z.object({ type: z.literal('accounts-changed') }),
  z.object({ type: z.literal('log-changed') }),
  z.object({ type: z.literal('stations-changed') }),
]);
export type ConsoleEvent = z.infer<typeof consoleEventSchema>;

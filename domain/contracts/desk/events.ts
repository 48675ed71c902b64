import { z } from 'zod';
import { ulidSchema } from '../../primitives.ts';

/** Server-sent events to the desk. */
export const consoleEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('case-opened'), caseId: ulidSchema }),
  z.object({ type: z.literal('case-changed'), caseId: ulidSchema }),
]);

import { z } from 'zod';
import { maxCount } from '../../limits.ts';
import { wireErrorSchema } from '../../errors/app-error.ts';
import { instantSchema, ulidSchema } from '../../primitives.ts';
import { recordSchema } from '../../record/schema.ts';
import { deviceSchema } from './devices.ts';
import { jobSchema } from './jobs.ts';
import { batchEventSchema } from './batches.ts';
import { connectionStateSchema, subjectRecordsStateSchema } from './station.ts';

/** Server-sent events: `event: <type>`, `data: <JSON>`. */
export const agentEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('record'), record: recordSchema }),
  z.object({ type: z.literal('line'), line: connectionStateSchema }),
  z.object({ type: z.literal('devices'), devices: z.array(deviceSchema).max(maxCount.parts) }),
  z.object({
    type: z.literal('upload'),
    recordId: ulidSchema,
    /** waiting: in the queue; sending: pages on their way; received: the server's receipt is stored. */
    state: z.enum(['waiting', 'sending', 'received', 'parked']),
    blobsDone: z.int(),
    blobsTotal: z.int(),
  }),
  batchEventSchema,
  z.object({ type: z.literal('subject-records'), subjectRecords: subjectRecordsStateSchema }),
  z.object({
    type: z.literal('session-ended'),
    /** refused: the server says that whoever is signed in may not be; `error` says why. */
    reason: z.enum(['logout', 'idle', 'refused']),
    error: wireErrorSchema.exactOptional(),
    /** As `stationSchema` has it, at the end. */
    draftsKeptUntil: instantSchema.optional(),
  }),
]);

export type AgentEvent = z.infer<typeof agentEventSchema>;

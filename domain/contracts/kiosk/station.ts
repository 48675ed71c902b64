import { z } from 'zod';
import { wireErrorSchema } from '../../errors/app-error.ts';
import { longest, most } from '../../limits.ts';
import { instantSchema } from '../../record/schema.ts';
import { deviceSchema } from './devices.ts';
import { sessionSchema } from './session.ts';

export const lineStateSchema = z.object({
  state: z.enum(['online', 'connecting', 'offline', 'fenced', 'quarantined', 'refused']),
  since: instantSchema,
  error: wireErrorSchema.optional(),
  queued: z.int().nonnegative(),
  parked: z.int().nonnegative(),
});

export type LineState = z.infer<typeof lineStateSchema>;

export const stationSchema = z.object({
  stationId: z.string().max(longest.name),
  stationName: z.string().max(longest.name),
  version: z.string().max(longest.name),
  programme: z.string().max(longest.name),
  catalogueHash: z.string().max(longest.name),
  now: instantSchema,
  /** What is simulated on this station, in Chinese, for the banner; empty when all is real. */
  simulated: z.array(z.string().max(longest.name)).max(most.parts),
  line: lineStateSchema,
  devices: z.array(deviceSchema).max(most.parts),
  session: sessionSchema.optional(),
  /** When the first of the drafts of who is logged in will be deleted, if nobody touches it before. */
  draftsKeptUntil: instantSchema.optional(),
  /** Idle time after which the session ends, and how long before it the person is warned. */
  idle: z.object({ endAfterMs: z.int(), warnBeforeMs: z.int() }),
});

export type Station = z.infer<typeof stationSchema>;

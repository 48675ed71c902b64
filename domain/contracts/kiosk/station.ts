import { z } from 'zod';
import { loginWaySchema } from '../../accounts/login-way-ids.ts';
import { wireErrorSchema } from '../../errors/app-error.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { deviceSchema } from './devices.ts';
import { sessionSchema } from './session.ts';

export const connectionStateSchema = z.object({
  state: z.enum(['online', 'connecting', 'offline', 'fenced', 'quarantined', 'refused']),
  since: instantSchema,
  error: wireErrorSchema.optional(),
  queued: z.int().nonnegative(),
  parked: z.int().nonnegative(),
});

export type ConnectionState = z.infer<typeof connectionStateSchema>;

/**
 * Whether the records that the person entered at other stations are here. fetching: on their way; complete: all there are;
 * offline: no connection, some may be missing; needs-key: the PIN must be given once more; refused: the server will not
 * show them (`error`); unsupported: the server is of an earlier version.
 */
export const subjectRecordsStateSchema = z.object({
  state: z.enum(['fetching', 'complete', 'offline', 'needs-key', 'refused', 'unsupported']),
  error: wireErrorSchema.optional(),
});
export type SubjectRecordsState = z.infer<typeof subjectRecordsStateSchema>;

export const stationSchema = z.object({
  stationId: z.string().max(maxLength.name),
  stationName: z.string().max(maxLength.name),
  version: z.string().max(maxLength.name),
  programme: z.string().max(maxLength.name),
  /** What may be chosen on the first page, the station's own first. */
  programmes: z.array(z.string().max(maxLength.name)).min(1).max(maxCount.parts),
  catalogueHash: z.string().max(maxLength.name),
  now: instantSchema,
  /** What is simulated on this station, in Chinese, for the banner; empty when all is real. */
  simulated: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
  line: connectionStateSchema,
  devices: z.array(deviceSchema).max(maxCount.parts),
  session: sessionSchema.optional(),
  /** Ways in that can be gone here; what a programme offers beyond them, the page names. */
  loginWays: z.array(loginWaySchema).max(maxCount.parts).exactOptional(),
  /** 帮办代办: its staff may act for people here. */
  assists: z.boolean().exactOptional(),
  /** Of who is logged in. */
  subjectRecords: subjectRecordsStateSchema.optional(),
  /** When the first of the drafts of who is logged in will be deleted, if nobody touches it before. */
  draftsKeptUntil: instantSchema.optional(),
  /** Idle time after which the session ends, and how long before it the person is warned. */
  idle: z.object({ endAfterMs: z.int(), warnBeforeMs: z.int() }),
});

export type Station = z.infer<typeof stationSchema>;

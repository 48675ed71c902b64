import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, ulidSchema } from '../../primitives.ts';
import { stationHealthSchema, stationSettingsSchema } from '../../sync/fleet.ts';
import { lightColourSchema } from '../../verdict/schema.ts';
import type { ServerRoutes } from '../route.ts';
import { stationIdSchema } from '../../primitives.ts';
import { saidSchema } from '../../text/written.ts';

export const stationRowSchema = z.object({
  id: z.string().max(maxLength.name),
  name: z.string().max(maxLength.name),
  online: z.boolean(),
  lastSeenAt: instantSchema.optional(),
  pending: z.int(),
  version: z.string().max(maxLength.name),
  state: z.enum(['active', 'quarantined', 'revoked']),
});
export type StationRow = z.infer<typeof stationRowSchema>;

/** What the audit found lost or different between a station and the server; red until somebody acknowledges it. */
export const auditFindingKinds = ['item-lost', 'page-lost', 'item-different'] as const;

export const auditFindingSchema = z.object({
  id: ulidSchema,
  at: instantSchema,
  kind: z.enum(auditFindingKinds),
  itemId: z.string().max(maxLength.name),
  /** Of the record that the item carried, where the server has it. */
  uniqueCode: z.string().max(maxLength.name).optional(),
});

export type AuditFinding = z.infer<typeof auditFindingSchema>;

/** Oldest first, at the most 200: acknowledged, they make room for the next. */
export const auditFindingsSchema = z.array(auditFindingSchema).max(200);

/** `reason`: what was done about it; kept with who and when. */
export const acknowledgeRequestSchema = z.strictObject({
  findings: z.array(ulidSchema).min(1).max(200),
  reason: saidSchema(500),
});

export type AcknowledgeRequest = z.infer<typeof acknowledgeRequestSchema>;

/** Worst first. */
export const stationAlarmCodes = [
  ...auditFindingKinds,
  'quarantined',
  'offline-with-queue',
  'parked',
  'old-item',
  'disk-short',
  'device-fault',
  'clock-off',
] as const;

export const stationAlarmSchema = z.object({
  code: z.enum(stationAlarmCodes),
  /** Red: something does not move; yellow: soon. */
  level: z.enum(['red', 'yellow']),
  /** Of the code: items, days, percent, seconds. */
  amount: z.number().optional(),
  /** Names of devices. */
  names: z.array(z.string().max(maxLength.name)).max(maxCount.parts).optional(),
});

export type StationAlarm = z.infer<typeof stationAlarmSchema>;

export const fleetStationSchema = stationRowSchema.extend({
  light: lightColourSchema,
  alarms: z.array(stationAlarmSchema).max(maxCount.parts),
  health: stationHealthSchema.optional(),
  /** When the server heard it. */
  reportedAt: instantSchema.optional(),
  /** Milliseconds, server less station. */
  clockOffsetMs: z.number().optional(),
  settings: stationSettingsSchema.optional(),
  /** The station works by these settings already. */
  isSettingsApplied: z.boolean(),
});

export type FleetStation = z.infer<typeof fleetStationSchema>;

export const fleetSchema = z.object({ stations: z.array(fleetStationSchema).max(maxCount.list) });

const stationParams = z.object({ id: stationIdSchema });

export const fleetRoutes = {
  stations: {
    method: 'GET',
    path: '/api/stations',
    permission: 'station.list',
    answer: z.array(stationRowSchema).max(maxCount.list),
  },
  /** The worst station first. */
  fleet: { method: 'GET', path: '/api/fleet', permission: 'fleet.list', answer: fleetSchema },
  changeStation: {
    method: 'PUT',
    path: '/api/fleet/:id/settings',
    permission: 'fleet.configure',
    params: stationParams,
    body: stationSettingsSchema,
    answer: fleetStationSchema,
  },
  findings: {
    method: 'GET',
    path: '/api/fleet/:id/findings',
    permission: 'fleet.read',
    params: stationParams,
    answer: auditFindingsSchema,
  },
  acknowledge: {
    method: 'POST',
    path: '/api/fleet/:id/acknowledgements',
    permission: 'fleet.acknowledge',
    params: stationParams,
    body: acknowledgeRequestSchema,
    answer: fleetStationSchema,
  },
} as const satisfies ServerRoutes;

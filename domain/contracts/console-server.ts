/** Every message between the desk's console and the server, once. HTTP, JSON; a session cookie (HttpOnly, SameSite=Strict). */
import { z } from 'zod';
import { longest, most } from '../limits.ts';
import { caseSchema } from '../cases/schema.ts';
import {
  lightOverruleSchema,
  operationSchema,
  pushSchema,
  recordSchema,
  ulidSchema,
  instantSchema,
} from '../record/schema.ts';
import { stationHealthSchema, stationSettingsSchema } from '../sync/fleet.ts';
import { lightColourSchema } from '../verdict/schema.ts';

export const accountViewSchema = z.object({
  id: z.string().max(longest.name),
  name: z.string().max(longest.name),
  department: z.string().max(longest.name),
  permissions: z.array(z.string().max(longest.name)).max(most.parts),
});
export type AccountView = z.infer<typeof accountViewSchema>;

/** Somebody who must choose a password before anything else: who made the present one, and when. */
export const signedInSchema = accountViewSchema.extend({
  mustChangePassword: z
    .object({ at: instantSchema, by: z.string().max(longest.name), isReset: z.boolean() })
    .exactOptional(),
});
export type SignedIn = z.infer<typeof signedInSchema>;

export const leastPasswordLength = 10;
export const mostPasswordLength = 128;
export const changePasswordSchema = z.strictObject({
  current: z.string().min(1).max(mostPasswordLength),
  next: z.string().min(1).max(mostPasswordLength),
});
export type ChangePassword = z.infer<typeof changePasswordSchema>;

export const signInSchema = z.object({
  account: z.string().min(1).max(64),
  password: z.string().min(1).max(128),
});

export const caseSummarySchema = caseSchema
  .pick({ id: true, recordId: true, state: true, openedAt: true, closedAt: true, pushField: true })
  .extend({
    programme: z.string().max(longest.name),
    kindTitle: z.string().max(longest.name),
    subjectName: z.string().max(longest.name),
    stepTitle: z.string().max(longest.name),
    light: lightColourSchema,
    stationId: z.string().max(longest.name),
    uniqueCode: z.string().max(longest.name),
  });
export type CaseSummary = z.infer<typeof caseSummarySchema>;

export const caseListSchema = z.object({
  cases: z.array(caseSummarySchema).max(most.parts),
  total: z.int(),
  open: z.int(),
});

/** The seal as the server itself verified it. */
export const sealReportSchema = z.object({
  slot: z.string().max(longest.name),
  valid: z.boolean(),
  signerName: z.string().max(longest.name),
  certificateSerial: z.string().max(longest.name),
  issuerName: z.string().max(longest.name),
  problems: z.array(z.string().max(longest.text)).max(most.parts),
});

export const caseDetailSchema = z.object({
  case: caseSchema,
  /** Without logs and pushes: those follow by whose word they are. */
  record: recordSchema,
  stationId: z.string().max(longest.name),
  receivedAt: instantSchema,
  /** 采集站记录: what the station says was done there, unproved. */
  stationLog: z.array(operationSchema).max(most.list),
  /** 推送记录: the record's cases that the signed-in person may see, as the server knows them; oldest first. */
  pushes: z.array(pushSchema).max(most.parts),
  seals: z.array(sealReportSchema).max(most.parts),
  /** 改判 of this case, oldest first. */
  overrules: z.array(lightOverruleSchema).max(most.parts),
  /** What the signed-in person may decide now; who may decide may overrule lights too. */
  decisions: z
    .array(
      z.object({
        id: z.string().max(longest.name),
        label: z.string().max(longest.name),
        opinion: z.enum(['required', 'optional']),
        outcome: z.enum(['approved', 'refused']),
      }),
    )
    .max(most.parts),
});
export type CaseDetail = z.infer<typeof caseDetailSchema>;

export const decideRequestSchema = z.object({
  step: z.string().max(longest.name),
  decision: z.string().max(longest.name),
  opinion: z.string().max(500),
});

/** 改判: `reason` must say something; the applicant sees it. */
export const overruleRequestSchema = z.object({
  step: z.string().max(longest.name),
  slot: z.string().max(64),
  field: z.string().max(64),
  light: lightColourSchema,
  reason: z.string().max(500),
});
export type OverruleRequest = z.infer<typeof overruleRequestSchema>;

export const stationRowSchema = z.object({
  id: z.string().max(longest.name),
  name: z.string().max(longest.name),
  online: z.boolean(),
  lastSeenAt: instantSchema.optional(),
  pending: z.int(),
  version: z.string().max(longest.name),
  state: z.enum(['active', 'quarantined', 'revoked']),
});

/** A permission: sees the cases of every department. */
export const allDepartments = 'all-departments';

/** May see all stations' health and change their settings. */
export const fleetPermission = 'fleet';

/** What the audit found lost or different between a station and the server; red until somebody acknowledges it. */
export const auditFindingKinds = ['item-lost', 'page-lost', 'item-different'] as const;
export const auditFindingSchema = z.object({
  id: ulidSchema,
  at: instantSchema,
  kind: z.enum(auditFindingKinds),
  itemId: z.string().max(longest.name),
  /** Of the record that the item carried, where the server has it. */
  uniqueCode: z.string().max(longest.name).optional(),
});
export type AuditFinding = z.infer<typeof auditFindingSchema>;
/** Oldest first, at the most 200: acknowledged, they make room for the next. */
export const auditFindingsSchema = z.array(auditFindingSchema).max(200);

/** `reason`: what was done about it; kept with who and when. */
export const acknowledgeRequestSchema = z.strictObject({
  findings: z.array(ulidSchema).min(1).max(200),
  reason: z.string().trim().min(1).max(500),
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
  names: z.array(z.string().max(longest.name)).max(most.parts).optional(),
});
export type StationAlarm = z.infer<typeof stationAlarmSchema>;

export const fleetStationSchema = stationRowSchema.extend({
  light: lightColourSchema,
  alarms: z.array(stationAlarmSchema).max(most.parts),
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
export const fleetSchema = z.object({ stations: z.array(fleetStationSchema).max(most.list) });

/** `verificationCode` as somebody typed it. */
export const certificateLookUpSchema = z.object({
  uniqueCode: z.string().max(40),
  verificationCode: z.string().max(longest.name).default(''),
});

export const serverRoutes = {
  signIn: { method: 'POST', path: '/api/session', request: signInSchema, response: signedInSchema },
  me: { method: 'GET', path: '/api/session', response: signedInSchema },
  /** One's own; other sessions of the account end. The only thing, beside `me` and `signOut`, with a password that somebody else made. */
  changePassword: {
    method: 'PUT',
    path: '/api/session/password',
    request: changePasswordSchema,
    response: signedInSchema,
  },
  signOut: { method: 'DELETE', path: '/api/session', response: z.object({}) },
  catalogue: { method: 'GET', path: '/api/catalogue', response: z.unknown() },
  /** Query: state=open|closed|all, search, page (1 first), pageSize. */
  cases: { method: 'GET', path: '/api/cases', response: caseListSchema },
  case: { method: 'GET', path: '/api/cases/:id', response: caseDetailSchema },
  decide: {
    method: 'POST',
    path: '/api/cases/:id/decisions',
    request: decideRequestSchema,
    response: caseDetailSchema,
  },
  overrule: {
    method: 'POST',
    path: '/api/cases/:id/overrules',
    request: overruleRequestSchema,
    response: caseDetailSchema,
  },
  /** image/jpeg of a page, application/pdf of a sealed material. */
  page: { method: 'GET', path: '/api/records/:id/materials/:slot/pages/:page' },
  /** image/jpeg: the field's marks, cut out of the sealed page by the server. */
  crop: { method: 'GET', path: '/api/records/:id/materials/:slot/crops/:field' },
  pdf: { method: 'GET', path: '/api/records/:id/materials/:slot/pdf' },
  /** text/html: the verification report of a material's seals, for reading and printing. */
  sealReport: { method: 'GET', path: '/api/records/:id/materials/:slot/seal-report' },
  stations: { method: 'GET', path: '/api/stations', response: z.array(stationRowSchema).max(most.list) },
  /** For `fleetPermission`; the worst station first. */
  fleet: { method: 'GET', path: '/api/fleet', response: fleetSchema },
  changeStation: {
    method: 'PUT',
    path: '/api/fleet/:id/settings',
    request: stationSettingsSchema,
    response: fleetStationSchema,
  },
  findings: { method: 'GET', path: '/api/fleet/:id/findings', response: auditFindingsSchema },
  acknowledge: {
    method: 'POST',
    path: '/api/fleet/:id/acknowledgements',
    request: acknowledgeRequestSchema,
    response: fleetStationSchema,
  },
  /**
   * Public: what a digital certificate's unique code stands for, with the server's signature. Query: verificationCode. A wrong
   * or missing one and an unknown unique code are answered alike: NOT_FOUND.
   */
  certificate: { method: 'GET', path: '/api/certificates/:uniqueCode' },
  events: { method: 'GET', path: '/api/events' },
} as const;

/** Server-sent events to the desk. */
export const consoleEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('case-opened'), caseId: ulidSchema }),
  z.object({ type: z.literal('case-changed'), caseId: ulidSchema }),
]);

import { z } from 'zod';
import { caseSchema } from '../../cases/schema.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, sha256Schema } from '../../primitives.ts';
import { lightColourSchema } from '../../verdict/schema.ts';
import type { ServerRoutes } from '../route.ts';
import { caseDetailSchema } from './case-detail.ts';
import { proseSchema, saidSchema } from '../../text/written.ts';

export const caseSummarySchema = caseSchema
  .pick({
    id: true,
    about: true,
    recordId: true,
    state: true,
    openedAt: true,
    closedAt: true,
    pushField: true,
  })
  .extend({
    programme: z.string().max(maxLength.name),
    kindTitle: z.string().max(maxLength.name),
    subjectName: z.string().max(maxLength.name),
    stepTitle: z.string().max(maxLength.name),
    light: lightColourSchema.exactOptional(),
    stationId: z.string().max(maxLength.name),
    uniqueCode: z.string().max(maxLength.name).exactOptional(),
    isComplaint: z.literal(true).exactOptional(),
  });

export type CaseSummary = z.infer<typeof caseSummarySchema>;

export const caseListSchema = z.object({
  cases: z.array(caseSummarySchema).max(maxCount.parts),
  total: z.int(),
  open: z.int(),
});

export const decideRequestSchema = z.object({
  step: z.string().max(maxLength.name),
  decision: z.string().max(maxLength.name),
  opinion: proseSchema(500),
});

/** 投诉. */
export const complaintRequestSchema = z.strictObject({ reason: saidSchema(500) });

/** 认领 and 释放 of the step that waits. */
export const claimRequestSchema = z.object({ step: z.string().max(maxLength.name) });

/** 改判: `reason` must say something; the applicant sees it. */
export const overruleRequestSchema = z.object({
  step: z.string().max(maxLength.name),
  slot: z.string().max(64),
  field: z.string().max(64),
  light: lightColourSchema,
  reason: proseSchema(500),
});

export type OverruleRequest = z.infer<typeof overruleRequestSchema>;

/** `slot`: of that material; absent: of the form. The log has who asked, and why. */
export const unmaskCaseRequestSchema = z.strictObject({
  slot: z.string().max(64).exactOptional(),
  field: z.string().min(1).max(64),
  reason: saidSchema(200),
});
export type UnmaskCaseRequest = z.output<typeof unmaskCaseRequestSchema>;

/** As filled in, as the reader read it, as the chip has it. */
export const unmaskedFieldSchema = z.object({
  value: z.string().max(maxLength.text),
  read: z.string().max(maxLength.text).exactOptional(),
  chip: z.string().max(maxLength.text).exactOptional(),
});
export type UnmaskedField = z.infer<typeof unmaskedFieldSchema>;

/** What the business register said of the unit when the record was filed, beside each field that was held against it. */
export const registerComparisonSchema = z.object({
  /** Absent where nobody asked it. */
  askedAt: instantSchema.exactOptional(),
  fields: z
    .array(
      z.object({
        field: z.string().max(64),
        registered: z.string().max(maxLength.text),
        agrees: z.boolean(),
      }),
    )
    .max(maxCount.parts),
});
export type RegisterComparison = z.infer<typeof registerComparisonSchema>;

const id = z.string().max(64);
const caseParams = z.object({ id });
const slotParams = z.object({ id, slot: z.string().max(64) });

/** `page` counts from 1. */
export const caseQuerySchema = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  search: z.string().max(100).default(''),
  page: z.coerce.number<string | number>().int().min(1).default(1),
  pageSize: z.coerce.number<string | number>().int().min(1).max(100).default(20),
});

export const caseRoutes = {
  cases: {
    method: 'GET',
    path: '/api/cases',
    permission: 'case.list',
    query: caseQuerySchema,
    answer: caseListSchema,
  },
  case: {
    method: 'GET',
    path: '/api/cases/:id',
    permission: 'case.read',
    params: caseParams,
    answer: caseDetailSchema,
  },
  decide: {
    method: 'POST',
    path: '/api/cases/:id/decisions',
    permission: 'case.decide',
    params: caseParams,
    body: decideRequestSchema,
    answer: caseDetailSchema,
  },
  /** Of a push that was approved. Answers the complaint's own case. COMPLAINT_WAITS where one waits already. */
  complain: {
    method: 'POST',
    path: '/api/cases/:id/complaints',
    permission: 'case.complain',
    params: caseParams,
    body: complaintRequestSchema,
    answer: caseDetailSchema,
  },
  /** CASE_CLAIMED where somebody else of the same body holds it. */
  claim: {
    method: 'POST',
    path: '/api/cases/:id/claim',
    permission: 'case.claim',
    params: caseParams,
    body: claimRequestSchema,
    answer: caseDetailSchema,
  },
  release: {
    method: 'POST',
    path: '/api/cases/:id/release',
    permission: 'case.claim',
    params: caseParams,
    body: claimRequestSchema,
    answer: caseDetailSchema,
  },
  overrule: {
    method: 'POST',
    path: '/api/cases/:id/overrules',
    permission: 'case.overrule',
    params: caseParams,
    body: overruleRequestSchema,
    answer: caseDetailSchema,
  },
  /** Numbers of persons are masked in what a department is answered; one of them, whole. */
  unmaskCase: {
    method: 'POST',
    path: '/api/cases/:id/unmask',
    permission: 'case.unmask',
    params: caseParams,
    body: unmaskCaseRequestSchema,
    answer: unmaskedFieldSchema,
  },
  /** `page` counts from 0. */
  page: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/pages/:page',
    permission: 'record.read',
    params: slotParams.extend({ page: z.coerce.number<string | number>().int().min(0).max(1000) }),
    answer: { bytes: 'image/jpeg' },
  },
  /** A file of an attachment, as it was given. */
  attachment: {
    method: 'GET',
    path: '/api/records/:id/attachments/:attachment/:sha',
    permission: 'record.read',
    params: z.object({ id, attachment: z.string().max(64), sha: sha256Schema }),
    answer: { bytes: 'image/jpeg' },
  },
  registerComparison: {
    method: 'GET',
    path: '/api/records/:id/register-comparison',
    permission: 'record.compare',
    params: caseParams,
    answer: registerComparisonSchema,
  },
  /** The field's marks, cut out of the sealed page by the server. */
  crop: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/crops/:field',
    permission: 'record.read',
    params: slotParams.extend({ field: z.string().max(64) }),
    answer: { bytes: 'image/jpeg' },
  },
  pdf: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/pdf',
    permission: 'record.read',
    params: slotParams,
    answer: { bytes: 'application/pdf' },
  },
  /** The verification report of a material's seals, for reading and printing. */
  sealReport: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/seal-report',
    permission: 'record.read',
    params: slotParams,
    answer: { bytes: 'text/html; charset=utf-8' },
  },
} as const satisfies ServerRoutes;

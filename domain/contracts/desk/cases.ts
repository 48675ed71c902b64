import { z } from 'zod';
import { caseSchema } from '../../cases/schema.ts';
import { outcomeSchema } from '../../catalogue/workflow.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, sha256Schema } from '../../primitives.ts';
import { lightOverruleSchema, operationSchema, pushSchema, recordSchema } from '../../record/schema.ts';
import { complaintSchema } from '../../record/standing.ts';
import { lightColourSchema } from '../../verdict/schema.ts';
import type { ServerRoutes } from '../route.ts';

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

/** The seal as the server itself verified it. */
export const sealReportSchema = z.object({
  slot: z.string().max(maxLength.name),
  valid: z.boolean(),
  signerName: z.string().max(maxLength.name),
  certificateSerial: z.string().max(maxLength.name),
  issuerName: z.string().max(maxLength.name),
  problems: z.array(z.string().max(maxLength.text)).max(maxCount.parts),
});

/** The step that waits, as the workflow has it with which the case began. */
export const caseStepSchema = z.object({
  id: z.string().max(maxLength.name),
  title: z.string().max(maxLength.name),
  /** one: 或签, each: 会签. */
  mode: z.enum(['one', 'each']),
  dueDays: z.int().exactOptional(),
  parties: z
    .array(
      z.object({
        key: z.string().max(maxLength.name),
        title: z.string().max(maxLength.name),
        hasApproved: z.boolean(),
        claimedBy: z.string().max(maxLength.name).exactOptional(),
        /** The signed-in person holds the claim. */
        isOwnClaim: z.boolean(),
      }),
    )
    .max(maxCount.parts),
});
export type CaseStepView = z.infer<typeof caseStepSchema>;

/** 投诉 about a push of the record, as it stands. */
export const caseComplaintSchema = complaintSchema.extend({
  caseId: caseSchema.shape.id,
  state: caseSchema.shape.state,
  /** The step that waits, or how it ended. */
  text: z.string().max(maxLength.name),
  opinion: z.string().max(maxLength.text).exactOptional(),
  at: instantSchema,
});
export type CaseComplaint = z.infer<typeof caseComplaintSchema>;

export const caseDetailSchema = z.object({
  case: caseSchema,
  /** Of the workflow. */
  title: z.string().max(maxLength.name),
  /** Absent once it is closed. */
  step: caseStepSchema.exactOptional(),
  /** For which party of the step the signed-in person may decide, claim and release; absent where for none. */
  party: z.string().max(maxLength.name).exactOptional(),
  /** What it is about, and what the registers say of that now. */
  about: z.object({
    title: z.string().max(maxLength.name),
    facts: z
      .array(z.object({ label: z.string().max(maxLength.name), value: z.string().max(maxLength.text) }))
      .max(maxCount.parts),
  }),
  /** Without logs and pushes: those follow by whose word they are. Absent where no record opened it. */
  record: recordSchema.exactOptional(),
  stationId: z.string().max(maxLength.name),
  receivedAt: instantSchema.exactOptional(),
  /** It was given back and is corrected: for which reason, and what is otherwise since. */
  correction: z
    .object({
      reason: z.string().max(maxLength.text),
      at: instantSchema,
      changes: z
        .array(
          z.object({
            part: z.string().max(maxLength.name).exactOptional(),
            label: z.string().max(maxLength.name),
            before: z.string().max(maxLength.text),
            after: z.string().max(maxLength.text),
          }),
        )
        .max(maxCount.list),
    })
    .exactOptional(),
  /** What its decisions told whom. */
  notices: z
    .array(
      z.object({
        to: z.string().max(maxLength.name),
        text: z.string().max(maxLength.text),
        at: instantSchema,
      }),
    )
    .max(maxCount.parts),
  /** 采集站记录: what the station says was done there, unproved. */
  stationLog: z.array(operationSchema).max(maxCount.list),
  /** 推送记录: the record's cases that the signed-in person may see, as the server knows them; oldest first. */
  pushes: z.array(pushSchema).max(maxCount.parts),
  seals: z.array(sealReportSchema).max(maxCount.parts),
  /** 改判 of this case, oldest first. */
  overrules: z.array(lightOverruleSchema).max(maxCount.parts),
  /** Whether the signed-in person may lodge a complaint about this push; absent: no. */
  mayComplain: z.literal(true).exactOptional(),
  /** Complaints about the record that the signed-in person may see, oldest first. */
  complaints: z.array(caseComplaintSchema).max(maxCount.parts),
  /** What the signed-in person may decide now; who may decide may overrule lights too. */
  decisions: z
    .array(
      z.object({
        id: z.string().max(maxLength.name),
        label: z.string().max(maxLength.name),
        opinion: z.enum(['required', 'optional']),
        outcome: outcomeSchema,
      }),
    )
    .max(maxCount.parts),
});

export type CaseDetail = z.infer<typeof caseDetailSchema>;

export const decideRequestSchema = z.object({
  step: z.string().max(maxLength.name),
  decision: z.string().max(maxLength.name),
  opinion: z.string().max(500),
});

/** 投诉. */
export const complaintRequestSchema = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** 认领 and 释放 of the step that waits. */
export const claimRequestSchema = z.object({ step: z.string().max(maxLength.name) });

/** 改判: `reason` must say something; the applicant sees it. */
export const overruleRequestSchema = z.object({
  step: z.string().max(maxLength.name),
  slot: z.string().max(64),
  field: z.string().max(64),
  light: lightColourSchema,
  reason: z.string().max(500),
});

export type OverruleRequest = z.infer<typeof overruleRequestSchema>;

/** `slot`: of that material; absent: of the form. The log has who asked, and why. */
export const unmaskCaseRequestSchema = z.strictObject({
  slot: z.string().max(64).exactOptional(),
  field: z.string().min(1).max(64),
  reason: z.string().trim().min(1).max(200),
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

import { z } from 'zod';
import { caseSchema } from '../../cases/schema.ts';
import { longest, most } from '../../limits.ts';
import {
  instantSchema,
  lightOverruleSchema,
  operationSchema,
  pushSchema,
  recordSchema,
} from '../../record/schema.ts';
import { lightColourSchema } from '../../verdict/schema.ts';

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

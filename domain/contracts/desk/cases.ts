import { z } from 'zod';
import { caseSchema } from '../../cases/schema.ts';
import { maxLength, maxCount } from '../../limits.ts';
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
    programme: z.string().max(maxLength.name),
    kindTitle: z.string().max(maxLength.name),
    subjectName: z.string().max(maxLength.name),
    stepTitle: z.string().max(maxLength.name),
    light: lightColourSchema,
    stationId: z.string().max(maxLength.name),
    uniqueCode: z.string().max(maxLength.name),
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

export const caseDetailSchema = z.object({
  case: caseSchema,
  /** Without logs and pushes: those follow by whose word they are. */
  record: recordSchema,
  stationId: z.string().max(maxLength.name),
  receivedAt: instantSchema,
  /** 采集站记录: what the station says was done there, unproved. */
  stationLog: z.array(operationSchema).max(maxCount.list),
  /** 推送记录: the record's cases that the signed-in person may see, as the server knows them; oldest first. */
  pushes: z.array(pushSchema).max(maxCount.parts),
  seals: z.array(sealReportSchema).max(maxCount.parts),
  /** 改判 of this case, oldest first. */
  overrules: z.array(lightOverruleSchema).max(maxCount.parts),
  /** What the signed-in person may decide now; who may decide may overrule lights too. */
  decisions: z
    .array(
      z.object({
        id: z.string().max(maxLength.name),
        label: z.string().max(maxLength.name),
        opinion: z.enum(['required', 'optional']),
        outcome: z.enum(['approved', 'refused']),
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

/** 改判: `reason` must say something; the applicant sees it. */
export const overruleRequestSchema = z.object({
  step: z.string().max(maxLength.name),
  slot: z.string().max(64),
  field: z.string().max(64),
  light: lightColourSchema,
  reason: z.string().max(500),
});

export type OverruleRequest = z.infer<typeof overruleRequestSchema>;

/** A case as its page at the desk shows it. */
import { z } from 'zod';
import { caseSchema } from '../../cases/schema.ts';
import { deadlineSchema } from '../../cases/working-days.ts';
import { decisionSchema, stepOpinionSchema } from '../../catalogue/workflow.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { lightOverruleSchema, operationSchema, pushSchema, recordSchema } from '../../record/schema.ts';
import { complaintSchema } from '../../record/standing.ts';

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
  opinion: stepOpinionSchema.exactOptional(),
  /** Until when it should be decided; absent while the applicant corrects, and where the workflow has no term. */
  deadline: deadlineSchema.exactOptional(),
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
        opinion: decisionSchema.shape.opinion,
        outcome: decisionSchema.shape.outcome,
        tone: decisionSchema.shape.tone,
      }),
    )
    .max(maxCount.parts),
});

export type CaseDetail = z.infer<typeof caseDetailSchema>;

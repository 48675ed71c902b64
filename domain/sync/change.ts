/** What the server tells stations, subjects and desks of records and settings, and under which number. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { ulidSchema, instantSchema } from '../primitives.ts';
import { credentialSchema, lightOverruleSchema, pushSchema } from '../record/schema.ts';
import { recordLinksSchema } from '../record/links.ts';
import { recordCaseSchema } from '../record/standing.ts';
import { verificationCodeSchema } from '../record/verification-code.ts';
import { numberedSettingsSchema } from './fleet.ts';
import { lightColourSchema } from '../verdict/schema.ts';

/** Numbered updates for one audience. */
export const changeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('record-stored'),
    recordId: ulidSchema,
    uniqueCode: z.string().max(maxLength.name),
    storedAt: instantSchema,
    digitalCertificate: credentialSchema.optional(),
    /** The light that counts now, where the server's own look changed it, and why (Chinese). */
    light: lightColourSchema.optional(),
    note: z.string().max(maxLength.text).optional(),
  }),
  z.object({
    kind: z.literal('record-rejected'),
    recordId: ulidSchema,
    code: z.string().max(maxLength.name),
    message: z.string().max(maxLength.text),
    at: instantSchema,
  }),
  /** 退回补正: a department gave the stored record back; an older station keeps the word until it can read it. */
  z.object({
    kind: z.literal('record-returned'),
    recordId: ulidSchema,
    caseId: ulidSchema,
    at: instantSchema,
    by: z.string().max(maxLength.name),
    reason: z.string().max(maxLength.text),
  }),
  z.object({
    kind: z.literal('push-state'),
    recordId: ulidSchema,
    pushId: ulidSchema,
    state: z.enum(['under-review', 'approved', 'refused']),
    at: instantSchema,
    opinion: z.string().max(maxLength.text).optional(),
    decidedBy: z.string().max(maxLength.name).optional(),
    /** The push itself, for those who hold the record and did not make the push. */
    push: pushSchema
      .pick({ field: true, fieldName: true, pushedAt: true })
      .extend({ by: z.string().max(maxLength.name) })
      .exactOptional(),
  }),
  /** How the case of its 提交 stands; an older station keeps the word until it can read it. */
  z.object({ kind: z.literal('case-state'), recordId: ulidSchema, case: recordCaseSchema }),
  /** Another record, entered anywhere, has taken its place. */
  z.object({ kind: z.literal('record-superseded'), recordId: ulidSchema, by: ulidSchema, at: instantSchema }),
  /** 查验码 of the record's digital certificate. */
  z.object({
    kind: z.literal('certificate-code'),
    recordId: ulidSchema,
    verificationCode: verificationCodeSchema,
  }),
  /** 作废, or 取消作废. */
  z.object({
    kind: z.literal('record-void'),
    recordId: ulidSchema,
    isVoid: z.boolean(),
    at: instantSchema,
    by: z.string().max(maxLength.name),
  }),
  /** 解绑 of the person whose it is; `action`: as the log says it. */
  z.object({
    kind: z.literal('record-released'),
    recordId: ulidSchema,
    at: instantSchema,
    by: z.string().max(maxLength.name),
    action: z.string().max(maxLength.name),
  }),
  /** 签发 or 吊销 by a decision; an older station keeps the word until it can read it. */
  z.object({
    kind: z.literal('credential-issued'),
    recordId: ulidSchema,
    at: instantSchema,
    digitalCertificate: credentialSchema,
  }),
  z.object({
    kind: z.literal('credential-revoked'),
    recordId: ulidSchema,
    uniqueCode: z.string().max(maxLength.name),
    at: instantSchema,
    by: z.string().max(maxLength.name),
    reason: z.string().max(maxLength.text),
  }),
  /** All that the engine tied to the record's file by then. */
  z.object({
    kind: z.literal('record-links'),
    recordId: ulidSchema,
    links: recordLinksSchema,
    at: instantSchema,
  }),
  z.object({ kind: z.literal('light-overruled'), recordId: ulidSchema, overrule: lightOverruleSchema }),
  /** The whole of the station's settings, as the desk wants them from now on. */
  z.object({ kind: z.literal('station-settings'), ...numberedSettingsSchema.shape }),
]);
export type Change = z.infer<typeof changeSchema>;
/** Those that speak of a record. */
export type RecordChange = Exclude<Change, { kind: 'station-settings' }>;

export const numberedChangeSchema = z.object({ seq: z.int().positive(), change: changeSchema });

/** What travels with a record beside its content: how whoever handed it in was known, and how the work on it stands. */
import { z } from 'zod';
import { assuranceSchema } from '../accounts/assurance.ts';
import { identitySchema } from '../accounts/identity.ts';
import { caseStates } from '../catalogue/workflow.ts';
import { maxLength } from '../limits.ts';
import { instantSchema, ulidSchema } from '../primitives.ts';

/**
 * By whose word a key was let in. server: there was a connection, over which the server judges it. cached: there was none, and
 * the server had accepted this very key before. unknown: there was none, and this station had never seen it accepted.
 */
export const keyStandingSchema = z.object({
  by: z.enum(['server', 'cached', 'unknown']),
  /** When the server accepted it last, as far as this station knows. */
  acceptedAt: instantSchema.exactOptional(),
  /** Of its certificate: which of a unit's keys it was. */
  serialNumber: z.string().max(maxLength.name).exactOptional(),
});
export type KeyStanding = z.infer<typeof keyStandingSchema>;

/** Who handed the record in at a station, by the station's word: the server holds it against what the kind needs. */
export const handedInSchema = z.object({
  /** "X（代Y）" where somebody acted for another. */
  by: z.string().max(maxLength.name),
  onBehalfOf: identitySchema.exactOptional(),
  assurance: assuranceSchema,
  /** Where the sign-in was by a key. */
  key: keyStandingSchema.exactOptional(),
});
export type HandedIn = z.infer<typeof handedInSchema>;

/** What of the hand-in stands in logs beside the station: for whom it was, and that a key was let in without a connection. */
export function handedInText(handedIn: HandedIn | undefined): string | undefined {
  if (!handedIn) return undefined;
  const { by, onBehalfOf, key } = handedIn;
  const parts = [
    ...(onBehalfOf ? [by] : []),
    ...(key && key.by !== 'server' ? [keyStandingTexts[key.by]] : []),
  ];
  return parts.length === 0 ? undefined : parts.join('；');
}

export const keyStandingTexts = {
  server: '联网登录',
  cached: '离线登录（依据本站已核验的UKey）',
  unknown: '离线登录（UKey尚未经服务器核验）',
} as const satisfies Record<KeyStanding['by'], string>;

/** 投诉 against a push that was approved. */
export const complaintSchema = z.object({
  push: ulidSchema,
  field: z.string().max(maxLength.name),
  reason: z.string().min(1).max(maxLength.text),
  /** The department that lodged it. */
  by: z.string().max(maxLength.name),
});
export type Complaint = z.infer<typeof complaintSchema>;

/** The case that its 提交 opened, or a complaint about it, in the server's words. */
export const recordCaseSchema = z.object({
  id: ulidSchema,
  /** Of the workflow. */
  title: z.string().max(maxLength.name),
  state: z.enum(caseStates),
  /** The step that waits, or how it ended: 待法人确认, 注册成功. */
  text: z.string().max(maxLength.name),
  /** Entries of the case: of two words on it the one with more counts. */
  entries: z.int().nonnegative(),
  at: instantSchema,
  by: z.string().max(maxLength.name).exactOptional(),
  opinion: z.string().max(maxLength.text).exactOptional(),
  /** Of a complaint: what it is about. */
  complaint: complaintSchema.exactOptional(),
  /** 撤回 is still possible. */
  mayWithdraw: z.boolean(),
});
export type RecordCase = z.infer<typeof recordCaseSchema>;

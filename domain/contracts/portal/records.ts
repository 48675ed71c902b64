/** Records at a portal: those of whomever the visitor acts for, and what is being filled in. */
import { z } from 'zod';
import { maxCount, maxLength, tableOf } from '../../limits.ts';
import { loginWaySchema } from '../../accounts/login-way-ids.ts';
import { instantSchema, sha256Schema, ulidSchema, valuesSchema } from '../../primitives.ts';
import { draftCodeSchema } from '../../record/draft-code.ts';
import { attachedFileSchema } from '../../record/schema.ts';
import { recordSummarySchema } from '../../record/summary.ts';
import { portalParams } from '../public/portals.ts';
import { maxPictureBytes } from '../public/registration.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);
const wanted = z.string().min(1).max(64);

export const entriesSchema = z.strictObject({
  answers: z.array(valuesSchema).max(50),
  form: valuesSchema,
  papers: tableOf(valuesSchema),
});

/** A person who was chosen in one of the kind's dialogs. */
export const choiceSchema = z.strictObject({
  pick: wanted,
  candidate: wanted,
  /** Of whoever is meant. */
  name: z.string().min(1).max(maxLength.name),
});
export type Choice = z.infer<typeof choiceSchema>;

/** What may be done with it now, and, where something may not, why. */
const deedsSchema = z.object({
  change: z.boolean(),
  /** Given back for correction: it is mended and handed in again. */
  correct: z.boolean(),
  void: z.boolean(),
  restore: z.boolean(),
  reason: z.string().max(maxLength.text).exactOptional(),
});

/** 退回补正: why the department gave it back. */
const returnedSchema = z.object({ reason: z.string().max(maxLength.text) });

export const portalRowSchema = z.object({
  summary: recordSummarySchema,
  /** It is not handed in. `changes`: it will take that record's place. */
  isDraft: z.boolean(),
  changes: ulidSchema.exactOptional(),
  deeds: deedsSchema,
});
export type PortalRow = z.infer<typeof portalRowSchema>;

export const portalDraftSchema = z.object({
  id: ulidSchema,
  kind: name,
  role: name,
  changes: ulidSchema.exactOptional(),
  ...entriesSchema.shape,
  files: z.array(attachedFileSchema).max(maxCount.parts),
  /** A change names the one that it saw. */
  revision: z.int().nonnegative(),
  updatedAt: instantSchema,
  expiresAt: instantSchema,
  /** A counter may go on with it. */
  mayCarry: z.boolean(),
  /** A counter has it: nothing of it is changed here until it is back. */
  atCounter: z.object({ station: name, at: instantSchema }).exactOptional(),
  /** What it changes was given back, and is corrected by it. */
  returned: returnedSchema.exactOptional(),
  /** Why it cannot be handed in by whoever is signed in as he is. */
  hindrance: z.string().max(maxLength.text).exactOptional(),
});
export type PortalDraft = z.infer<typeof portalDraftSchema>;

/** 办理码: whoever has it and the subject's key goes on with the draft at a counter, once. */
const draftCodeAnswer = z.object({ code: draftCodeSchema, expiresAt: instantSchema });
export type DraftCode = z.infer<typeof draftCodeAnswer>;

const versionSchema = z.object({
  id: ulidSchema,
  at: instantSchema,
  by: name,
  isCurrent: z.boolean(),
  /** It was given back and is corrected since: which of those of this record it is, 1 first. */
  returned: z.int().positive().exactOptional(),
});
export type PortalVersion = z.infer<typeof versionSchema>;

/** 操作日志: who did what with it, and with which words. */
const logEntrySchema = z.object({
  at: instantSchema,
  by: name,
  action: name,
  opinion: z.string().max(maxLength.text),
});
export type RecordLogEntry = z.infer<typeof logEntrySchema>;

export const portalRecordSchema = z.object({
  summary: recordSummarySchema,
  ...entriesSchema.shape,
  files: z.array(attachedFileSchema).max(maxCount.parts),
  deeds: deedsSchema,
  returned: returnedSchema.exactOptional(),
  /** By what whoever handed it in had signed in; the one that proves most. */
  way: loginWaySchema.exactOptional(),
  /** All of its content there ever was, newest first. */
  versions: z.array(versionSchema).max(maxCount.parts),
  /** Oldest first. */
  log: z.array(logEntrySchema).max(maxCount.list),
});
export type PortalRecord = z.infer<typeof portalRecordSchema>;

/** `problems`: Chinese, by `answers`, `form.<field>`, `<slot>.<field>`, `files.<slot>`; empty where it was handed in. */
const handedInAnswer = z.object({
  problems: tableOf(z.string().max(maxLength.text)),
  record: ulidSchema.exactOptional(),
});

const recordParams = portalParams.extend({ id: ulidSchema });
const fileParams = recordParams.extend({ slot: wanted, sha: sha256Schema });

export const portalRecordRoutes = {
  /** Drafts first, then what stands; replaced ones are in `versions` of those that replaced them. */
  portalRecords: {
    method: 'GET',
    path: '/api/portals/:programme/records',
    permission: 'portal-record.read',
    params: portalParams,
    query: z.object({ kind: wanted }),
    answer: z.array(portalRowSchema).max(maxCount.list),
  },
  portalRecord: {
    method: 'GET',
    path: '/api/portals/:programme/records/:id',
    permission: 'portal-record.read',
    params: recordParams,
    /** `version`: as it was given back that time. */
    query: z.object({
      version: z.coerce.number<string | number>().int().min(1).max(maxCount.list).exactOptional(),
    }),
    answer: portalRecordSchema,
  },
  portalRecordFile: {
    method: 'GET',
    path: '/api/portals/:programme/records/:id/files/:slot/:sha',
    permission: 'portal-record.read',
    params: fileParams,
    answer: { bytes: 'application/octet-stream' },
  },
  /** 变更, or 修改 of what was given back: the draft that is under way already, or one that begins as what stands. */
  changePortalRecord: {
    method: 'POST',
    path: '/api/portals/:programme/records/:id/draft',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: portalDraftSchema,
  },
  /** 作废. */
  voidPortalRecord: {
    method: 'POST',
    path: '/api/portals/:programme/records/:id/voiding',
    permission: 'portal-record.void',
    params: recordParams,
    answer: z.object({}),
  },
  /** 取消作废. */
  restorePortalRecord: {
    method: 'DELETE',
    path: '/api/portals/:programme/records/:id/voiding',
    permission: 'portal-record.void',
    params: recordParams,
    answer: z.object({}),
  },
  beginPortalDraft: {
    method: 'POST',
    path: '/api/portals/:programme/drafts',
    permission: 'portal-record.fill-in',
    params: portalParams,
    /** `work`: of a kind that is about one. */
    body: z.strictObject({
      ...{ kind: wanted, role: wanted, work: wanted.exactOptional() },
      choice: choiceSchema.exactOptional(),
    }),
    answer: portalDraftSchema,
  },
  portalDraft: {
    method: 'GET',
    path: '/api/portals/:programme/drafts/:id',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: portalDraftSchema,
  },
  /** Throws DRAFT_CHANGED where somebody else was first. */
  savePortalDraft: {
    method: 'PUT',
    path: '/api/portals/:programme/drafts/:id',
    permission: 'portal-record.fill-in',
    params: recordParams,
    body: entriesSchema.extend({ revision: z.int().nonnegative() }),
    answer: portalDraftSchema,
  },
  dropPortalDraft: {
    method: 'DELETE',
    path: '/api/portals/:programme/drafts/:id',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: z.object({}),
  },
  /** One at a time: the one before it opens nothing any more. */
  makeDraftCode: {
    method: 'POST',
    path: '/api/portals/:programme/drafts/:id/code',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: draftCodeAnswer,
  },
  /** From the counter that has it: what is entered there does not come back. */
  fetchBackDraft: {
    method: 'DELETE',
    path: '/api/portals/:programme/drafts/:id/carrying',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: portalDraftSchema,
  },
  addPortalFile: {
    method: 'POST',
    path: '/api/portals/:programme/drafts/:id/files/:slot',
    permission: 'portal-record.fill-in',
    params: recordParams.extend({ slot: wanted }),
    query: z.object({ name: z.string().min(1).max(200) }),
    body: { file: true, maxBytes: maxPictureBytes },
    answer: portalDraftSchema,
  },
  removePortalFile: {
    method: 'DELETE',
    path: '/api/portals/:programme/drafts/:id/files/:slot/:sha',
    permission: 'portal-record.fill-in',
    params: fileParams,
    answer: portalDraftSchema,
  },
  portalFile: {
    method: 'GET',
    path: '/api/portals/:programme/drafts/:id/files/:slot/:sha',
    permission: 'portal-record.fill-in',
    params: fileParams,
    answer: { bytes: 'application/octet-stream' },
  },
  /** 提交. Throws ASSURANCE_TOO_LOW with the kind's words. */
  handInPortalDraft: {
    method: 'POST',
    path: '/api/portals/:programme/drafts/:id/handing-in',
    permission: 'portal-record.fill-in',
    params: recordParams,
    answer: handedInAnswer,
  },
} as const satisfies ServerRoutes;

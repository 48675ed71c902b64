/**
 * Registration of a main account in a browser. Whoever fills one in is known by the token of its cookie alone, until the main
 * handler shows who he is and takes it up.
 */
import { z } from 'zod';
import { maxCount, maxLength, tableOf } from '../../limits.ts';
import { instantSchema, sha256Schema, ulidSchema, valuesSchema } from '../../primitives.ts';
import { qualityIssueSchema } from '../../reading/schema.ts';
import { attachedFileSchema } from '../../record/schema.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);

/** Photographs of papers; phones make no larger ones. */
export const maxPictureBytes = 15 * 1024 * 1024;

/**
 * What the server's reader made of a picture. `paper`: whether it is the paper that is asked for, where one is; `paperName`: what
 * it looks like instead. `reading`: busy and failed leave the form to be filled in by hand.
 */
export const pictureLookSchema = z.object({
  issues: z.array(qualityIssueSchema).max(maxCount.parts),
  paper: z.enum(['right', 'other', 'unknown']).exactOptional(),
  paperName: name.exactOptional(),
  reading: z.enum(['done', 'busy', 'failed', 'off']),
});
export type PictureLook = z.infer<typeof pictureLookSchema>;

export const registrationFileSchema = attachedFileSchema.extend({
  look: pictureLookSchema.exactOptional(),
});
export type RegistrationFile = z.infer<typeof registrationFileSchema>;

/**
 * draft: being filled in. filed: waits for the person who confirms. under-review: waits for the department. What was refused
 * or withdrawn is a draft again once its applicant goes on.
 */
export const registrationStateSchema = z.enum(['draft', 'filed', 'under-review', 'approved', 'refused']);

export const registrationSchema = z.object({
  id: ulidSchema,
  programme: name,
  /** Of the user centre's account types. */
  type: name,
  values: valuesSchema,
  filled: valuesSchema,
  files: z.array(registrationFileSchema).max(maxCount.parts),
  state: registrationStateSchema,
  updatedAt: instantSchema,
  /** When it is removed if nobody touches it. */
  expiresAt: instantSchema,
  filedAt: instantSchema.exactOptional(),
  confirmedAt: instantSchema.exactOptional(),
  decidedAt: instantSchema.exactOptional(),
  /** Of whoever refused it: the person named, or the department. */
  refusedBy: z.enum(['confirmer', 'department']).exactOptional(),
  opinion: z.string().max(maxLength.text).exactOptional(),
  mayWithdraw: z.boolean(),
});
export type Registration = z.infer<typeof registrationSchema>;

/** `problems`: Chinese, by the id of the field or the attachment; empty where it was filed. */
export const filingAnswerSchema = z.object({
  registration: registrationSchema,
  problems: tableOf(z.string().max(maxLength.text)),
});
export type FilingAnswer = z.infer<typeof filingAnswerSchema>;

export const registrationEventSchema = z.object({ type: z.literal('registration-changed') });

const typeId = z.string().min(1).max(64);
const beginSchema = z.strictObject({ programme: z.string().min(1).max(64), type: typeId });
const entriesSchema = z.strictObject({ type: typeId, values: valuesSchema });
const slotParams = z.object({ attachment: z.string().min(1).max(64) });
const fileParams = slotParams.extend({ sha: sha256Schema });

export const registrationRoutes = {
  /** A new one; the browser's cookie names it from now on. */
  beginRegistration: {
    method: 'POST',
    path: '/api/registrations',
    permission: 'registration.fill-in',
    body: beginSchema,
    answer: registrationSchema,
  },
  /** That of this browser; absent where it has none, or where it has run out. */
  ownRegistration: {
    method: 'GET',
    path: '/api/registrations/own',
    permission: 'registration.fill-in',
    answer: z.object({ registration: registrationSchema.exactOptional() }),
  },
  saveRegistration: {
    method: 'PUT',
    path: '/api/registrations/own',
    permission: 'registration.fill-in',
    body: entriesSchema,
    answer: registrationSchema,
  },
  /** It is removed with all that belongs to it. */
  dropRegistration: {
    method: 'DELETE',
    path: '/api/registrations/own',
    permission: 'registration.fill-in',
    answer: z.object({}),
  },
  /** Answered once the reader has looked at it, or could not. */
  addRegistrationFile: {
    method: 'POST',
    path: '/api/registrations/own/attachments/:attachment',
    permission: 'registration.fill-in',
    params: slotParams,
    query: z.object({ name: z.string().min(1).max(200) }),
    body: { file: true, maxBytes: maxPictureBytes },
    answer: registrationSchema,
  },
  removeRegistrationFile: {
    method: 'DELETE',
    path: '/api/registrations/own/attachments/:attachment/:sha',
    permission: 'registration.fill-in',
    params: fileParams,
    answer: registrationSchema,
  },
  registrationFile: {
    method: 'GET',
    path: '/api/registrations/own/attachments/:attachment/:sha',
    permission: 'registration.fill-in',
    params: fileParams,
    answer: { bytes: 'image/jpeg' },
  },
  /** 提交. */
  fileRegistration: {
    method: 'POST',
    path: '/api/registrations/own/filing',
    permission: 'registration.fill-in',
    answer: filingAnswerSchema,
  },
  /** 撤回, as long as the person named has not confirmed: it is a draft again. */
  withdrawRegistration: {
    method: 'POST',
    path: '/api/registrations/own/withdrawal',
    permission: 'registration.fill-in',
    answer: registrationSchema,
  },
  /** A short message to the person who should confirm. */
  remindConfirmer: {
    method: 'POST',
    path: '/api/registrations/own/reminder',
    permission: 'registration.fill-in',
    answer: z.object({}),
  },
  /** After a refusal: a draft again, with everything that was entered. */
  reopenRegistration: {
    method: 'POST',
    path: '/api/registrations/own/reopening',
    permission: 'registration.fill-in',
    answer: registrationSchema,
  },
  /** A hint whenever it goes on. */
  registrationEvents: {
    method: 'GET',
    path: '/api/registrations/own/events',
    permission: 'registration.fill-in',
    answer: { events: registrationEventSchema },
  },
  /** The person whose phone let this browser go on is signed in here, for taking up one registration. */
  enterByTicket: {
    method: 'POST',
    path: '/api/registrations/scanned',
    permission: 'registration.fill-in',
    answer: z.array(registrationSchema).max(maxCount.parts),
  },
  /** Those that name the person who asks as main handler, newest first. */
  registrationsOfPerson: {
    method: 'GET',
    path: '/api/registrations/of-person',
    permission: 'registration.take-up',
    answer: z.array(registrationSchema).max(maxCount.parts),
  },
  /** It goes on in this browser, and in no other. */
  takeUpRegistration: {
    method: 'POST',
    path: '/api/registrations/:id/taking-up',
    permission: 'registration.take-up',
    params: z.object({ id: ulidSchema }),
    answer: registrationSchema,
  },
} as const satisfies ServerRoutes;

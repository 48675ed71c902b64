/** A person's own entry on the phone: how one comes in, what one agrees to, who one is. */
import { z } from 'zod';
import { mobileSchema } from '../../accounts/operators.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';
import { typedCodeSchema } from '../../text/written.ts';

const name = z.string().max(maxLength.name);
const programme = z.string().min(1).max(64);

export const agreementIdSchema = z.enum(['terms', 'privacy', 'face']);
export type AgreementId = z.infer<typeof agreementIdSchema>;

/** A document in the version that was shown. */
export const agreedSchema = z.strictObject({ document: agreementIdSchema, version: z.string().max(20) });
export type Agreed = z.infer<typeof agreedSchema>;

export const codeSchema = typedCodeSchema(6).regex(/^\d{6}$/);
export const sendCodeSchema = z.strictObject({ programme, mobile: mobileSchema });
/** The same, whether the number is known here or not. */
export const codeSentSchema = z.object({ resendAfterMs: z.int(), expiresAfterMs: z.int() });

export const mobileSignInSchema = z.strictObject({
  programme,
  mobile: mobileSchema,
  code: codeSchema,
  /** What is ticked: terms and privacy, in their present versions. */
  agreements: z.array(agreedSchema).max(3),
});
export type MobileSignIn = z.infer<typeof mobileSignInSchema>;

export const consentViewSchema = z.object({
  document: agreementIdSchema,
  version: name,
  at: instantSchema,
  withdrawnAt: instantSchema.exactOptional(),
  /** It stands, and the document has not changed since. */
  isCurrent: z.boolean(),
});
export type ConsentView = z.infer<typeof consentViewSchema>;

/** Oneself, masked. */
export const personViewSchema = z.object({
  mobile: name,
  name: name.exactOptional(),
  idNumber: name.exactOptional(),
  /** checked: name and number belong to this mobile, the face is still to be seen. */
  realName: z.enum(['none', 'checked', 'done']),
  realNameAt: instantSchema.exactOptional(),
  /** The number under which this person was here before: with the face it gives way to the present one. */
  takesOver: name.exactOptional(),
  /** Newest first. */
  consents: z.array(consentViewSchema).max(maxCount.parts),
  /** Documents that have to be agreed to before anything else: new, or changed since. */
  due: z.array(agreementIdSchema).max(3),
  hasFaceConsent: z.boolean(),
  todos: z.int(),
  unread: z.int(),
});
export type PersonView = z.infer<typeof personViewSchema>;

const ofProgramme = z.object({ programme });

export const mobileSessionRoutes = {
  sendSignInCode: {
    method: 'POST',
    path: '/api/mobile/codes',
    permission: 'session.open',
    body: sendCodeSchema,
    answer: codeSentSchema,
  },
  mobileSignIn: {
    method: 'POST',
    path: '/api/mobile/session',
    permission: 'session.open',
    body: mobileSignInSchema,
    answer: personViewSchema,
  },
  person: {
    method: 'GET',
    path: '/api/mobile/me',
    permission: 'person.own',
    query: ofProgramme,
    answer: personViewSchema,
  },
  agree: {
    method: 'POST',
    path: '/api/mobile/agreements',
    permission: 'person.own',
    body: z.strictObject({ programme, agreements: z.array(agreedSchema).min(1).max(3) }),
    answer: personViewSchema,
  },
  /** The others stand as long as the account does. */
  withdrawFaceConsent: {
    method: 'DELETE',
    path: '/api/mobile/agreements/face',
    permission: 'person.own',
    query: ofProgramme,
    answer: personViewSchema,
  },
  /** 实名认证, its first half; the face is the second. */
  checkRealName: {
    method: 'POST',
    path: '/api/mobile/real-name',
    permission: 'person.own',
    /** As they were typed. */
    body: z.strictObject({ programme, name: z.string().max(100), idNumber: z.string().max(50) }),
    answer: personViewSchema,
  },
  /** A copy of one's own data, JSON, nothing masked. */
  ownData: {
    method: 'GET',
    path: '/api/mobile/own-data',
    permission: 'person.own',
    query: ofProgramme,
    answer: { bytes: 'application/json; charset=utf-8' },
  },
  /** 账号注销 is confirmed by a code of its own, where no real name is proved; else by the face. */
  sendErasureCode: {
    method: 'POST',
    path: '/api/mobile/erasure-codes',
    permission: 'person.own',
    body: z.strictObject({ programme }),
    answer: codeSentSchema,
  },
  eraseAccount: {
    method: 'POST',
    path: '/api/mobile/erasure',
    permission: 'person.own',
    body: z.strictObject({ code: codeSchema }),
    answer: z.object({}),
  },
} as const satisfies ServerRoutes;

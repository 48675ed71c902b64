import { z } from 'zod';
import { assuranceSchema } from '../../accounts/assurance.ts';
import { identitySchema } from '../../accounts/identity.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, subjectSchema } from '../../primitives.ts';
import { keyStandingSchema } from '../../record/standing.ts';
import type { KioskRoutes } from '../route.ts';
import { nothing } from './params.ts';

export const sessionSchema = z.object({
  id: z.string().max(maxLength.name),
  subject: subjectSchema,
  /** Of the UKey, where somebody logged in by one. */
  tokenId: z.string().max(maxLength.name).exactOptional(),
  /** Who acts. */
  holderName: z.string().max(maxLength.name),
  /** For whom, where it is not for oneself: shown wherever the act is. */
  onBehalfOf: identitySchema.exactOptional(),
  /** By whose word the key was let in, where somebody signed in by one. */
  key: keyStandingSchema.exactOptional(),
  /** What was proved, by which way: a company's UKey proves the company. */
  assurance: assuranceSchema,
  programme: z.string().max(maxLength.name),
  /** Undefined until 登录主体 is chosen. */
  role: z.string().max(maxLength.name).optional(),
  startedAt: instantSchema,
});

export type Session = z.infer<typeof sessionSchema>;

export const tokenCertificateViewSchema = z.object({
  id: z.string().max(maxLength.name),
  use: z.enum(['sign', 'encrypt']),
  serialNumber: z.string().max(maxLength.name),
  holderName: z.string().max(maxLength.name),
  creditCode: z.string().max(maxLength.name).optional(),
  issuerName: z.string().max(maxLength.name),
  notBefore: instantSchema,
  notAfter: instantSchema,
  /** Whole days left; negative when expired. */
  daysLeft: z.int(),
  /** The person it was issued to, where it is a person's (法定代表人). */
  personName: z.string().max(maxLength.name).optional(),
  /** What the authority's revocation list says; unknown: no list of this authority is here. */
  revocation: z
    .object({
      state: z.enum(['good', 'revoked', 'stale', 'unknown']),
      thisUpdate: instantSchema.optional(),
      nextUpdate: instantSchema.optional(),
    })
    .optional(),
});

export const tokenViewSchema = z.object({
  id: z.string().max(maxLength.name),
  label: z.string().max(maxLength.name),
  serialNumber: z.string().max(maxLength.name),
  simulated: z.boolean(),
  pin: z.object({
    locked: z.boolean(),
    lastTry: z.boolean(),
    countLow: z.boolean(),
    isDefault: z.boolean(),
    remainingTries: z.int().optional(),
    maxTries: z.int().optional(),
  }),
  certificates: z.array(tokenCertificateViewSchema).max(maxCount.parts),
});

export type TokenView = z.infer<typeof tokenViewSchema>;

export const loginRequestSchema = z.object({
  tokenId: z.string().max(maxLength.name),
  certificateId: z.string().max(maxLength.name),
  pin: z.string().max(64),
  /** Of those that the station offers; the station's own if left out. */
  programme: z.string().max(maxLength.name).optional(),
});

/** 刷身份证: the page waits until a card is laid on the reader. */
export const cardLoginSchema = z.strictObject({ programme: z.string().max(maxLength.name).optional() });

/** 帮办代办: who offers to act, for the consent of whoever is acted for. */
export const assistantSchema = z.object({
  /** Good for two minutes, once. */
  ticket: z.string().max(maxLength.name),
  name: z.string().max(maxLength.name),
  /** Whose staff it is. */
  office: z.string().max(maxLength.name),
});
export type Assistant = z.infer<typeof assistantSchema>;

/** For the records from other stations, where they need the key once more. */
export const proveRequestSchema = z.object({ pin: z.string().max(64) });

export const changePinRequestSchema = z.object({
  tokenId: z.string().max(maxLength.name),
  pin: z.string().max(64),
  newPin: z.string().max(64),
});

export const roleRequestSchema = z.object({ role: z.string().max(maxLength.name) });

export const sessionRoutes = {
  tokens: {
    method: 'GET',
    path: '/api/tokens',
    permission: 'page',
    answer: z.array(tokenViewSchema).max(maxCount.list),
  },
  login: {
    method: 'POST',
    path: '/api/session',
    permission: 'page',
    body: loginRequestSchema,
    answer: sessionSchema,
  },
  loginByCard: {
    method: 'POST',
    path: '/api/session/card',
    permission: 'page',
    body: cardLoginSchema,
    answer: sessionSchema,
  },
  /** The key of the staff; nobody is signed in by it. */
  presentAssistant: {
    method: 'POST',
    path: '/api/session/assistant',
    permission: 'page',
    body: loginRequestSchema,
    answer: assistantSchema,
  },
  /** Waits for the card of whoever consents; the session is that person's, by the hand of the staff. */
  loginAssisted: {
    method: 'POST',
    path: '/api/session/assisted',
    permission: 'page',
    body: z.strictObject({ ticket: z.string().max(maxLength.name) }),
    answer: sessionSchema,
  },
  role: {
    method: 'PUT',
    path: '/api/session/role',
    permission: 'subject',
    body: roleRequestSchema,
    answer: sessionSchema,
  },
  logout: {
    method: 'DELETE',
    path: '/api/session',
    permission: 'page',
    answer: z.object({ draftsKeptUntil: instantSchema.optional() }),
  },
  /** The PIN once more, so that the server shows the subject's records from other stations. How it goes comes as an event. */
  proveSubject: {
    method: 'POST',
    path: '/api/session/subject-proof',
    permission: 'subject',
    body: proveRequestSchema,
    answer: nothing,
  },
  changePin: {
    method: 'PUT',
    path: '/api/tokens/pin',
    permission: 'page',
    body: changePinRequestSchema,
    answer: nothing,
  },
} as const satisfies KioskRoutes;

/** What the sandbox knows, and what it can be told over HTTP and on its pages. */
import { z } from 'zod';
import { businessAccountSchema } from '#domain/contracts/outside/institution-accounts.ts';
import { faceDoneSchema, faceRequestSchema } from '#domain/contracts/outside/face.ts';
import { idNumberSchema, mobileSchema, personNameSchema } from '#domain/contracts/outside/people.ts';
import {
  issuedKeySchema,
  qualificationSchema,
  registeredBusinessSchema,
} from '#domain/contracts/outside/registers.ts';
import { marketCertificateSchema } from '#domain/catalogue/synchronise.ts';
import { outsideServiceIds } from '#domain/contracts/outside/services.ts';
import { idNumberFault, isCreditCode } from '#domain/fields/check-digits.ts';
import { instantSchema } from '#domain/primitives.ts';

const creditCodeSchema = z.string().refine(isCreditCode, { error: '统一社会信用代码不正确（校验码不符）' });

export const personSchema = z.strictObject({
  name: personNameSchema,
  idNumber: idNumberSchema.refine((number) => idNumberFault(number) === undefined, {
    error: '身份证号码不正确（日期或校验码不符）',
  }),
  mobile: mobileSchema,
});
export type SandboxPerson = z.infer<typeof personSchema>;

export const businessSchema = z.strictObject({
  ...registeredBusinessSchema.shape,
  creditCode: creditCodeSchema,
});
export type SandboxBusiness = z.infer<typeof businessSchema>;

export const keySchema = z.strictObject({ creditCode: creditCodeSchema, ...issuedKeySchema.shape });
export type SandboxKey = z.infer<typeof keySchema>;

export const sandboxQualificationSchema = z.strictObject({
  idNumber: idNumberSchema.refine((number) => idNumberFault(number) === undefined, {
    error: '身份证号码不正确（日期或校验码不符）',
  }),
  ...qualificationSchema.shape,
});
export type SandboxQualification = z.infer<typeof sandboxQualificationSchema>;

/** Of an enterprise at the national platform, and with `idNumber` of one of its persons. */
export const sandboxMarketSchema = z.strictObject({
  creditCode: creditCodeSchema,
  idNumber: idNumberSchema.exactOptional(),
  ...marketCertificateSchema.shape,
  /** It counts, and is not handed out: the platform answers with half of what it has. */
  isHeldBack: z.boolean().default(false),
});
export type SandboxMarketCertificate = z.infer<typeof sandboxMarketSchema>;

/** Of a business system in which institutions had accounts before. */
export const institutionAccountSchema = z.strictObject({
  system: z.string().min(1).max(64),
  ...businessAccountSchema.shape,
  openingId: businessAccountSchema.shape.openingId.default(null),
  /** Of RFC 6238, hexadecimal; empty: no code opens it. */
  otpSecret: z
    .string()
    .regex(/^(?:[0-9A-Fa-f]{2})*$/)
    .max(128)
    .default(''),
  /** The last code that was used, by its number. */
  usedStep: z.int().default(0),
  /** Of keys' signing certificates. */
  keySerials: z.array(keySchema.shape.serial).max(20).default([]),
});
export type SandboxInstitutionAccount = z.infer<typeof institutionAccountSchema>;

export const messageSchema = z.object({
  id: z.string(),
  at: instantSchema,
  mobile: mobileSchema,
  text: z.string(),
  /** The digits in it that look like a code. */
  code: z.string().exactOptional(),
});
export type SandboxMessage = z.infer<typeof messageSchema>;

export const faceCheckSchema = z.object({
  checkId: z.string(),
  at: instantSchema,
  request: faceRequestSchema,
  done: faceDoneSchema.exactOptional(),
});
export type SandboxFaceCheck = z.infer<typeof faceCheckSchema>;

const word = z.string().trim().min(1).max(100);
/** Of 统一身份认证: a unit, a person, or a person who comes for a unit. What a number must be is for the server to find out. */
export const openidUserSchema = z.strictObject({
  login: z.string({ error: '请填写登录名' }).regex(/^[\w.-]{1,40}$/, { error: '登录名用字母和数字' }),
  unitName: word.exactOptional(),
  creditCode: word.exactOptional(),
  name: word.exactOptional(),
  idNumber: word.exactOptional(),
});
export type SandboxOpenidUser = z.infer<typeof openidUserSchema>;
export const redirectUrisSchema = z.array(z.url()).max(20);

export const openidStateSchema = z.object({
  /** As people call the service, and the programme that it signs people in to. */
  name: word,
  programme: word,
  users: z.array(openidUserSchema),
  redirectUris: redirectUrisSchema.default([]),
});
export type SandboxOpenid = z.infer<typeof openidStateSchema>;

export const stateSchema = z.object({
  openid: openidStateSchema,
  persons: z.array(personSchema),
  businesses: z.array(businessSchema),
  keys: z.array(keySchema),
  qualifications: z.array(sandboxQualificationSchema).default([]),
  market: z.array(sandboxMarketSchema).default([]),
  institutionAccounts: z.array(institutionAccountSchema).default([]),
  messages: z.array(messageSchema).default([]),
  checks: z.array(faceCheckSchema).default([]),
});

export const modeNames = {
  normal: '正常',
  fail: '故障（500）',
  slow: '变慢',
  refuse: '拒绝（403）',
  garbage: '乱码',
  stray: '答非所问',
  oversize: '过长的回答',
  redirect: '转到别的地址',
} as const;
export type Mode = keyof typeof modeNames;
const modes = Object.keys(modeNames) as [Mode, ...Mode[]];

/** What an attacker on the way, or a broken service, might answer in place of the true result; each says "passed". */
export const forgeryNames = {
  unsigned: '没有签名',
  'wrong-key': '别的密钥签名',
  tampered: '签名后改动',
  'other-person': '别人的结果',
  'other-about': '别的事项的结果',
  'other-nonce': '别的随机数的结果',
  'other-check': '别的识别的结果',
  replayed: '重放上一次的结果',
  old: '过期的结果',
} as const;
export type Forgery = keyof typeof forgeryNames;
const forgeries = Object.keys(forgeryNames) as [Forgery, ...Forgery[]];

export const openidModeNames = { normal: '正常', fail: '故障（500）', slow: '变慢' } as const;
export const openidForgeryNames = {
  'wrong-nonce': '别的随机数的结果',
  'wrong-issuer': '别的服务的结果',
  'wrong-audience': '给别的系统的结果',
  unsigned: '没有签名',
  'wrong-key': '别的密钥签名',
  tampered: '签名后改动',
  expired: '过期的结果',
} as const;
export type OpenidForgery = keyof typeof openidForgeryNames;
export const openidBehaviourSchema = z.strictObject({
  mode: z.enum(Object.keys(openidModeNames) as [keyof typeof openidModeNames]).default('normal'),
  delayMs: z.int().min(0).max(120_000).default(5_000),
  forgery: z.enum(Object.keys(openidForgeryNames) as [OpenidForgery]).exactOptional(),
});
export type OpenidBehaviour = z.infer<typeof openidBehaviourSchema>;

export const behaviourSchema = z.strictObject({
  mode: z.enum(modes),
  /** Of `slow`. */
  delayMs: z.int().min(0).max(120_000).default(5_000),
  /** Of the results of 人脸识别. */
  forgery: z.enum(forgeries).exactOptional(),
});
export type Behaviour = z.infer<typeof behaviourSchema>;

export const behaviourChangeSchema = z.strictObject({
  service: z.enum([...outsideServiceIds, 'all']),
  ...behaviourSchema.shape,
});
export type BehaviourChange = z.input<typeof behaviourChangeSchema>;

export const requestSchema = z.object({
  at: instantSchema,
  service: z.enum(outsideServiceIds),
  operation: z.string(),
  status: z.int(),
  body: z.unknown(),
});
export type SandboxRequest = z.infer<typeof requestSchema>;

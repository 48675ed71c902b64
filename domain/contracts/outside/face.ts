/** 人脸识别: the service shows the person its own page, and signs what came of it. */
import { z } from 'zod';
import { canonicalJson } from '../../canonical-json.ts';
import { instantSchema, sha256Schema } from '../../primitives.ts';
import { idNumberSchema, personNameSchema } from './people.ts';
import type { OutsideService } from './service.ts';

const checkIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/)
  .describe('本次人脸识别的编号');
const aboutSchema = z.string().min(1).max(200).describe('所确认的事项，原样写入结果');
const nonceSchema = z.string().min(32).max(200).describe('只属于本次请求的随机数，原样写入结果');
const pageUrlSchema = z.url({ protocol: /^https?$/ }).max(2_000);

export const faceRequestSchema = z.strictObject({
  name: personNameSchema,
  idNumber: idNumberSchema,
  purpose: z.string().min(1).max(500).describe('用途，显示给本人'),
  about: aboutSchema,
  nonce: nonceSchema,
  returnUrl: pageUrlSchema.describe('完成后本人的页面转到的地址'),
});

/** `url`: the service's page for the person. */
export const faceBegunSchema = z.object({
  checkId: checkIdSchema,
  url: pageUrlSchema.describe('本人要打开的页面'),
});

/** All that a result is about, so that it counts for nothing else. */
export const faceStatementSchema = z.strictObject({
  checkId: checkIdSchema,
  /** Hex, of the number's UTF-8 text. */
  idNumberSha256: sha256Schema.describe('公民身份号码的 SHA-256，十六进制'),
  about: aboutSchema,
  nonce: nonceSchema,
  outcome: z.enum(['passed', 'failed']).describe('passed 通过，failed 不通过'),
  /** When the person was looked at. */
  at: instantSchema.describe('识别的时间，UTC；十分钟后失效'),
});
export type FaceStatement = z.infer<typeof faceStatementSchema>;

/** Ed25519 over the UTF-8 text of `textOfStatement`, base64. */
const signatureSchema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{86}==$/)
  .describe('对 statement 规范 JSON 的 Ed25519 签名，Base64');

export const faceDoneSchema = z.object({
  state: z.literal('done').describe('已完成'),
  statement: faceStatementSchema.describe('所签名的内容'),
  signature: signatureSchema,
});
export const facePendingSchema = z.object({ state: z.literal('pending').describe('本人还没有完成') });
export const faceResultSchema = z.discriminatedUnion('state', [facePendingSchema, faceDoneSchema]);

/** What is signed: the statement with its keys in the order of their code units and no blank between anything (RFC 8785). */
export const textOfStatement = (statement: FaceStatement): string => canonicalJson(statement);

export const faceService = {
  name: '人脸识别',
  about:
    '确认手机前的人就是所称的人。服务向本人显示自己的页面，结果由服务用 Ed25519 私钥签名；服务器只认配置中的公钥。签名的内容是 statement 的规范 JSON（键按字典序、无空白，UTF-8），其中 idNumberSha256 是身份证号码的 SHA-256（十六进制）。',
  operations: {
    begin: {
      method: 'POST',
      path: '/checks',
      summary: '开始一次人脸识别，返回本人要打开的页面',
      request: faceRequestSchema,
      answer: faceBegunSchema,
    },
    result: {
      method: 'GET',
      path: '/checks/:checkId',
      summary: '查询结果；完成后返回签名的结果',
      params: z.strictObject({ checkId: checkIdSchema }),
      answer: faceResultSchema,
    },
  },
} as const satisfies OutsideService;

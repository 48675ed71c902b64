/**
 * What is asked of the business systems in which institutions had accounts before they came here: which accounts a unit has there,
 * whether somebody holds one of them, and to open another. No such system publishes its own way of being asked; this one is ours.
 */
import { z } from 'zod';
import { maxLength, tableOf } from '../../limits.ts';
import type { OutsideService } from './service.ts';

const name = z.string().max(maxLength.name);
const system = name.min(1).describe('业务系统的编号，与服务器配置中的一致');
const kind = name.min(1).describe('机构类型，如审价单位');
const account = name.min(1).describe('业务系统中的账号');

/** GB 32100-2015 whole, or the nine characters of GB 11714 alone, as units were known by before. */
const unitCode = z
  .string()
  .regex(/^(?:[0-9A-Z]{18}|[0-9A-Z]{9})$/)
  .describe('统一社会信用代码，或不带连字符的组织机构代码');

export const findAccountsRequestSchema = z.strictObject({
  system,
  codes: z.array(unitCode).min(1).max(2).describe('统一社会信用代码和其中的组织机构代码'),
});

export const businessAccountSchema = z.object({
  account,
  name: name.describe('账号的单位名称'),
  kind,
  code: unitCode,
  /** Of the opening by which the account came to be; an account that was there before has none. */
  openingId: name.nullable().describe('由本平台开设的账号为开设时的编号，否则为 null'),
});

export const proveAccountRequestSchema = z.strictObject({
  system,
  account,
  proof: z.discriminatedUnion('way', [
    z.strictObject({
      way: z.literal('otp'),
      code: z
        .string()
        .regex(/^\d{6,8}$/)
        .describe('动态口令'),
    }),
    z.strictObject({
      way: z.literal('key'),
      serial: z
        .string()
        .regex(/^[0-9A-Fa-f]{2,64}$/)
        .describe('密钥签名证书的序列号；签名已由服务器核验'),
    }),
  ]),
});

export const openAccountRequestSchema = z.strictObject({
  system,
  openingId: name.min(1).describe('同一编号再次提出时，返回同一账号'),
  kind,
  name: name.min(1).describe('单位名称'),
  creditCode: z
    .string()
    .regex(/^[0-9A-Z]{18}$/)
    .describe('统一社会信用代码'),
  information: tableOf(z.string().max(maxLength.name)).describe('单位填写的其他信息'),
});

export const institutionAccountsService = {
  name: '业务系统账号',
  about: '查询、核验和开设机构在业务系统中的账号。没有公开的接口，本约定由绿灯站自定。',
  operations: {
    find: {
      method: 'POST',
      path: '',
      summary: '查询一个单位已有的账号',
      request: findAccountsRequestSchema,
      answer: z.object({ accounts: z.array(businessAccountSchema).max(200) }),
    },
    prove: {
      method: 'POST',
      path: '/proofs',
      summary: '核验动态口令或密钥是否属于该账号；口令核验后失效',
      request: proveAccountRequestSchema,
      answer: z.object({ matches: z.boolean().describe('不说明哪一项不符') }),
    },
    open: {
      method: 'POST',
      path: '/openings',
      summary: '开设一个账号',
      request: openAccountRequestSchema,
      answer: z.object({ account: account.nullable().describe('已有同类账号时为 null') }),
    },
  },
} as const satisfies OutsideService;

/** What is asked about units: of the business register, and of the company that issues UKeys. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { OutsideService } from './service.ts';

const name = z.string().max(maxLength.name);

export const unitRequestSchema = z.strictObject({ creditCode: z.string().regex(/^[0-9A-Z]{18}$/) });

export const registeredBusinessSchema = z.object({
  creditCode: z.string().regex(/^[0-9A-Z]{18}$/),
  name: name.min(1),
  legalRepresentative: name,
  type: name,
  address: name,
  registeredCapital: name,
  establishedOn: z.iso.date().max(10),
  businessScope: z.string().max(maxLength.text),
  state: z.enum(['active', 'revoked', 'cancelled']),
});

/** null: the register has no such unit. A status 404 does not say so: a wrong address answers it as well. */
export const businessAnswerSchema = z.object({ business: registeredBusinessSchema.nullable() });

export const issuedKeySchema = z.object({
  /** Of the signing certificate, hex. */
  serial: z.string().regex(/^[0-9A-Fa-f]{2,64}$/),
  holderName: name,
  validFrom: instantSchema,
  validUntil: instantSchema,
  state: z.enum(['valid', 'revoked']),
});
export const keysAnswerSchema = z.object({ keys: z.array(issuedKeySchema).max(200) });

export const businessRegisterService = {
  name: '工商备案',
  about: '按统一社会信用代码查询单位的登记信息。没有登记的单位返回 business: null，不返回 404。',
  operations: {
    find: {
      method: 'POST',
      path: '',
      summary: '查询一个单位的登记信息',
      request: unitRequestSchema,
      answer: businessAnswerSchema,
    },
  },
} as const satisfies OutsideService;

export const caCompanyService = {
  name: 'CA公司',
  about: '按统一社会信用代码查询已向单位签发的 UKey。',
  operations: {
    keys: {
      method: 'POST',
      path: '',
      summary: '查询一个单位的 UKey',
      request: unitRequestSchema,
      answer: keysAnswerSchema,
    },
  },
} as const satisfies OutsideService;

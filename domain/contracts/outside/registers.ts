/** What is asked about units: of the business register, and of the company that issues UKeys. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { idNumberSchema } from './people.ts';
import type { OutsideService } from './service.ts';

const name = z.string().max(maxLength.name);

export const creditCodeSchema = z
  .string()
  .regex(/^[0-9A-Z]{18}$/)
  .describe('统一社会信用代码');

export const unitRequestSchema = z.strictObject({ creditCode: creditCodeSchema });

export const registeredBusinessSchema = z.object({
  creditCode: creditCodeSchema,
  name: name.min(1).describe('单位名称'),
  legalRepresentative: name.describe('法定代表人或负责人'),
  type: name.describe('类型，按登记的写法'),
  address: name.describe('住所'),
  registeredCapital: name.describe('注册资本，按登记的写法'),
  establishedOn: z.iso.date().max(10).describe('成立日期'),
  businessScope: z.string().max(maxLength.text).describe('经营范围'),
  state: z.enum(['active', 'revoked', 'cancelled']).describe('active 存续，revoked 吊销，cancelled 注销'),
});

/** null: the register has no such unit. A status 404 does not say so: a wrong address answers it as well. */
export const businessAnswerSchema = z.object({
  business: registeredBusinessSchema.nullable().describe('没有登记时为 null'),
});

export const issuedKeySchema = z.object({
  /** Of the signing certificate, hex. */
  serial: z
    .string()
    .regex(/^[0-9A-Fa-f]{2,64}$/)
    .describe('签名证书的序列号，十六进制'),
  holderName: name.describe('证书上的名称'),
  validFrom: instantSchema.describe('有效期起，UTC'),
  validUntil: instantSchema.describe('有效期止，UTC'),
  state: z.enum(['valid', 'revoked']).describe('valid 有效，revoked 已吊销'),
});
export const keysAnswerSchema = z.object({ keys: z.array(issuedKeySchema).max(200) });

export const keyApplicationRequestSchema = z.strictObject({
  creditCode: creditCodeSchema,
  name: name.min(1).describe('单位名称'),
  legalRepresentative: name.min(1).describe('法定代表人'),
  legalRepresentativeId: name.min(1).describe('法定代表人身份证号码'),
  contactName: name.min(1).describe('联系人'),
  contactPhone: name.min(1).describe('联系电话'),
});
export const keyApplicationAnswerSchema = z.object({
  isAccepted: z.boolean().describe('true 已受理，false 不予受理'),
  reference: name.exactOptional().describe('受理编号'),
  reason: name.exactOptional().describe('不予受理的原因'),
});

export const qualificationSchema = z.object({
  kind: name.min(1).describe('资格名称，如 注册建造师、安全生产考核合格证书（B证）'),
  number: name.describe('证书编号或注册编号'),
  validUntil: z.iso.date().max(10).exactOptional().describe('有效期至；长期有效时不填'),
});
/** Empty: the register has none of that person. */
const qualificationsAnswerSchema = z.object({
  idNumber: idNumberSchema,
  qualifications: z.array(qualificationSchema).max(200),
});

export const qualificationRegisterService = {
  name: '执业资格登记',
  about: '按身份证号码查询人员持有的注册和考核证书。没有登记的人员返回空的 qualifications，不返回 404。',
  operations: {
    find: {
      method: 'POST',
      path: '',
      summary: '查询一个人员的资格',
      request: z.strictObject({ idNumber: idNumberSchema }),
      answer: qualificationsAnswerSchema,
    },
  },
} as const satisfies OutsideService;

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
  about: '按统一社会信用代码查询已向单位签发的 UKey；受理单位办理 UKey 的申请。',
  operations: {
    keys: {
      method: 'POST',
      path: '',
      summary: '查询一个单位的 UKey',
      request: unitRequestSchema,
      answer: keysAnswerSchema,
    },
    apply: {
      method: 'POST',
      path: '/applications',
      summary: '申请为一个单位办理 UKey',
      request: keyApplicationRequestSchema,
      answer: keyApplicationAnswerSchema,
    },
  },
} as const satisfies OutsideService;

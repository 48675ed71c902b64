/** Rows of an outside register that come into a list as records to be completed: 同步全国建筑市场监管公共服务平台数据. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { fieldIdSchema, idSchema } from './ids.ts';

const name = z.string().max(maxLength.name);

/** A row of the national platform of the building market. */
export const marketCertificateSchema = z.object({
  id: name.min(1).describe('平台上这一条的编号，不变'),
  name: name.min(1).describe('资质名称，或注册证书名称'),
  number: name.describe('证书编号或注册编号'),
  grade: name.exactOptional().describe('资质等级'),
  lines: z.string().max(2_000).exactOptional().describe('资质类别及等级，证书上的全文'),
  authority: name.exactOptional().describe('发证机关'),
  validUntil: z.iso.date().max(10).exactOptional().describe('有效期至；长期有效时不填'),
  scope: name.exactOptional().describe('适用范围'),
  isMain: z.enum(['yes', 'no']).exactOptional().describe('是否主项资质'),
  person: name.exactOptional().describe('注册人员姓名'),
  speciality: name.exactOptional().describe('注册专业'),
});
export type MarketCertificate = z.infer<typeof marketCertificateSchema>;
/** What of a row may fill a record. */
const marketKeySchema = z.enum([
  'name',
  'number',
  'grade',
  'lines',
  'authority',
  'validUntil',
  'scope',
  'isMain',
  'person',
  'speciality',
]) satisfies z.ZodType<Exclude<keyof MarketCertificate, 'id'>>;

export const synchroniseSchema = z.strictObject({
  /** On the button. */
  label: z.string().min(1).max(60),
  from: z.literal('building-market'),
  /** Asked for a person: the answer that holds the id number. Left out: the subject's own. */
  person: fieldIdSchema.exactOptional(),
  slot: idSchema,
  /** Fields of the paper, by what of the row fills them. */
  fills: z.record(fieldIdSchema, marketKeySchema),
  /** Answers that nobody is asked: what of the row says them. Of a choice the one whose `paper` is so. */
  answers: z.record(fieldIdSchema, marketKeySchema).default({}),
});
export type Synchronise = z.infer<typeof synchroniseSchema>;

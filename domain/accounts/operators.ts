/** Operators of an organisation: persons whom its main account lets in, and who may change nothing of themselves but the password. */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import { instantSchema } from '../primitives.ts';

/** A mobile number of the mainland, as typed without spaces. */
export const mobileSchema = z.string().regex(/^1[3-9]\d{9}$/, { error: '请填写 11 位手机号码' });

/** 可用, 不可使用. Whoever is 删除d is not usable; the record stays. */
export const operatorStateSchema = z.enum(['usable', 'unusable']);
export type OperatorState = z.infer<typeof operatorStateSchema>;

/** `name` as the ID card has it, `mobile` as it is bound to that card: both are checked together before anything is kept. */
export const newOperatorSchema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  mobile: mobileSchema,
});
export type NewOperator = z.infer<typeof newOperatorSchema>;

/** All that may change; a name is another person's. */
export const operatorChangeSchema = z
  .strictObject({ mobile: mobileSchema.exactOptional(), state: operatorStateSchema.exactOptional() })
  .refine((change) => Object.keys(change).length > 0, { error: '没有要修改的内容' });
export type OperatorChange = z.infer<typeof operatorChangeSchema>;

export const operatorSchema = z.object({
  id: z.string().max(64),
  name: z.string().max(maxLength.name),
  mobile: z.string().max(maxLength.name),
  state: operatorStateSchema,
  createdAt: instantSchema,
  lastSignInAt: instantSchema.exactOptional(),
  /** The password was made for the person, who has not chosen another yet. */
  passwordIssuedAt: instantSchema.exactOptional(),
});
export type Operator = z.infer<typeof operatorSchema>;

/** Operators of an organisation: persons whom its main account lets in, and who may change nothing of themselves but the password. */
import { z } from 'zod';
import { maxCount, maxLength } from '../limits.ts';
import { instantSchema } from '../primitives.ts';
import { canonicalPersonName } from '../text/person-name.ts';
import { cleanCode } from '../text/written.ts';

/** A mobile number of the mainland; spaces and full-width digits of what was typed are gone. */
export const mobileSchema = z
  .string()
  .overwrite(cleanCode)
  .regex(/^1[3-9]\d{9}$/, { error: '请填写 11 位手机号码' });

/** 可用, 不可使用. Whoever is 删除d is not usable; the record stays. */
export const operatorStateSchema = z.enum(['usable', 'unusable']);
export type OperatorState = z.infer<typeof operatorStateSchema>;

const programme = z.string().min(1).max(64);

/** `name` as the ID card has it, `mobile` as it is bound to that card: both are checked together before anything is kept. */
export const newOperatorSchema = z.strictObject({
  /** At whose portal the operator signs in. */
  programme,
  name: z
    .string()
    .max(64)
    .overwrite(canonicalPersonName)
    .min(1, { error: '请填写操作员姓名，与身份证一致' })
    .regex(/^[^0-9]*$/u, { error: '姓名中不会有数字，请对照身份证核对' }),
  mobile: mobileSchema,
  /** Business systems that the operator is let into: programmes. */
  systems: z.array(programme).min(1, { error: '请选择可进入的业务系统' }).max(50),
});
export type NewOperator = z.infer<typeof newOperatorSchema>;

/** Another first password is made and sent. */
export const newPasswordSchema = z.strictObject({ programme });

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
  /** Programmes that the account is let into. */
  systems: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
  /** The administrator found the application right: real name, ID card and number are one person's. */
  realNameAt: instantSchema.exactOptional(),
  createdAt: instantSchema,
  lastSignInAt: instantSchema.exactOptional(),
  /** The password was made for the person, who has not chosen another yet. */
  passwordIssuedAt: instantSchema.exactOptional(),
});
export type Operator = z.infer<typeof operatorSchema>;

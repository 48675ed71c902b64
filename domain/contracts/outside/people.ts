/** How persons are named to outside services. */
import { z } from 'zod';
import { mobileSchema as anyMobileSchema } from '../../accounts/operators.ts';

export const mobileSchema = anyMobileSchema.describe('手机号码，11 位');
export const personNameSchema = z.string().trim().min(1).max(64).describe('姓名，与身份证一致');
/** GB 11643-1999, the letter as capital. */
export const idNumberSchema = z
  .string()
  .regex(/^\d{17}[\dX]$/)
  .describe('公民身份号码，18 位，末位 X 大写');

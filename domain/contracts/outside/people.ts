/** How persons are named to outside services. */
import { z } from 'zod';
import { mobileSchema } from '../../accounts/operators.ts';

export { mobileSchema };
export const personNameSchema = z.string().trim().min(1).max(64);
/** GB 11643-1999, the letter as capital. */
export const idNumberSchema = z.string().regex(/^\d{17}[\dX]$/);

import { z } from 'zod';
import { maxLength } from '../../limits.ts';

/** `verificationCode` as somebody typed it. */
export const credentialLookUpSchema = z.object({
  uniqueCode: z.string().max(40),
  verificationCode: z.string().max(maxLength.name).default(''),
});

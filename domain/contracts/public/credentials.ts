import { z } from 'zod';
import { longest } from '../../limits.ts';

/** `verificationCode` as somebody typed it. */
export const certificateLookUpSchema = z.object({
  uniqueCode: z.string().max(40),
  verificationCode: z.string().max(longest.name).default(''),
});

import { z } from 'zod';
import { longest, most } from '../../limits.ts';
import { instantSchema } from '../../record/schema.ts';

export const accountViewSchema = z.object({
  id: z.string().max(longest.name),
  name: z.string().max(longest.name),
  department: z.string().max(longest.name),
  permissions: z.array(z.string().max(longest.name)).max(most.parts),
});

export type AccountView = z.infer<typeof accountViewSchema>;

/** Somebody who must choose a password before anything else: who made the present one, and when. */
export const signedInSchema = accountViewSchema.extend({
  mustChangePassword: z
    .object({ at: instantSchema, by: z.string().max(longest.name), isReset: z.boolean() })
    .exactOptional(),
});

export type SignedIn = z.infer<typeof signedInSchema>;

export const leastPasswordLength = 10;

export const mostPasswordLength = 128;

export const changePasswordSchema = z.strictObject({
  current: z.string().min(1).max(mostPasswordLength),
  next: z.string().min(1).max(mostPasswordLength),
});

export type ChangePassword = z.infer<typeof changePasswordSchema>;

export const signInSchema = z.object({
  account: z.string().min(1).max(64),
  password: z.string().min(1).max(128),
});

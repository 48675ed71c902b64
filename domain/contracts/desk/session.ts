import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

export const accountViewSchema = z.object({
  id: z.string().max(maxLength.name),
  name: z.string().max(maxLength.name),
  department: z.string().max(maxLength.name),
  permissions: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
});

export type AccountView = z.infer<typeof accountViewSchema>;

/** Somebody who must choose a password before anything else: who made the present one, and when. */
export const signedInSchema = accountViewSchema.extend({
  mustChangePassword: z
    .object({ at: instantSchema, by: z.string().max(maxLength.name), isReset: z.boolean() })
    .exactOptional(),
});

export type SignedIn = z.infer<typeof signedInSchema>;

export const minPasswordLength = 10;

export const maxPasswordLength = 128;

export const changePasswordSchema = z.strictObject({
  current: z.string().min(1).max(maxPasswordLength),
  next: z.string().min(1).max(maxPasswordLength),
});

export type ChangePassword = z.infer<typeof changePasswordSchema>;

export const signInSchema = z.object({
  account: z.string().min(1).max(64),
  password: z.string().min(1).max(128),
});

export const deskSessionRoutes = {
  signIn: {
    method: 'POST',
    path: '/api/session',
    permission: 'session.open',
    body: signInSchema,
    answer: signedInSchema,
  },
  me: { method: 'GET', path: '/api/session', permission: 'session.own', answer: signedInSchema },
  /** One's own; other sessions of the account end. The only thing, beside `me` and `signOut`, with a password that somebody else made. */
  changePassword: {
    method: 'PUT',
    path: '/api/session/password',
    permission: 'session.own',
    body: changePasswordSchema,
    answer: signedInSchema,
  },
  signOut: { method: 'DELETE', path: '/api/session', permission: 'session.own', answer: z.object({}) },
} as const satisfies ServerRoutes;

/** 点击注册 at a portal whose accounts are mobile numbers. */
import { z } from 'zod';
import { mobileSchema } from '../../accounts/operators.ts';
import { maxPasswordLength } from '../desk/session.ts';
import type { ServerRoutes } from '../route.ts';
import { portalParams } from './portals.ts';
import { codeSchema } from '../mobile/session.ts';
import { lineSchema } from '../../text/written.ts';

export const newMobileAccountSchema = z.strictObject({
  name: lineSchema(64),
  mobile: mobileSchema,
  code: codeSchema,
  password: z.string().min(1).max(maxPasswordLength),
});
export type NewMobileAccount = z.infer<typeof newMobileAccountSchema>;

const newPasswordSchema = newMobileAccountSchema.omit({ name: true });
export type NewMobilePassword = z.infer<typeof newPasswordSchema>;
const codeSentSchema = z.object({ resendAfterMs: z.int(), expiresAfterMs: z.int() });

export const mobileAccountRoutes = {
  /** A number that has an account is answered like one that has none. SMS_TOO_SOON, SERVICE_MISSING, SERVICE_UNREACHABLE. */
  sendMobileAccountCode: {
    method: 'POST',
    path: '/api/portals/:programme/mobile-accounts/code',
    permission: 'session.open',
    params: portalParams,
    body: z.strictObject({ mobile: mobileSchema }),
    answer: codeSentSchema,
  },
  /** PASSWORD_TOO_WEAK before the code is looked at; SMS_CODE_WRONG; MOBILE_REGISTERED for whoever has the number in hand. */
  openMobileAccount: {
    method: 'POST',
    path: '/api/portals/:programme/mobile-accounts',
    permission: 'session.open',
    params: portalParams,
    body: newMobileAccountSchema,
    answer: z.object({ account: z.string().max(20) }),
  },
  /** 忘记密码. A number that has no account is answered like one that has, and nobody is written to. */
  sendMobilePasswordCode: {
    method: 'POST',
    path: '/api/portals/:programme/mobile-accounts/password-code',
    permission: 'session.open',
    params: portalParams,
    body: z.strictObject({ mobile: mobileSchema }),
    answer: codeSentSchema,
  },
  /** PASSWORD_TOO_WEAK before the code is looked at; SMS_CODE_WRONG; ACCOUNT_FROZEN, ACCOUNT_DISABLED. Every session ends. */
  chooseMobilePassword: {
    method: 'PUT',
    path: '/api/portals/:programme/mobile-accounts/password',
    permission: 'session.open',
    params: portalParams,
    body: newPasswordSchema,
    answer: z.object({ account: z.string().max(20) }),
  },
} as const satisfies ServerRoutes;

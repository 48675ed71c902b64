/** 账号管理 at the desk: its messages, once. For accounts with `accountsPermission`; the administrator's commands obey the same rules. */
import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, ulidSchema } from '../../primitives.ts';
import { accountViewSchema } from './session.ts';
import type { ServerRoutes } from '../route.ts';
import { cleanLine, lineSchema } from '../../text/written.ts';

export const accountRowSchema = accountViewSchema.extend({
  createdAt: instantSchema,
  disabledAt: instantSchema.optional(),
  lastSignInAt: instantSchema.optional(),
  /** The present password was made for the person, who has not chosen another yet. */
  passwordIssuedAt: instantSchema.optional(),
});

export type AccountRow = z.infer<typeof accountRowSchema>;

/** `department` is empty for somebody who works for none or for all. */
export const accountChangeSchema = z.strictObject({
  name: lineSchema(64),
  department: z.string().overwrite(cleanLine).max(100),
  permissions: z.array(z.string().min(1).max(64)).min(1).max(50),
});

export type AccountChange = z.infer<typeof accountChangeSchema>;

/** What a person types to sign in: letters, figures and `. _ -`. */
export const accountIdSchema = z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u);

export const newAccountSchema = accountChangeSchema.extend({ id: accountIdSchema });

export type NewAccount = z.infer<typeof newAccountSchema>;

/** Passwords of this account are being tried; the account itself goes on. */
export const guessingAlarmSchema = z.object({
  id: ulidSchema,
  account: z.string().max(maxLength.name),
  at: instantSchema,
});

export type GuessingAlarm = z.infer<typeof guessingAlarmSchema>;

export const accountListSchema = z.object({
  accounts: z.array(accountRowSchema).max(maxCount.list),
  /** Oldest first, until somebody acknowledges them. */
  guessing: z.array(guessingAlarmSchema).max(maxCount.parts),
  /** What may be given: those of the workflows' steps and the desk's own. */
  permissions: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
  /** Those that cases are opened at, and those that accounts have. */
  departments: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
});

export type AccountList = z.infer<typeof accountListSchema>;

/** The password is made by the server and shown this once. */
export const issuedPasswordSchema = z.object({
  account: accountRowSchema,
  password: z.string().max(maxLength.name),
});

export type IssuedPassword = z.infer<typeof issuedPasswordSchema>;

export const accountStateSchema = z.strictObject({ isDisabled: z.boolean() });

/** What was done to one account, newest first; `action` is one of those that the server notes. */
export const accountOperationsSchema = z
  .array(
    z.object({
      at: instantSchema,
      actor: z.string().max(maxLength.name),
      action: z.string().max(maxLength.text),
    }),
  )
  .max(maxCount.parts);

export type AccountOperation = z.infer<typeof accountOperationsSchema>[number];

/** The command took any id once: what is there must remain within reach. */
const accountParams = z.object({ id: z.string().min(1).max(64) });

export const accountRoutes = {
  accounts: { method: 'GET', path: '/api/accounts', permission: 'account.list', answer: accountListSchema },
  addAccount: {
    method: 'POST',
    path: '/api/accounts',
    permission: 'account.add',
    body: newAccountSchema,
    answer: issuedPasswordSchema,
  },
  changeAccount: {
    method: 'PUT',
    path: '/api/accounts/:id',
    permission: 'account.change',
    params: accountParams,
    body: accountChangeSchema,
    answer: accountRowSchema,
  },
  resetPassword: {
    method: 'POST',
    path: '/api/accounts/:id/password',
    permission: 'account.reset-password',
    params: accountParams,
    answer: issuedPasswordSchema,
  },
  disableAccount: {
    method: 'PUT',
    path: '/api/accounts/:id/state',
    permission: 'account.disable',
    params: accountParams,
    body: accountStateSchema,
    answer: accountRowSchema,
  },
  /** Answers the list as it is then. */
  acknowledgeGuessing: {
    method: 'PUT',
    path: '/api/account-alarms/:id',
    permission: 'account.change',
    params: accountParams,
    answer: accountListSchema,
  },
  accountOperations: {
    method: 'GET',
    path: '/api/accounts/:id/operations',
    permission: 'account.operations',
    params: accountParams,
    answer: accountOperationsSchema,
  },
} as const satisfies ServerRoutes;

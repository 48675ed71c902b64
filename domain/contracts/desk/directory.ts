/** 账号查询: every account of every kind, for whoever looks after accounts. Personal data leaves masked; what is unmasked is noted. */
import { z } from 'zod';
import { accountKindSchema } from '../../accounts/schema.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';
import { proseSchema, saidSchema } from '../../text/written.ts';

export const directoryPageSize = 20;

/** usable 启用, pending 待确认, frozen 冻结, disabled 停用. */
export const directoryStateSchema = z.enum(['usable', 'pending', 'frozen', 'disabled']);
export type DirectoryState = z.infer<typeof directoryStateSchema>;

export const directoryRowSchema = z.object({
  id: z.string().max(maxLength.name),
  kind: accountKindSchema,
  name: z.string().max(maxLength.name),
  department: z.string().max(maxLength.name),
  /** Of the unit whose the account is. */
  unit: z
    .object({ name: z.string().max(maxLength.name), code: z.string().max(maxLength.name) })
    .exactOptional(),
  /** Masked. */
  idNumber: z.string().max(maxLength.name).exactOptional(),
  /** Masked. */
  mobile: z.string().max(maxLength.name).exactOptional(),
  state: directoryStateSchema,
  frozen: z
    .object({
      at: instantSchema,
      by: z.string().max(maxLength.name),
      reason: z.string().max(maxLength.text),
      note: z.string().max(maxLength.text),
    })
    .exactOptional(),
  createdAt: instantSchema,
  lastSignInAt: instantSchema.exactOptional(),
});
export type DirectoryRow = z.infer<typeof directoryRowSchema>;

export const directoryQuerySchema = z.strictObject({
  /** Name, account, unit, credit code, or the last digits of a mobile number. */
  search: z.string().max(100).default(''),
  kind: accountKindSchema.exactOptional(),
  state: directoryStateSchema.exactOptional(),
  page: z.coerce.number<string | number>().int().min(1).max(100_000).default(1),
});
export type DirectoryQuery = z.output<typeof directoryQuerySchema>;

export const directoryPageSchema = z.object({
  accounts: z.array(directoryRowSchema).max(maxCount.parts),
  total: z.int().nonnegative(),
});
export type DirectoryPage = z.infer<typeof directoryPageSchema>;

const reasonSchema = saidSchema(200);

/** `reason` is told to whoever signs in there; `note` is for the department alone. */
export const freezeRequestSchema = z.strictObject({
  reason: reasonSchema,
  note: proseSchema(200).default(''),
});
export const thawRequestSchema = z.strictObject({ reason: reasonSchema });

export const personalFieldSchema = z.enum(['idNumber', 'mobile']);
export type PersonalField = z.infer<typeof personalFieldSchema>;
export const unmaskRequestSchema = z.strictObject({ field: personalFieldSchema, reason: reasonSchema });
export const unmaskedSchema = z.object({ value: z.string().max(maxLength.name) });

/** Shown once. */
export const registrantPasswordSchema = z.object({ password: z.string().max(maxLength.name) });

const idParams = z.object({ id: z.string().min(1).max(64) });

export const directoryRoutes = {
  directory: {
    method: 'GET',
    path: '/api/directory',
    permission: 'account.search',
    query: directoryQuerySchema,
    answer: directoryPageSchema,
  },
  /** 冻结: every session of it ends at once. */
  freezeAccount: {
    method: 'POST',
    path: '/api/directory/:id/freeze',
    permission: 'account.freeze',
    params: idParams,
    body: freezeRequestSchema,
    answer: directoryRowSchema,
  },
  /** 解冻. */
  thawAccount: {
    method: 'POST',
    path: '/api/directory/:id/thaw',
    permission: 'account.thaw',
    params: idParams,
    body: thawRequestSchema,
    answer: directoryRowSchema,
  },
  /** For whoever registered himself and came to the desk with his papers. Every session of it ends at once. */
  resetRegistrantPassword: {
    method: 'POST',
    path: '/api/directory/:id/password',
    permission: 'account.reset-password',
    params: idParams,
    body: z.strictObject({ reason: reasonSchema }),
    answer: registrantPasswordSchema,
  },
  unmaskAccount: {
    method: 'POST',
    path: '/api/directory/:id/unmask',
    permission: 'account.unmask',
    params: idParams,
    body: unmaskRequestSchema,
    answer: unmaskedSchema,
  },
} as const satisfies ServerRoutes;

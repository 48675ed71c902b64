/** 日志 at the desk and at an organisation's back end: its messages, once. Which lines somebody sees, the action says. */
import { z } from 'zod';
import { logHeadSchema, logKindSchema, logLineSchema } from '../../accounts/log-lines.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

export const logPageSize = 50;

export const logQuerySchema = z.strictObject({
  kind: logKindSchema.exactOptional(),
  account: z.string().min(1).max(64).exactOptional(),
  /** `scheme:value`. */
  organisation: z.string().min(1).max(maxLength.name).exactOptional(),
  from: instantSchema.exactOptional(),
  /** Itself not in it. */
  until: instantSchema.exactOptional(),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
export type LogQueryInput = z.output<typeof logQuerySchema>;

export const logPageSchema = z.object({
  /** Newest first. */
  lines: z.array(logLineSchema).max(maxCount.parts),
  total: z.int().nonnegative(),
});
export type LogPage = z.infer<typeof logPageSchema>;

/** What a look at the whole chain found. */
export const logCheckSchema = z.object({
  at: instantSchema,
  lines: z.int().nonnegative(),
  signedTo: z.int().nonnegative(),
  /** In words; empty where nobody has been at it. */
  findings: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
});
export type LogCheck = z.infer<typeof logCheckSchema>;

export const logStateSchema = z.object({
  lines: z.int().nonnegative(),
  signed: logHeadSchema.exactOptional(),
  checked: logCheckSchema.exactOptional(),
});
export type LogState = z.infer<typeof logStateSchema>;

export const logRoutes = {
  logLines: {
    method: 'GET',
    path: '/api/log',
    permission: 'log.read',
    query: logQuerySchema,
    answer: logPageSchema,
  },
  logState: { method: 'GET', path: '/api/log/state', permission: 'log.state', answer: logStateSchema },
  /** Looks at the whole chain now. */
  checkLog: { method: 'POST', path: '/api/log/checks', permission: 'log.state', answer: logStateSchema },
} as const satisfies ServerRoutes;

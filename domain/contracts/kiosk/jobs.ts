import { z } from 'zod';
import { wireErrorSchema } from '../../errors/app-error.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { ulidSchema } from '../../primitives.ts';
import { checkedSchema } from '../../record/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { nothing, recordParams } from './params.ts';

export const jobSchema = z.object({
  id: ulidSchema,
  kind: z.enum(['capture', 'corners', 'check', 'seal', 'card', 'attachment']),
  recordId: ulidSchema,
  slot: z.string().max(maxLength.name),
  state: z.enum(['running', 'done', 'failed']),
  /** Stage of the work, for the progress line: 正在找页面, 正在识别 … (keys of the kiosk's locale). */
  stage: z.enum(['waiting-for-card', 'opening', 'reading', 'extracting', 'scoring', 'sealing', 'storing']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  error: wireErrorSchema.optional(),
  /** What a person should know although the job succeeded: e.g. one page of many could not be read. */
  notes: z
    .array(z.object({ page: z.int().optional(), text: z.string().max(maxLength.text) }))
    .max(maxCount.parts),
  /** capture: the certificate kinds that the pages look like, best first. */
  recognised: z
    .array(z.object({ documentType: z.string().max(maxLength.name), confidence: z.number() }))
    .max(maxCount.parts)
    .optional(),
  checked: checkedSchema.optional(),
});

export type Job = z.infer<typeof jobSchema>;

export const jobRoutes = {
  job: {
    method: 'GET',
    path: '/api/jobs/:id',
    permission: 'subject',
    params: recordParams,
    answer: jobSchema,
  },
  cancelJob: {
    method: 'DELETE',
    path: '/api/jobs/:id',
    permission: 'subject',
    params: recordParams,
    answer: nothing,
  },
} as const satisfies KioskRoutes;

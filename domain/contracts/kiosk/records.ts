import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { marksSchema } from '../../reading/schema.ts';
import { ulidSchema, valuesSchema } from '../../primitives.ts';
import { recordSchema } from '../../record/schema.ts';
import { recordSummarySchema } from '../../record/summary.ts';
import type { KioskRoutes } from '../route.ts';
import { jobSchema } from './jobs.ts';
import { materialParams, nothing, recordParams } from './params.ts';

export const createRecordSchema = z.object({
  kind: z.string().max(maxLength.name),
  answers: valuesSchema,
  supersedes: ulidSchema.optional(),
  /** The record whose file is open, for a kind whose records are parts of one. */
  partOf: ulidSchema.optional(),
});

/** Every edit names the revision it saw; a newer one answers CONFLICT with the current record in details. */
export const editSchema = z.object({ revision: z.int().nonnegative() });

export const formEditSchema = editSchema.extend({ form: valuesSchema });

export const valuesEditSchema = editSchema.extend({
  values: valuesSchema,
  mode: z.enum(['smart', 'manual']).optional(),
  confirmed: z.boolean().optional(),
});

export const marksEditSchema = editSchema.extend({ marks: marksSchema });

/** 提交 seals the record as a whole: with this key, or, for a few minutes after a material was sealed, with that one. */
export const submitRequestSchema = editSchema.extend({
  key: z
    .object({
      tokenId: z.string().max(maxLength.name),
      certificateId: z.string().max(maxLength.name),
      pin: z.string().max(64),
    })
    .optional(),
});

export const pushRequestSchema = z.object({ field: z.string().max(maxLength.name) });

export const recordRoutes = {
  records: {
    method: 'GET',
    path: '/api/records',
    permission: 'subject',
    query: z.object({ kind: z.string().max(maxLength.name).optional() }),
    answer: z.array(recordSummarySchema).max(maxCount.list),
  },
  createRecord: {
    method: 'POST',
    path: '/api/records',
    permission: 'subject',
    body: createRecordSchema,
    answer: recordSchema,
  },
  record: {
    method: 'GET',
    path: '/api/records/:id',
    permission: 'subject',
    params: recordParams,
    answer: recordSchema,
  },
  deleteRecord: {
    method: 'DELETE',
    path: '/api/records/:id',
    permission: 'subject',
    params: recordParams,
    answer: nothing,
  },
  editForm: {
    method: 'PUT',
    path: '/api/records/:id/form',
    permission: 'subject',
    params: recordParams,
    body: formEditSchema,
    answer: recordSchema,
  },
  editValues: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/values',
    permission: 'subject',
    params: materialParams,
    body: valuesEditSchema,
    answer: recordSchema,
  },
  editMarks: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/marks',
    permission: 'subject',
    params: materialParams,
    body: marksEditSchema,
    answer: recordSchema,
  },
  /** 重新录入 of a paper that was taken over from the record which this one replaces. */
  enterAnew: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/anew',
    permission: 'subject',
    params: materialParams,
    body: editSchema,
    answer: recordSchema,
  },
  /** 保存: checks; green and yellow end in state saved, red stays a draft (job.checked holds the table). */
  save: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/check',
    permission: 'subject',
    params: materialParams,
    body: editSchema,
    answer: jobSchema,
  },
  submit: {
    method: 'POST',
    path: '/api/records/:id/submit',
    permission: 'subject',
    params: recordParams,
    body: submitRequestSchema,
    answer: recordSchema,
  },
  push: {
    method: 'POST',
    path: '/api/records/:id/pushes',
    permission: 'subject',
    params: recordParams,
    body: pushRequestSchema,
    answer: recordSchema,
  },
  /** 解绑 of the person whose file the record opens: the subject sees no more of it. */
  release: {
    method: 'POST',
    path: '/api/records/:id/release',
    permission: 'subject',
    params: recordParams,
    answer: nothing,
  },
  withdraw: {
    method: 'POST',
    path: '/api/records/:id/cases/:case/withdrawal',
    permission: 'subject',
    params: recordParams.extend({ case: ulidSchema }),
    answer: recordSchema,
  },
} as const satisfies KioskRoutes;

import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { marksSchema } from '../../reading/schema.ts';
import { recordSchema, ulidSchema, valuesSchema } from '../../record/schema.ts';
import { lightColourSchema } from '../../verdict/schema.ts';

export const recordSummarySchema = recordSchema
  .pick({
    id: true,
    kind: true,
    role: true,
    answers: true,
    form: true,
    state: true,
    light: true,
    uniqueCode: true,
    submittedAt: true,
    updatedAt: true,
    pushes: true,
  })
  .extend({
    /** Per slot: what the lists show. */
    materials: z
      .array(
        z.object({
          slot: z.string().max(maxLength.name),
          light: lightColourSchema.optional(),
          sealed: z.boolean(),
          values: valuesSchema,
        }),
      )
      .max(maxCount.parts),
  });

export type RecordSummary = z.infer<typeof recordSummarySchema>;

export const createRecordSchema = z.object({
  kind: z.string().max(maxLength.name),
  answers: valuesSchema,
  supersedes: ulidSchema.optional(),
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

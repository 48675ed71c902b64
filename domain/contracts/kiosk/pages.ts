import { z } from 'zod';
import { maxCount } from '../../limits.ts';
import { quadSchema } from '../../reading/schema.ts';
import { editSchema } from './records.ts';

export const maxUploadBytes = 50 * 1024 * 1024;

export const cornersEditSchema = editSchema.extend({ corners: quadSchema });

export const pagesEditSchema = editSchema.extend({
  /** Page indexes to keep, in their new order. */
  order: z.array(z.int().nonnegative()).max(maxCount.parts),
  rotate: z
    .array(
      z.object({
        page: z.int().nonnegative(),
        degrees: z.union([z.literal(90), z.literal(180), z.literal(270)]),
      }),
    )
    .max(maxCount.parts),
});

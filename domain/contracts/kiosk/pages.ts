import { z } from 'zod';
import { maxCount } from '../../limits.ts';
import { quadSchema } from '../../reading/schema.ts';
import { editSchema } from './records.ts';
import { recordSchema } from '../../record/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { jobSchema } from './jobs.ts';
import { cropParams, materialParams, pageParams, widthQuery } from './params.ts';

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

const flag = z
  .enum(['true', 'false'])
  .transform((told) => told === 'true')
  .optional();

export const pageRoutes = {
  /**
   * auxiliary: the pages are appended as auxiliary material (合并上传); append: as further pages of the certificate (its back,
   * its second sheet); with neither the pages are replaced. portrait: the face of the person at the counter is appended, which
   * is neither looked for a page nor read.
   */
  capture: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/pages',
    permission: 'subject',
    params: materialParams,
    query: z.object({ source: z.enum(['camera', 'upload']), auxiliary: flag, append: flag, portrait: flag }),
    body: { file: true, maxBytes: maxUploadBytes },
    answer: jobSchema,
  },
  editPages: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/pages',
    permission: 'subject',
    params: materialParams,
    body: pagesEditSchema,
    answer: recordSchema,
  },
  corners: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/pages/:page/corners',
    permission: 'subject',
    params: pageParams,
    body: cornersEditSchema,
    answer: jobSchema,
  },
  readCard: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/card',
    permission: 'subject',
    params: materialParams,
    answer: jobSchema,
  },
  page: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/pages/:page',
    permission: 'subject',
    params: pageParams,
    query: widthQuery,
    answer: { bytes: 'image/jpeg' },
  },
  /** The cut of the marks on which the last check of this field rests. NOT_FOUND where nothing was cut. */
  crop: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/crops/:field',
    permission: 'subject',
    params: cropParams,
    answer: { bytes: 'image/jpeg' },
  },
  pageOriginal: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/pages/:page/original',
    permission: 'subject',
    params: pageParams,
    answer: { bytes: 'image/jpeg' },
  },
} as const satisfies KioskRoutes;

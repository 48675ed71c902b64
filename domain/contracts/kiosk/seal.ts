import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { ulidSchema } from '../../primitives.ts';
import { editSchema } from './records.ts';
import { wireErrorSchema } from '../../errors/app-error.ts';
import type { KioskRoutes } from '../route.ts';
import { jobSchema } from './jobs.ts';
import { materialParams } from './params.ts';

export const sealRequestSchema = editSchema.extend({
  tokenId: z.string().max(maxLength.name),
  certificateId: z.string().max(maxLength.name),
  pin: z.string().max(64),
  /** Whose seal: the company's, or its legal person's beside it. */
  by: z.enum(['company', 'legal-person']).default('company'),
  /** Centre of the visible seal, millimetres from the page's top left; default bottom right of the last page. */
  placement: z.object({ page: z.int().nonnegative(), xMm: z.number(), yMm: z.number() }).optional(),
  /** 骑缝章: where its middle stands, 0 (top) to 1 (bottom); two pages or more. */
  seam: z.object({ at: z.number().min(0).max(1) }).optional(),
});

/** Several materials under one PIN, one after another; each has a job of its own, and one that fails stops no other. */
export const sealBatchRequestSchema = z.object({
  tokenId: z.string().max(maxLength.name),
  certificateId: z.string().max(maxLength.name),
  pin: z.string().max(64),
  /** A seam wherever a material has two pages or more. */
  seam: z.boolean().default(false),
  items: z
    .array(
      z.object({
        recordId: ulidSchema,
        slot: z.string().max(maxLength.name),
        revision: z.int().nonnegative(),
      }),
    )
    .min(1)
    .max(100),
});

export const sealPlacesSchema = z.object({
  /** Where the paper says that a seal belongs, best first; `page` counts from 0. */
  places: z
    .array(
      z.object({
        keyword: z.string().max(maxLength.name),
        page: z.int().nonnegative(),
        xMm: z.number(),
        yMm: z.number(),
      }),
    )
    .max(maxCount.parts),
});

export type SealPlaces = z.infer<typeof sealPlacesSchema>;

const factsSchema = z
  .array(z.tuple([z.string().max(maxLength.name), z.string().max(maxLength.text)]))
  .max(maxCount.parts);

/** 验证: what the strict verifier found, told so that a person can follow it. */
export const sealReportSchema = z.object({
  title: z.string().max(maxLength.name),
  valid: z.boolean(),
  conclusion: z.string().max(maxLength.text),
  facts: factsSchema,
  parts: z
    .array(
      z.object({
        title: z.string().max(maxLength.name),
        facts: factsSchema,
        checks: z
          .array(
            z.object({
              name: z.string().max(maxLength.name),
              result: z.enum(['pass', 'fail', 'open']),
              text: z.string().max(maxLength.text),
            }),
          )
          .max(maxCount.parts),
      }),
    )
    .max(maxCount.parts),
});
export type SealReportAnswer = z.infer<typeof sealReportSchema>;

export const sealRoutes = {
  seal: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/seal',
    permission: 'subject',
    params: materialParams,
    body: sealRequestSchema,
    answer: jobSchema,
  },
  sealBatch: {
    method: 'POST',
    path: '/api/seal-batches',
    permission: 'subject',
    body: sealBatchRequestSchema,
    answer: z
      .array(
        z.object({
          recordId: ulidSchema,
          slot: z.string().max(maxLength.name),
          job: jobSchema.optional(),
          error: wireErrorSchema.optional(),
        }),
      )
      .max(maxCount.list),
  },
  /** Reads the pages anew, the last ones first; seconds. */
  sealPlaces: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/seal-places',
    permission: 'subject',
    params: materialParams,
    answer: sealPlacesSchema,
  },
  /** Sealed when sealed, else as it would be sealed. */
  pdf: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/pdf',
    permission: 'subject',
    params: materialParams,
    answer: { bytes: 'application/pdf' },
  },
  /** Verifies the file now, with the authorities that the station trusts; a file without a seal is answered as not valid. */
  sealReport: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/seal-report',
    permission: 'subject',
    params: materialParams,
    answer: sealReportSchema,
  },
} as const satisfies KioskRoutes;

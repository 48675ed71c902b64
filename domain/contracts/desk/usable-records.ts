/** What a department may rely on in its push fields, and why not where not. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema, ulidSchema } from '../../primitives.ts';
import { fieldUses } from '../../record/usable-fields.ts';
import { lightColourSchema } from '../../verdict/schema.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);

export const usableRecordsPageSize = 20;

/** A record in one field: once, however often it was pushed there. */
export const usableRecordSchema = z.object({
  recordId: ulidSchema,
  /** Of its last push there. */
  caseId: ulidSchema,
  uniqueCode: name,
  programme: name,
  field: name,
  fieldName: name,
  kindTitle: name,
  subjectName: name,
  light: lightColourSchema.exactOptional(),
  pushedAt: instantSchema,
  use: z.enum(fieldUses),
  /** The same in words. */
  text: name,
});
export type UsableRecord = z.infer<typeof usableRecordSchema>;

export const usableRecordsSchema = z.object({
  records: z.array(usableRecordSchema).max(maxCount.parts),
  total: z.int().nonnegative(),
  /** What was looked for by its unique code, and never pushed where whoever asks could rely on it: nothing else is told of it. */
  notPushed: z.object({ uniqueCode: name, text: name }).exactOptional(),
});
export type UsableRecords = z.infer<typeof usableRecordsSchema>;

export const usableRecordRoutes = {
  /** `page` counts from 1. */
  usableRecords: {
    method: 'GET',
    path: '/api/usable-records',
    permission: 'record.list-usable',
    query: z.object({
      search: z.string().max(100).default(''),
      page: z.coerce.number<string | number>().int().min(1).max(100_000).default(1),
    }),
    answer: usableRecordsSchema,
  },
} as const satisfies ServerRoutes;

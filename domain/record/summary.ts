/** A record as lists show it. */
import { z } from 'zod';
import { maxCount, maxLength } from '../limits.ts';
import { valuesSchema } from '../primitives.ts';
import { lightColourSchema } from '../verdict/schema.ts';
import { recordSchema } from './schema.ts';
import type { LudengRecord } from './schema.ts';

const listedSchema = recordSchema.pick({
  id: true,
  kind: true,
  role: true,
  answers: true,
  form: true,
  state: true,
  light: true,
  uniqueCode: true,
  createdAt: true,
  submittedAt: true,
  updatedAt: true,
  pushes: true,
  entered: true,
  cases: true,
  voided: true,
  synchronised: true,
  links: true,
  released: true,
});

export const recordSummarySchema = listedSchema.extend({
  /** Per slot: what the lists show. */
  materials: z
    .array(
      z.object({
        slot: z.string().max(maxLength.name),
        light: lightColourSchema.optional(),
        sealed: z.boolean(),
        mode: recordSchema.shape.materials.element.shape.mode,
        values: valuesSchema,
      }),
    )
    .max(maxCount.parts),
});

export type RecordSummary = z.infer<typeof recordSummarySchema>;

const listed = listedSchema.keyof().options;

export function summarise(record: LudengRecord): RecordSummary {
  const said = listed.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]] as const]));
  return {
    // each of them with the record's own value under the record's own name
    ...(Object.fromEntries(said) as z.infer<typeof listedSchema>),
    materials: record.materials.map((material) => ({
      slot: material.slot,
      light: material.checked?.verdict.light,
      sealed: material.seal !== undefined,
      mode: material.mode,
      values: material.values,
    })),
  };
}

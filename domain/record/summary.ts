/** A record as lists show it. */
import { z } from 'zod';
import { maxCount, maxLength } from '../limits.ts';
import { valuesSchema } from '../primitives.ts';
import { lightColourSchema } from '../verdict/schema.ts';
import { recordSchema } from './schema.ts';
import type { LudengRecord } from './schema.ts';

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
  })
  .extend({
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

export function summarise(record: LudengRecord): RecordSummary {
  const {
    id,
    kind,
    role,
    answers,
    form,
    state,
    light,
    uniqueCode,
    createdAt,
    submittedAt,
    updatedAt,
    pushes,
    entered,
    materials,
    cases,
    voided,
    synchronised,
    links,
    released,
  } = record;
  return {
    id,
    kind,
    role,
    answers,
    form,
    state,
    light,
    uniqueCode,
    createdAt,
    submittedAt,
    updatedAt,
    pushes,
    ...(entered ? { entered } : {}),
    ...(cases ? { cases } : {}),
    ...(voided ? { voided } : {}),
    ...(synchronised ? { synchronised } : {}),
    ...(links ? { links } : {}),
    ...(released ? { released } : {}),
    materials: materials.map((material) => ({
      slot: material.slot,
      light: material.checked?.verdict.light,
      sealed: material.seal !== undefined,
      mode: material.mode,
      values: material.values,
    })),
  };
}

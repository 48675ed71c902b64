/**
 * Records that the engine ties to a file by itself, and that nobody enters there: a person's achievements. A link comes about
 * when both records stand and some department has approved each of them (the effect `link-records` of a workflow).
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

const paperFieldSchema = z.strictObject({ slot: idSchema, field: fieldIdSchema });

export const linkedSchema = z.strictObject({
  /** The kind whose records have the file. */
  to: idSchema,
  /** The name of the list in the file: 业绩信息. */
  title: z.string().min(1).max(50),
  /** `own` is looked for in the record that this answer was chosen from, where it does not stand in the record itself. */
  through: fieldIdSchema.exactOptional(),
  /** Tied to the one file of the subject whose `theirs` says what `own` says. */
  own: paperFieldSchema,
  theirs: paperFieldSchema,
});

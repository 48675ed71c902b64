/**
 * The file of one of a subject's things (人员管理 → 查看): kinds whose records are its parts, entered where it is open and named by
 * what stands in its papers, so that nobody types again whose part it is.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** Records of this kind have a file. `title` is the list's name and stands above the open file. */
export const fileOfKindSchema = z.strictObject({
  title: z.string().min(1).max(100),
  /** 解绑: the subject lets the person go, and may see no more of the file. `ask`: what follows from it, before it is done. */
  release: z
    .strictObject({
      label: z.string().min(1).max(20),
      ask: z.string().min(1).max(500),
      /** What the line of the list says from then on. */
      released: z.string().min(1).max(20),
    })
    .exactOptional(),
});

export const partOfSchema = z.strictObject({
  /** The kind whose records have the file. */
  kind: idSchema,
  /** Which of the answers tells one file from another. */
  key: fieldIdSchema,
  /** Answers that are not asked: a field of one of the open record's papers, or of its form. */
  answers: z.record(
    fieldIdSchema,
    z.union([
      z.strictObject({ slot: idSchema, field: fieldIdSchema }),
      z.strictObject({ form: fieldIdSchema }),
    ]),
  ),
});
export type PartOf = z.infer<typeof partOfSchema>;

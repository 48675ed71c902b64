/**
 * What a programme knows of works (报监工程): whose they are, who takes part in them, which posts there are, what stands on their
 * page. Rows are in the register (domain/registers); record kinds `ofWork` are about one of them.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** What a decided record may say anew of a work beside the programme's own fields. */
export const workColumns = ['name', 'contractNumber', 'permitNumber'] as const;

const title = z.string().trim().min(1).max(100);
const named = z.strictObject({ id: idSchema, title });

export const worksSchema = z.strictObject({
  /** The subject role whose works they are. */
  owner: idSchema,
  /** What units do at a work: 施工单位, 监理单位. */
  unitRoles: z.array(named).min(1).max(20),
  /** Posts of persons at a work, and of which of these units they are. */
  posts: z.array(named.extend({ unit: idSchema.exactOptional() })).max(40),
  /** What the bodies of a work are called. */
  bodies: z.strictObject({ authority: title, supervisor: title }),
  /** What is known of a work beside its name, its numbers and its bodies. */
  fields: z.array(z.strictObject({ id: fieldIdSchema, label: title })).max(40),
});
export type Works = z.infer<typeof worksSchema>;

/** A kind of record that is about one work of the register. */
export const ofWorkSchema = z.strictObject({
  /** The field of the form that holds its id. */
  field: fieldIdSchema.default('work'),
  /** row: a button on the row of the work. choice: adding one asks for which work. */
  begins: z.enum(['row', 'choice']),
  /** The dialog of a choice, and what goes on there. */
  choice: z.strictObject({ title, accept: title }).exactOptional(),
  /** Fields that show what the register says, and cannot be typed at a portal: field of the form, value of the work. */
  shows: z.record(fieldIdSchema, fieldIdSchema).default({}),
  /** Fields that begin as what the register says. */
  starts: z.record(fieldIdSchema, fieldIdSchema).default({}),
  /** Works that are finished too. */
  finished: z.boolean().default(false),
});
export type OfWork = z.infer<typeof ofWorkSchema>;

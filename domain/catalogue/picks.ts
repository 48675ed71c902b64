/** 选择人员: persons of the own unit to choose from at a portal, and which fields whoever is chosen fills. */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

const title = z.string().trim().min(1).max(100);

/** What is known of somebody who may be chosen. */
export const candidateValues = ['person', 'name', 'post', 'work', 'workName'] as const;
export type CandidateValue = (typeof candidateValues)[number];

export const pickSchema = z.strictObject({
  id: idSchema,
  /** locked: on whom a lock stands. appointed: who holds a post at a work under construction. persons: everybody of the unit. */
  among: z.enum(['locked', 'appointed', 'persons']),
  /** Only these posts, each for whoever comes in one of these roles. */
  posts: z
    .array(z.strictObject({ post: idSchema, roles: z.array(idSchema).min(1).max(20) }))
    .min(1)
    .max(20)
    .exactOptional(),
  /** A record of the kind begins with it: the button that adds one opens its dialog. */
  begins: z.literal(true).exactOptional(),
  /** Over the field that it fills, where it does not begin the record. */
  button: title.exactOptional(),
  dialog: title,
  accept: title,
  /** Where there is nobody to choose. */
  none: title,
  /** Fields of the form, which nobody types then. */
  fills: z.record(fieldIdSchema, z.enum(candidateValues)),
});
export type Pick = z.infer<typeof pickSchema>;

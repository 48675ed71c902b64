import { z } from 'zod';

export const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'an id is lower-case words joined by hyphens');
/** Field ids are camelCase: they are keys of values, readings and marks. */
export const fieldIdSchema = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a field id is camelCase');

/** An id of the programme's (a post, a qualification, an account type), or the field of the form that names one. */
export const idOrFieldSchema = z.union([idSchema, z.strictObject({ form: fieldIdSchema })]);
export type IdOrField = z.infer<typeof idOrFieldSchema>;

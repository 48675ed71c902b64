/**
 * The operators of a company (操作员, 下属人员): which systems its administrator lets them into, and by which record they ask
 * that administrator to find their real name right.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

const title = z.string().trim().min(1).max(100);

export const operatorsSchema = z.strictObject({
  /** Programmes, as an operator chooses them after signing in. */
  systems: z
    .array(z.strictObject({ programme: idSchema, title }))
    .min(1)
    .max(50),
  /** The record in which an operator applies; its case is decided by the company's own administrator. */
  realName: z.strictObject({
    recordKind: idSchema,
    /** Fields of its form that the server fills in: the name, as the account has it, and the account. */
    name: fieldIdSchema,
    account: fieldIdSchema,
  }),
});
export type OperatorsOfProgramme = z.infer<typeof operatorsSchema>;

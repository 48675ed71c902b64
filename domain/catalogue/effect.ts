/** What an effect of a case IS. domain/cases/effects.ts says what each one does; the server writes it in the decision's own transaction. */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** Whom a notice reaches. */
const recipientSchema = z.union([
  /** The subject of the record. */
  z.literal('applicant'),
  /** The bodies that could have decided. */
  z.literal('bodies'),
  /** The person whose id number stands in that field of the form. */
  z.strictObject({ form: fieldIdSchema }),
]);

export const effectSchema = z.discriminatedUnion('effect', [
  /** The person's locks stand no more: what locked him counts no longer. */
  z.strictObject({ effect: z.literal('release-lock'), person: fieldIdSchema.default('person') }),
  z.strictObject({
    effect: z.literal('begin-appointment'),
    person: fieldIdSchema,
    work: fieldIdSchema,
    post: idSchema,
  }),
  z.strictObject({
    effect: z.literal('end-appointment'),
    person: fieldIdSchema,
    work: fieldIdSchema,
    post: idSchema,
  }),
  /** The unit becomes a subject: these fields of the form are its name, its code and the person who answers for it. */
  z.strictObject({
    effect: z.literal('register-unit'),
    name: fieldIdSchema,
    code: fieldIdSchema,
    representative: fieldIdSchema,
  }),
  z.strictObject({ effect: z.literal('open-case'), workflow: idSchema }),
  z.strictObject({ effect: z.literal('notify'), to: recipientSchema, text: z.string().min(1).max(500) }),
]);
export type Effect = z.infer<typeof effectSchema>;
export type EffectId = Effect['effect'];

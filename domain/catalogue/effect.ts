/** What an effect of a case IS. domain/cases/effects.ts says what each one does; the server writes it in the decision's own transaction. */
import { z } from 'zod';
import { fieldIdSchema, idOrFieldSchema, idSchema } from './ids.ts';
import { valuePlaceSchema } from './in-browser.ts';

/** Whom a notice reaches. */
const recipientSchema = z.union([
  /** The subject of the record. */
  z.literal('applicant'),
  /** The bodies that could have decided. */
  z.literal('bodies'),
  /** The administrators that could have decided. */
  z.literal('administrators'),
  /** The person whose id number stands in that field of the form. */
  z.strictObject({ form: fieldIdSchema }),
  /** The account whose id stands in that field of the form. */
  z.strictObject({ account: fieldIdSchema }),
]);

const personFieldsSchema = z.strictObject({
  name: fieldIdSchema,
  idNumber: fieldIdSchema,
  mobile: fieldIdSchema,
});

export const effectSchema = z.discriminatedUnion('effect', [
  /** The person's locks stand no more: what locked him counts no longer. */
  z.strictObject({
    effect: z.literal('release-lock'),
    person: fieldIdSchema.default('person'),
    /** In the post that the form names there alone, where it names one. */
    post: fieldIdSchema.exactOptional(),
  }),
  z.strictObject({
    effect: z.literal('begin-appointment'),
    person: fieldIdSchema,
    work: fieldIdSchema,
    post: idOrFieldSchema,
  }),
  /** Nobody's, where the field of the person is empty. */
  z.strictObject({
    effect: z.literal('end-appointment'),
    person: fieldIdSchema,
    work: fieldIdSchema,
    post: idOrFieldSchema,
  }),
  /** These values of the work (name, contractNumber, permitNumber, fields of the programme) are what the form says. */
  z.strictObject({
    effect: z.literal('change-work'),
    work: fieldIdSchema,
    set: z.record(fieldIdSchema, fieldIdSchema),
  }),
  /** The unit takes part in the work, in the place of whoever did that there. */
  z.strictObject({
    effect: z.literal('change-work-unit'),
    work: fieldIdSchema,
    role: fieldIdSchema,
    name: fieldIdSchema,
    code: fieldIdSchema,
  }),
  /** The person holds a qualification, as a paper says that was found green. */
  z.strictObject({
    effect: z.literal('note-qualification'),
    /** Where the paper, or what must stand on it, says the id number. */
    person: valuePlaceSchema,
    /** One of the programme's qualifications, or where the record names one. */
    kind: z.union([idSchema, valuePlaceSchema]),
    number: valuePlaceSchema,
    /** Without a day there it does not end. */
    validUntil: valuePlaceSchema.exactOptional(),
  }),
  /** It is under construction no more, and counts for nobody. */
  z.strictObject({ effect: z.literal('finish-work'), work: fieldIdSchema }),
  /** The unit becomes a subject: these fields of the form are its name, its code and the person who answers for it. */
  z.strictObject({
    effect: z.literal('register-unit'),
    name: fieldIdSchema,
    code: fieldIdSchema,
    representative: fieldIdSchema,
  }),
  /**
   * An account through which the person of these fields acts for a unit: the record's own, or the one of `unit`'s fields.
   * `pending`: it opens nothing before `enable-account`.
   */
  z.strictObject({
    effect: z.literal('open-account'),
    kind: z.enum(['main', 'handler']),
    /** One of the programme's account types, or the field of the form that names one. */
    type: idOrFieldSchema,
    person: personFieldsSchema,
    unit: z.strictObject({ name: fieldIdSchema, code: fieldIdSchema }).exactOptional(),
    /** The field that holds the serial number of the key that the account is tied to. */
    keySerial: fieldIdSchema.exactOptional(),
    pending: z.boolean().default(false),
  }),
  /** The account that this record opened may be used from now on. */
  z.strictObject({ effect: z.literal('enable-account') }),
  /** The account that this record opened, and that was never enabled, goes. */
  z.strictObject({ effect: z.literal('drop-account') }),
  /** The person of these fields is the one whose the main account of the record's unit is; sessions of the one before end. */
  z.strictObject({ effect: z.literal('replace-main-handler'), person: personFieldsSchema }),
  /** The holder's name of the account of that field was found right by the company's administrator. */
  z.strictObject({ effect: z.literal('confirm-name'), account: fieldIdSchema }),
  /** 签发数字证照 for the record, which must be green and stand; where it has one that counts, nothing is done. */
  z.strictObject({ effect: z.literal('issue-credential') }),
  /** 吊销: the record's credential counts no more, and whoever looks it up reads why. */
  z.strictObject({ effect: z.literal('revoke-credential'), reason: z.string().min(1).max(200) }),
  /** 作废 of the record, or 取消作废; where it is so already, nothing is done. */
  z.strictObject({ effect: z.literal('set-state'), to: z.enum(['void', 'standing']) }),
  /** What is tied to files by the kinds' own rules (linked.ts) is looked for anew: this record may be one of them. */
  z.strictObject({ effect: z.literal('link-records') }),
  z.strictObject({ effect: z.literal('open-case'), workflow: idSchema }),
  z.strictObject({ effect: z.literal('notify'), to: recipientSchema, text: z.string().min(1).max(500) }),
]);
export type Effect = z.infer<typeof effectSchema>;
export type EffectId = Effect['effect'];

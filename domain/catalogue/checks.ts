/** What a document type's values are held against beside the paper itself, and what they say of one another. */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** Checks beyond field-by-field comparison. A failed check on a key field is red, else yellow. */
export const checkSchema = z.discriminatedUnion('kind', [
  /** The field must equal the name or the credit code of the subject that is logged in. */
  z.strictObject({
    kind: z.literal('is-subject'),
    field: fieldIdSchema,
    attribute: z.enum(['name', 'creditCode']),
  }),
  /** A date or the end of a period must not lie before the day of the check. */
  z.strictObject({ kind: z.literal('not-expired'), field: fieldIdSchema }),
  /** A date must not lie after the day of the check. */
  z.strictObject({ kind: z.literal('not-in-future'), field: fieldIdSchema }),
  /** The field equals another field of another material of the same record, e.g. the licence's legal representative and the ID card's name. */
  z.strictObject({
    kind: z.literal('equals-material'),
    field: fieldIdSchema,
    slot: idSchema,
    otherField: fieldIdSchema,
  }),
  /**
   * A QR code or barcode on the pages that says this number must say the same: `pattern` finds it in the code's text
   * (its first group, else the match). Codes in which it is not found say nothing.
   */
  z.strictObject({ kind: z.literal('code-holds'), field: fieldIdSchema, pattern: z.string().min(1) }),
]);
export type Check = z.infer<typeof checkSchema>;

/** What one number on the paper says about another field: an ID number holds the birthday and the sex. */
export const derivationSchema = z.strictObject({
  from: fieldIdSchema,
  part: z.enum(['born-on', 'sex']),
  field: fieldIdSchema,
});
export type Derivation = z.infer<typeof derivationSchema>;

/**
 * What a paper of a record kind declares beside its document type: when it is demanded, on whose page it stands, and what the
 * list of the papers shows of it.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** A choice of several holds where `is` is among them. */
export const conditionSchema = z.union([
  z.strictObject({ answer: fieldIdSchema, is: z.string().min(1).max(200) }),
  z.strictObject({ form: fieldIdSchema, is: z.string().min(1).max(200) }),
  z.strictObject({ slot: idSchema, field: fieldIdSchema, is: z.string().min(1).max(200) }),
]);
export type Condition = z.infer<typeof conditionSchema>;

/** A paper that is entered on another one's page. */
const besideSchema = z.strictObject({
  slot: idSchema,
  /** panel: next to the other, on one page. list: a line of a block beneath the other's form, opened by 编辑. */
  as: z.enum(['panel', 'list']),
  /** Above it: 佐证材料, 合同变更记录. */
  title: z.string().min(1).max(50),
  /** What its state is called while it has no seal: 未签署. */
  unsealed: z.string().min(1).max(20).exactOptional(),
  /** It is taken in once the other is sealed. */
  afterSeal: z.literal(true).exactOptional(),
});

export const paperSlotShape = {
  /** Demanded, and offered, only while all of these hold; what is there already stays. */
  demandedIf: z.array(conditionSchema).min(1).max(10).exactOptional(),
  beside: besideSchema.exactOptional(),
  /** In place of the page's own hint at the upload. */
  hint: z.string().min(1).max(300).exactOptional(),
};

/** unique-code: the paper's own. agreement: 一致, 不一致 or not checked, in words. */
export const paperColumnSchema = z.strictObject({
  title: z.string().min(1).max(30),
  source: z.enum(['index', 'title', 'valid-until', 'unique-code', 'light', 'agreement', 'sealed', 'actions']),
});
export type PaperColumn = z.infer<typeof paperColumnSchema>;

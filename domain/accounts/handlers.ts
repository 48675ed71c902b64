/** 经办人管理: the accounts that a unit opens for its people, and the keys that its CA company gave it. */
import { z } from 'zod';
import { maxCount, maxLength } from '../limits.ts';
import { instantSchema } from '../primitives.ts';
import { mobileSchema } from './operators.ts';
import { lineSchema, saidSchema, typedCodeSchema } from '../text/written.ts';

const name = z.string().max(maxLength.name);

/** 启用, 待确认, 冻结. */
export const handlerStateSchema = z.enum(['enabled', 'pending', 'frozen']);

export const handlerSchema = z.object({
  id: name,
  name,
  /** Of the user centre's `handlers.types`. */
  type: name,
  /** Masked, as the number of the ID card is. */
  mobile: name,
  idNumber: name,
  state: handlerStateSchema,
  keySerial: name.exactOptional(),
  frozen: z.object({ at: instantSchema, reason: name, isByStaff: z.boolean() }).exactOptional(),
  /** Programmes that it is ticked for. */
  systems: z.array(name).max(maxCount.parts),
  createdAt: instantSchema,
  lastSignInAt: instantSchema.exactOptional(),
});
export type Handler = z.infer<typeof handlerSchema>;

/** A key that no account is tied to yet: 待确认 until 编辑 has named its holder. */
export const unitKeySchema = z.object({
  id: name,
  serial: name,
  holderName: name,
  validFrom: instantSchema,
  validUntil: instantSchema,
  isRevoked: z.boolean(),
});
export type UnitKey = z.infer<typeof unitKeySchema>;

/** Who a handler is, as the dialog asks. What a name and a number must look like, the record kind says. */
export const newHandlerSchema = z.strictObject({
  type: z.string().min(1).max(64),
  name: lineSchema(50),
  idNumber: typedCodeSchema(18),
  mobile: mobileSchema,
});
export type NewHandler = z.infer<typeof newHandlerSchema>;

/**
 * A name or a number of the ID card is another person's: of an account in use only how the person is reached may change. `holder`:
 * of one that waits for its confirmation, which is asked for anew.
 */
export const handlerChangeSchema = z.strictObject({
  mobile: mobileSchema,
  holder: newHandlerSchema.omit({ mobile: true }).exactOptional(),
});
export type HandlerChange = z.infer<typeof handlerChangeSchema>;

export const newMainHandlerSchema = newHandlerSchema.omit({ type: true }).extend({ reason: saidSchema(500) });
export type NewMainHandler = z.infer<typeof newMainHandlerSchema>;

export const freezingReasonSchema = z.strictObject({ reason: saidSchema(200) });

/**
 * 规范化逻辑校验: what a record's form and papers must say alike, asked when it is handed in. Each rule has a title that people
 * read; what does not hold is named with the place at which it can be mended.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';
import { conditionSchema } from './paper-slot.ts';

/** Left out while one of `unless` holds: what was changed afterwards need not say what stood before. */
const unless = z.array(conditionSchema).min(1).max(10).exactOptional();
export const saidAtSchema = z.union([
  z.strictObject({ answer: fieldIdSchema, unless }),
  z.strictObject({ form: fieldIdSchema, unless }),
  z.strictObject({ slot: idSchema, field: fieldIdSchema, unless }),
]);
export type SaidAt = z.infer<typeof saidAtSchema>;

const places = z.array(saidAtSchema).min(2).max(20);
export const consistencySchema = z.strictObject({
  title: z.string().min(1).max(50),
  rules: z
    .array(
      z.discriminatedUnion('rule', [
        /** All that is said there is the same. */
        z.strictObject({ rule: z.literal('same'), title: z.string().min(1).max(50), places }),
        /** Days, of which none lies before the one named before it. */
        z.strictObject({ rule: z.literal('ascending'), title: z.string().min(1).max(50), places }),
      ]),
    )
    .min(1)
    .max(50),
});

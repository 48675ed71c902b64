/** 改判: a reviewer who looked sets another light for a field, with a reason. The check's own verdict stays as it was. */
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { instantSchema } from '../primitives.ts';
import { lightOverruleSchema } from '../record/schema.ts';
import type { LightOverrule, LudengRecord } from '../record/schema.ts';
import { lightColourSchema } from '../verdict/schema.ts';
import type { FieldVerdict, LightColour, MaterialVerdict } from '../verdict/schema.ts';
import type { Case } from './schema.ts';

export const overruleInputSchema = lightOverruleSchema
  .pick({ id: true, slot: true, field: true, reason: true, by: true })
  .extend({ step: z.string(), to: lightColourSchema, at: instantSchema });
export type OverruleInput = z.infer<typeof overruleInputSchema>;

/**
 * Throws CASE_CLOSED when the case is decided or waits at another step, OPINION_REQUIRED without a reason, NOT_FOUND for a
 * field that was not compared, BAD_REQUEST when the field has that light already.
 */
export function overruleLight(
  { current, record }: { current: Case; record: LudengRecord },
  earlier: readonly LightOverrule[],
  { step, ...input }: OverruleInput,
): LightOverrule {
  if (current.state !== 'open' || current.step !== step)
    throw new AppError('CASE_CLOSED', { case: current.id, state: current.state });
  const reason = input.reason.trim();
  if (reason === '') throw new AppError('OPINION_REQUIRED', { field: input.field });
  const material = record.materials.find(({ slot }) => slot === input.slot);
  const verdict = material?.checked?.verdict.fields.find(({ field }) => field === input.field);
  if (!verdict?.light) throw new AppError('NOT_FOUND', { field: input.field });
  const from = lightNow(verdict, input.slot, earlier) ?? verdict.light;
  if (from === input.to) throw new AppError('BAD_REQUEST', { light: from });
  return { ...input, reason, label: verdict.label, from };
}

/** The light of a field after what reviewers said, the last word first. */
export function lightNow(
  { field, light }: Pick<FieldVerdict, 'field' | 'light'>,
  slot: string,
  overrules: readonly LightOverrule[],
): LightColour | undefined {
  return overrules.findLast((one) => one.slot === slot && one.field === field)?.to ?? light;
}

/** The material's light after what reviewers said. */
export function materialLightNow(
  { fields, light }: MaterialVerdict,
  slot: string,
  overrules: readonly LightOverrule[],
): LightColour {
  if (!overrules.some((one) => one.slot === slot)) return light;
  const lights = fields.map((field) => lightNow(field, slot, overrules));
  if (lights.includes('red')) return 'red';
  return lights.includes('yellow') || !lights.includes('green') ? 'yellow' : 'green';
}

/** A case: one push of a stored record to a department, and what was decided about it. */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema, ulidSchema } from '../record/schema.ts';

export const caseStateSchema = z.enum(['open', 'approved', 'refused']);

export const caseDecisionSchema = z.object({
  step: z.string().max(maxLength.name),
  decision: z.string().max(maxLength.name),
  label: z.string().max(maxLength.name),
  outcome: z.enum(['approved', 'refused']),
  opinion: z.string().max(maxLength.text),
  at: instantSchema,
  by: z.string().max(maxLength.name),
  automatic: z.boolean(),
});

export const caseSchema = z.object({
  id: ulidSchema,
  recordId: ulidSchema,
  pushId: ulidSchema,
  workflow: z.string().max(maxLength.name),
  pushField: z.string().max(maxLength.name),
  state: caseStateSchema,
  /** Index into the workflow's steps of the step that waits; equals the number of steps when closed. */
  step: z.int().nonnegative(),
  openedAt: instantSchema,
  closedAt: instantSchema.optional(),
  decisions: z.array(caseDecisionSchema).max(maxCount.parts),
});
export type Case = z.infer<typeof caseSchema>;
export type CaseDecision = z.infer<typeof caseDecisionSchema>;

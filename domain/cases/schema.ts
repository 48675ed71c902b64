/** A case: a run of a pinned workflow about a record, an account, a person, a work or a lock, and what was decided in it. */
import { z } from 'zod';
import { identitySchema } from '../accounts/identity.ts';
import { caseAboutSchema, caseStates } from '../catalogue/workflow.ts';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema, ulidSchema } from '../primitives.ts';
import { complaintSchema } from '../record/standing.ts';

const name = z.string().max(maxLength.name);

export const caseStateSchema = z.enum(caseStates);
export type CaseState = z.infer<typeof caseStateSchema>;
export const isClosed = (state: CaseState): boolean => state !== 'open' && state !== 'returned';

/** handed-in: the applicant brought it again after a return. withdrawn: 撤回. */
export const caseEntryOutcomeSchema = z.enum(['approved', 'refused', 'returned', 'handed-in', 'withdrawn']);

export const caseDecisionSchema = z.object({
  /** Id of the step; of the one that waited, where the applicant acted. */
  step: name,
  decision: name,
  label: name,
  outcome: caseEntryOutcomeSchema,
  opinion: z.string().max(maxLength.text),
  at: instantSchema,
  by: name,
  automatic: z.boolean(),
  /** Which of the step's parties decided; absent in entries of the applicant and of the machine. */
  party: name.exactOptional(),
});
export type CaseDecision = z.infer<typeof caseDecisionSchema>;

/** Who may decide a step, found when the case was opened: a department's accounts with the permission, one person, a company's administrator. */
export const casePartySchema = z.object({
  step: name,
  /** Names the party within the case: `department:<name>`, `id-number:<number>`, `administrator:<scheme>:<value>`. */
  key: name,
  department: name.exactOptional(),
  permission: name.exactOptional(),
  person: identitySchema.exactOptional(),
  /** Whose main account decides. */
  administered: identitySchema.exactOptional(),
});
export type CaseParty = z.infer<typeof casePartySchema>;

/** 认领: somebody of that party looks after the step. */
export const caseClaimSchema = z.object({ party: name, account: name, name, at: instantSchema });
export type CaseClaim = z.infer<typeof caseClaimSchema>;

export const caseSchema = z.object({
  id: ulidSchema,
  about: z.object({ kind: caseAboutSchema, id: z.string().min(1).max(maxLength.name) }),
  /** The record whose action opened it. */
  recordId: ulidSchema.exactOptional(),
  /** Of a push. */
  pushId: ulidSchema.exactOptional(),
  pushField: name.exactOptional(),
  /** Of a complaint: `pushField` is its field, and no push is its own. */
  complaint: complaintSchema.exactOptional(),
  workflow: name,
  state: caseStateSchema,
  /** Id of the step that waits, also while the applicant corrects; absent once it is closed. */
  step: name.exactOptional(),
  parties: z.array(casePartySchema).max(maxCount.parts),
  claims: z.array(caseClaimSchema).max(maxCount.parts),
  openedAt: instantSchema,
  closedAt: instantSchema.exactOptional(),
  decisions: z.array(caseDecisionSchema).max(maxCount.parts),
});
export type Case = z.infer<typeof caseSchema>;

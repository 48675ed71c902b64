/**
 * What happens to a case. Pure: each function gives the case afterwards and the effects that come with it, and one transaction
 * writes both. The workflow is the one the case began with, whatever today's configuration says.
 */
import type { Effect } from '../catalogue/effect.ts';
import { assigneesOf } from '../catalogue/workflow.ts';
import type { CaseMoment, Workflow, WorkflowStep } from '../catalogue/workflow.ts';
import { AppError } from '../errors/app-error.ts';
import type { LightColour } from '../verdict/schema.ts';
import { isClosed } from './schema.ts';
import type { Case, CaseDecision, CaseParty } from './schema.ts';

export interface CaseStep {
  next: Case;
  effects: readonly Effect[];
}
interface Act {
  at: string;
  by: string;
}

export type NewCase = Pick<
  Case,
  'id' | 'about' | 'parties' | 'recordId' | 'pushId' | 'pushField' | 'complaint'
> & {
  workflow: Workflow;
  at: string;
};

export function openCase({ workflow, at, ...given }: NewCase): CaseStep {
  const [first] = workflow.steps;
  if (!first) throw new AppError('NOT_FOUND', { workflow: workflow.id });
  const next: Case = {
    ...given,
    workflow: workflow.id,
    state: 'open',
    step: first.id,
    claims: [],
    openedAt: at,
    decisions: [],
  };
  return { next, effects: effectsAt(workflow, 'opened') };
}

export interface DecisionInput extends Act {
  step: string;
  decision: string;
  opinion: string;
  /** Key of the party for which it is decided; the machine has none. */
  party?: string;
  /** The account that decides, to be held against a claim. */
  account?: string;
  automatic?: boolean;
}

/**
 * Throws CASE_CLOSED when the case is closed or waits elsewhere, ALREADY_DECIDED when this party has approved, CASE_CLAIMED
 * when somebody else of the party has claimed it, NOT_FOUND for an unknown decision, OPINION_REQUIRED without the reason it needs.
 */
export function decide(current: Case, workflow: Workflow, input: DecisionInput): CaseStep {
  const step = waitingStep(current, workflow);
  if (current.state !== 'open' || step?.id !== input.step) throw closed(current);
  const decision = step.decisions.find(({ id }) => id === input.decision);
  if (!decision) throw new AppError('NOT_FOUND', { decision: input.decision });
  const opinion = input.opinion.trim();
  if (decision.opinion === 'required' && opinion === '')
    throw new AppError('OPINION_REQUIRED', { decision: input.decision });
  const isAutomatic = input.automatic ?? false;
  if (!isAutomatic) {
    if (!partiesAt(current).some(({ key }) => key === input.party)) throw new AppError('FORBIDDEN');
    if (hasApproved(current, input.party)) throw new AppError('ALREADY_DECIDED', { case: current.id });
    const claim = current.claims.find(({ party }) => party === input.party);
    if (claim && claim.account !== input.account) throw new AppError('CASE_CLAIMED', { by: claim.name });
  }

  const { outcome } = decision;
  const entry: CaseDecision = {
    step: step.id,
    decision: decision.id,
    label: decision.label,
    outcome,
    opinion,
    at: input.at,
    by: input.by,
    automatic: isAutomatic,
    ...(input.party === undefined ? {} : { party: input.party }),
  };
  const decided: Case = { ...current, claims: [], decisions: [...current.decisions, entry] };
  if (outcome === 'refused') return close(decided, workflow, 'refused', input.at);
  if (outcome === 'returned') {
    const next: Case = { ...decided, state: 'returned', step: decision.to ?? step.id };
    return { next, effects: effectsAt(workflow, 'returned') };
  }
  if (!isAutomatic && !isComplete(decided, step)) {
    const claims = current.claims.filter(({ party }) => party !== input.party);
    return { next: { ...decided, claims }, effects: [] };
  }
  const following = decision.to ?? stepAfter(step, workflow)?.id;
  if (following !== undefined) return { next: { ...decided, step: following }, effects: [] };
  return close(decided, workflow, 'approved', input.at);
}

/** 补正后再报: the case that was returned waits again where it was returned to. Throws CASE_CLOSED when it is not returned. */
export function handIn(current: Case, { at, by }: Act): CaseStep {
  if (current.state !== 'returned') throw closed(current);
  const entry = applicantEntry(current, {
    decision: 'hand-in',
    label: '补正后再报',
    outcome: 'handed-in',
    at,
    by,
  });
  return {
    next: { ...current, state: 'open', claims: [], decisions: [...current.decisions, entry] },
    effects: [],
  };
}

/** 撤回. Throws CASE_CLOSED once anything was decided by a person, and where the workflow has no withdrawal. */
export function withdraw(current: Case, workflow: Workflow, { at, by }: Act): CaseStep {
  if (!mayWithdraw(current, workflow)) throw closed(current);
  const entry = applicantEntry(current, {
    decision: 'withdraw',
    label: '撤回',
    outcome: 'withdrawn',
    at,
    by,
  });
  return close({ ...current, decisions: [...current.decisions, entry] }, workflow, 'withdrawn', at);
}

export function mayWithdraw(current: Case, workflow: Workflow): boolean {
  return (
    workflow.withdraw === 'while-undecided' &&
    current.state === 'open' &&
    current.decisions.every(({ automatic }) => automatic)
  );
}

/** 认领. Throws CASE_CLAIMED when somebody else has it; one's own claim again changes nothing. */
export function claim(
  current: Case,
  who: { party: string; account: string; name: string; at: string },
): Case {
  if (current.state !== 'open') throw closed(current);
  if (!partiesAt(current).some(({ key }) => key === who.party)) throw new AppError('FORBIDDEN');
  const held = current.claims.find(({ party }) => party === who.party);
  if (held && held.account !== who.account) throw new AppError('CASE_CLAIMED', { by: held.name });
  return held ? current : { ...current, claims: [...current.claims, who] };
}

/** 释放: by whoever holds it. Throws CASE_CLAIMED when that is somebody else. */
export function release(current: Case, who: { party: string; account: string }): Case {
  const held = current.claims.find(({ party }) => party === who.party);
  if (!held) return current;
  if (held.account !== who.account) throw new AppError('CASE_CLAIMED', { by: held.name });
  return { ...current, claims: current.claims.filter((one) => one !== held) };
}

/** 机器自动校核: what the waiting step decides by itself; undefined when a person has to. */
export function automaticDecision(
  current: Case,
  workflow: Workflow,
  facts: { light: LightColour | undefined; doGuardsHold: (guards: readonly string[]) => boolean },
): { step: string; decision: string } | undefined {
  const step = waitingStep(current, workflow);
  const automatic = step?.automatic;
  if (current.state !== 'open' || !automatic) return undefined;
  const decides =
    'guards' in automatic ? facts.doGuardsHold(automatic.guards) : automatic.whenLight === facts.light;
  return decides ? { step: step.id, decision: automatic.decision } : undefined;
}

export function waitingStep({ state, step }: Case, { steps }: Workflow): WorkflowStep | undefined {
  return isClosed(state) ? undefined : steps.find(({ id }) => id === step);
}

/** Who may decide the step that waits. */
export const partiesAt = ({ parties, step, state }: Pick<Case, 'parties' | 'step' | 'state'>): CaseParty[] =>
  isClosed(state) ? [] : parties.filter((party) => party.step === step);

/** This party has approved the waiting step since it was last come to. */
export function hasApproved(current: Case, party: string | undefined): boolean {
  return approvalsNow(current).some((entry) => entry.party === party);
}

/** Since when the waiting step waits: what came before it, or the opening. */
export const waitingSince = (current: Case): string =>
  current.decisions[lastMove(current)]?.at ?? current.openedAt;

/** Approvals of the waiting step since a return or another step: those before count no more. */
const approvalsNow = (current: Case): CaseDecision[] => current.decisions.slice(lastMove(current) + 1);

/** Index of the entry that brought the case to the waiting step, by a return or from another one; -1 where it began there. */
const lastMove = ({ decisions, step }: Case): number =>
  decisions.findLastIndex((entry) => entry.step !== step || entry.outcome !== 'approved');

function isComplete(current: Case, step: WorkflowStep): boolean {
  if (assigneesOf(step).mode === 'one') return true;
  return partiesAt(current).every(({ key }) => hasApproved(current, key));
}

function stepAfter(step: WorkflowStep, { steps }: Workflow): WorkflowStep | undefined {
  return steps[steps.indexOf(step) + 1];
}

function close(
  { step: _, ...current }: Case,
  workflow: Workflow,
  state: 'approved' | 'refused' | 'withdrawn',
  at: string,
): CaseStep {
  const next: Case = { ...current, state, claims: [], closedAt: at };
  return { next, effects: effectsAt(workflow, state) };
}

const effectsAt = (workflow: Workflow, moment: CaseMoment): readonly Effect[] =>
  workflow.effects?.[moment] ?? [];

function applicantEntry(
  { step }: Case,
  entry: Pick<CaseDecision, 'decision' | 'label' | 'outcome' | 'at' | 'by'>,
): CaseDecision {
  return { ...entry, step: step ?? '', opinion: '', automatic: false };
}

const closed = ({ id, state }: Case): AppError => new AppError('CASE_CLOSED', { case: id, state });

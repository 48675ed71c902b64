/** What a decision does to a case. Steps are taken in order; a refusal closes the case, the last approval too. */
import { AppError } from '../errors/app-error.ts';
import type { Workflow } from '../catalogue/workflow.ts';
import type { LightColour } from '../verdict/schema.ts';
import type { Case } from './schema.ts';

export function openCase(input: {
  id: string;
  recordId: string;
  pushId: string;
  workflow: Workflow;
  pushField: string;
  at: string;
}): Case {
  return {
    id: input.id,
    recordId: input.recordId,
    pushId: input.pushId,
    workflow: input.workflow.id,
    pushField: input.pushField,
    state: 'open',
    step: 0,
    openedAt: input.at,
    decisions: [],
  };
}

export interface DecisionInput {
  step: string;
  decision: string;
  opinion: string;
  at: string;
  by: string;
  automatic?: boolean;
}

/**
 * The case after a decision. Throws CASE_CLOSED when it is decided or waits at another step, NOT_FOUND for an unknown
 * decision, OPINION_REQUIRED when the decision needs a reason and has none.
 */
export function decideCase(current: Case, workflow: Workflow, input: DecisionInput): Case {
  const step = workflow.steps[current.step];
  if (current.state !== 'open' || !step || step.id !== input.step)
    throw new AppError('CASE_CLOSED', { case: current.id, state: current.state });
  const decision = step.decisions.find((candidate) => candidate.id === input.decision);
  if (!decision) throw new AppError('NOT_FOUND', { decision: input.decision });
  const { outcome } = decision;
  if (outcome === 'returned') throw new AppError('BAD_REQUEST', { decision: input.decision });
  const opinion = input.opinion.trim();
  if (decision.opinion === 'required' && opinion === '')
    throw new AppError('OPINION_REQUIRED', { decision: input.decision });

  const decisions = [
    ...current.decisions,
    {
      step: step.id,
      decision: decision.id,
      label: decision.label,
      outcome,
      opinion,
      at: input.at,
      by: input.by,
      automatic: input.automatic ?? false,
    },
  ];
  if (outcome === 'refused')
    return { ...current, state: 'refused', step: workflow.steps.length, closedAt: input.at, decisions };
  if (current.step + 1 < workflow.steps.length) return { ...current, step: current.step + 1, decisions };
  return { ...current, state: 'approved', step: workflow.steps.length, closedAt: input.at, decisions };
}

/** 机器自动校核: what the waiting step decides by itself for this light; undefined when a person has to decide. */
export function automaticDecision(
  current: Case,
  workflow: Workflow,
  light: LightColour | undefined,
): { step: string; decision: string } | undefined {
  const step = workflow.steps[current.step];
  const automatic = step?.automatic;
  if (current.state !== 'open' || !automatic || !('whenLight' in automatic) || automatic.whenLight !== light)
    return undefined;
  return { step: step.id, decision: automatic.decision };
}

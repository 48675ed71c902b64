/**
 * Who may do what to which thing: one table, one question. A service asks `may` about the thing in hand; whoever only has the
 * door before him asks `mayAtAll`; lists are cut by `filterFor`, which is made of the same lines.
 */
import { allOf, matches, narrow } from './conditions.ts';
import type { Filter, Refusal, Requirement } from './conditions.ts';
import { actionRules } from './actions.ts';
import type { Action, FactsOf, ThingOf } from './actions.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from './schema.ts';

export type { Action, ThingOf } from './actions.ts';
export type { Refusal } from './conditions.ts';

export type Answer = { allowed: true } | { allowed: false; reason: Refusal };

const allowed: Answer = { allowed: true };

/** Whether the actor may do this to this thing. Total: it throws nothing, whatever the thing says of itself. */
export function may<A extends Action>(actor: Actor, action: A, thing: ThingOf<A>): Answer {
  for (const { needs, otherwise } of requirementsOf(action))
    if (!matches(narrow(actor, needs), thing)) return { allowed: false, reason: otherwise };
  return allowed;
}

/** Whether there could be a thing to which the actor may do this; asked where the thing is not known yet. */
export function mayAtAll(actor: Actor, action: Action): Answer {
  for (const { needs, otherwise } of requirementsOf(action))
    if (narrow(actor, needs) === false) return { allowed: false, reason: otherwise };
  return allowed;
}

/** Throws the reason, with `details` of what was asked for. */
export function demand<A extends Action>(
  actor: Actor,
  action: A,
  thing: ThingOf<A>,
  details: Record<string, unknown> = {},
): void {
  const answer = may(actor, action, thing);
  if (!answer.allowed) throw new AppError(answer.reason, details);
}

/** Throws the reason where there can be no such thing for this actor. */
export function demandAtAll(actor: Actor, action: Action): void {
  const answer = mayAtAll(actor, action);
  if (!answer.allowed) throw new AppError(answer.reason);
}

/** Of which things `may` says yes: for cutting a list where it is kept. */
export function filterFor<A extends Action>(actor: Actor, action: A): Filter<FactsOf<A>> {
  return allOf(requirementsOf(action).map(({ needs }) => narrow(actor, needs)));
}

const requirementsOf = <A extends Action>(action: A): readonly Requirement<FactsOf<A>>[] =>
  // the table says of each action which thing it is about, which the type of a lookup by a variable loses
  actionRules[action].requires as readonly Requirement<FactsOf<A>>[];

/**
 * Rules as data, so that one table answers for a single thing (permissions.ts) and makes the filter for a whole list of them
 * (filters.ts). What a condition asks of the thing names one of its facts.
 */
import type { ErrorCode } from '../errors/table.ts';
import { isAssured } from './assurance.ts';
import type { NeededAssurance } from './assurance.ts';
import type { Actor, ActorKind } from './schema.ts';

/** What of the actor a fact of the thing is compared with. An actor who has none of it equals nothing. */
export type ActorFact = 'account' | 'department' | 'organisation' | 'subject' | 'person' | 'known-person';

export type Condition<Fact extends string = string> =
  /** The password is the actor's own choice. */
  | { settled: true }
  | { isOneOf: readonly ActorKind[] }
  | { holds: string }
  /** The actor has the permission that the thing names there. */
  | { holdsNamed: Fact }
  | { assured: NeededAssurance }
  /** The fact, or one of it, is the actor's. */
  | { own: Fact; as: ActorFact }
  | { fact: Fact; is: string }
  | { all: readonly Condition<Fact>[] }
  | { any: readonly Condition<Fact>[] };

export type Refusal = Extract<
  ErrorCode,
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'PASSWORD_CHANGE_REQUIRED'
  | 'ASSURANCE_TOO_LOW'
  | 'SYSTEM_NOT_GRANTED'
  | 'TODO_UNKNOWN'
>;
/** One thing that must hold, and what is answered where it does not. The first that fails is answered. */
export interface Requirement<Fact extends string = string> {
  needs: Condition<Fact>;
  otherwise: Refusal;
}

/** What is left of a condition where the actor is known: about the thing alone. */
export type Filter<Fact extends string = string> =
  | boolean
  | { fact: Fact; in: readonly string[] }
  | { all: readonly Filter<Fact>[] }
  | { any: readonly Filter<Fact>[] };

/** Of whom the record is for which somebody acts: the one acted for, else one's own organisation, else oneself. */
export function subjectOf(actor: Actor): string | undefined {
  const own = actor.kind === 'registrant' ? registered(actor) : ownPerson(actor);
  const identity = actor.onBehalfOf ?? actor.organisation ?? own;
  return identity === undefined ? undefined : `${identity.scheme}:${identity.value}`;
}

const ownPerson = ({ assurance }: Actor) =>
  assurance.find(({ identity, level }) => identity.kind === 'person' && level !== 'none')?.identity;

/** The unit or the person whom the account stands for, by whatever proof. */
const registered = ({ assurance }: Actor) => assurance.find(({ level }) => level !== 'none')?.identity;

/** Who has proved to be that person, by face or signature: a password of somebody's is not enough to stand for a person. */
function provenPerson({ assurance }: Actor): string | undefined {
  return assurance.find(({ identity }) => {
    const needed = { level: 'face', kind: 'person', of: identity } as const;
    return identity.scheme === 'id-number' && isAssured(assurance, needed);
  })?.identity.value;
}

/** Whose id number the session stands for, by whatever proof: enough to see what waits for that person, and no more. */
export const knownPerson = ({ assurance }: Pick<Actor, 'assurance'>): string | undefined =>
  assurance.find(
    ({ identity, level }) =>
      identity.kind === 'person' && identity.scheme === 'id-number' && level !== 'none',
  )?.identity.value;

function factOf(actor: Actor, as: ActorFact): string | undefined {
  const { organisation } = actor;
  const values = {
    account: actor.account,
    department: actor.department,
    organisation: organisation && `${organisation.scheme}:${organisation.value}`,
    subject: subjectOf(actor),
    person: provenPerson(actor),
    'known-person': knownPerson(actor),
  } satisfies Record<ActorFact, string | undefined>;
  const value = values[as];
  return value === '' ? undefined : value;
}

/** What is left to ask of the thing. */
export function narrow<Fact extends string>(actor: Actor, condition: Condition<Fact>): Filter<Fact> {
  if ('settled' in condition) return !actor.mustChangePassword;
  if ('isOneOf' in condition) return condition.isOneOf.includes(actor.kind);
  if ('holds' in condition) return actor.permissions.includes(condition.holds);
  if ('holdsNamed' in condition)
    return someOf(
      condition.holdsNamed,
      actor.permissions.filter((one) => one !== ''),
    );
  if ('assured' in condition) return isAssured(actor.assurance, condition.assured);
  if ('own' in condition) {
    const value = factOf(actor, condition.as);
    return value === undefined ? false : someOf(condition.own, [value]);
  }
  if ('fact' in condition) return someOf(condition.fact, [condition.is]);
  if ('all' in condition) return allOf(condition.all.map((one) => narrow(actor, one)));
  return anyOf(condition.any.map((one) => narrow(actor, one)));
}

export function matches<Fact extends string>(
  filter: Filter<Fact>,
  facts: Readonly<Record<Fact, string | readonly string[]>>,
): boolean {
  if (typeof filter === 'boolean') return filter;
  if ('all' in filter) return filter.all.every((one) => matches(one, facts));
  if ('any' in filter) return filter.any.some((one) => matches(one, facts));
  return [facts[filter.fact]].flat().some((value) => filter.in.includes(value));
}

const someOf = <Fact extends string>(fact: Fact, values: readonly string[]): Filter<Fact> =>
  values.length === 0 ? false : { fact, in: values };

export function allOf<Fact extends string>(filters: readonly Filter<Fact>[]): Filter<Fact> {
  if (filters.includes(false)) return false;
  const left = filters.filter((one) => one !== true);
  const [only] = left;
  if (only === undefined) return true;
  return left.length === 1 ? only : { all: left };
}

export function anyOf<Fact extends string>(filters: readonly Filter<Fact>[]): Filter<Fact> {
  if (filters.includes(true)) return true;
  const left = filters.filter((one) => one !== false);
  const [only] = left;
  if (only === undefined) return false;
  return left.length === 1 ? only : { any: left };
}

/** What each named rule of a guard asks. */
import { isAssured } from '../accounts/assurance.ts';
import type { NamedRule, NamedRuleId } from '../catalogue/guard.ts';
import type { IdOrField } from '../catalogue/ids.ts';
import { countedAs, heldIn, isBarred } from '../registers/locks.ts';
import type { RegisteredWork } from '../registers/schema.ts';
import { canonicalNumber } from '../registers/works.ts';
import { namedBy, not, valueOf, withPerson, withRegisters } from './guard-facts.ts';
import type { GuardFacts, Truth } from './guard-facts.ts';

type RuleOf<Id extends NamedRuleId> = Extract<NamedRule, { rule: Id }>;
/** Total: a rule that the schema knows and this table does not is an error of types. */
export const guardRules = {
  'appointments-below': (rule, facts) =>
    withPerson(rule.person, facts, (person) =>
      withRegisters(facts, ['appointments', 'works'], ({ appointments, works }) => {
        const own = works.find(({ id }) => id === valueOf(facts.record.form, rule.besides ?? ''));
        const others = own ? works.filter((work) => countedAs(work) !== countedAs(own)) : works;
        const holdings = { person, appointments, works: others };
        const count =
          rule.distinctBy === undefined
            ? countWorks(rule.post, holdings)
            : heldIn(rule.post, holdings).length;
        return count < rule.limit;
      }),
    ),
  'is-locked': (rule, facts) => isLocked(rule, facts),
  'is-not-locked': ({ person, besides }, facts) =>
    besides === undefined ? not(isLocked({ person }, facts)) : isFreeFor({ person, work: besides }, facts),
  'own-person': (rule, facts) =>
    withPerson(rule.person, facts, (person) =>
      withRegisters(facts, ['persons'], ({ persons }) =>
        persons.some(({ id, unit }) => id === person && unit === facts.record.subject.creditCode),
      ),
    ),
  'is-named-person': (rule, { record, actor }) => {
    const value = valueOf(record.form, rule.person);
    if (value === undefined) return 'value-missing';
    const of = { kind: 'person', scheme: 'id-number', value, name: '' } as const;
    return isAssured(actor.assurance, { level: 'face', kind: 'person', of });
  },
  'light-is': (rule, { record: { light } }) =>
    light === undefined ? 'value-missing' : rule.lights.includes(light),
  'has-real-name': (rule, facts) =>
    withPerson(rule.person, facts, (person) => {
      const name = valueOf(facts.record.form, rule.name);
      if (name === undefined) return 'value-missing';
      return withRegisters(facts, ['realNames'], ({ realNames }) =>
        realNames.some((one) => one.person === person && one.name === name),
      );
    }),
  'unit-is-new': (rule, facts) => {
    const code = valueOf(facts.record.form, rule.code);
    if (code === undefined) return 'value-missing';
    return withRegisters(facts, ['units'], ({ units }) => units.every((unit) => unit.code !== code));
  },
  'holds-no-account': (rule, facts) =>
    withPerson(rule.person, facts, (person) => {
      const { type } = rule;
      const wanted = namedBy(type, facts);
      if (typeof type === 'object' && wanted === undefined) return 'value-missing';
      return withRegisters(
        facts,
        ['accounts'],
        ({ accounts }) =>
          !accounts.some(
            (one) =>
              one.person === person &&
              one.kind === rule.kind &&
              (wanted === undefined || one.type === wanted) &&
              one.recordId !== facts.record.id,
          ),
      );
    }),
  'is-not-main-handler': (rule, facts) =>
    withPerson(rule.person, facts, (person) =>
      withRegisters(
        facts,
        ['accounts'],
        ({ accounts }) =>
          !accounts.some(
            (one) =>
              one.person === person && one.kind === 'main' && one.unit === facts.record.subject.creditCode,
          ),
      ),
    ),
  'own-work': (rule, facts) =>
    withWork(rule.work, facts, ({ unit, units = [] }) =>
      rule.as === 'owner'
        ? unit === facts.record.subject.creditCode
        : units.some(({ code }) => code === facts.record.subject.creditCode),
    ),
  'permit-is-new': (rule, facts) => {
    const permit = valueOf(facts.record.form, rule.permit);
    if (permit === undefined) return 'value-missing';
    const own = valueOf(facts.record.form, rule.work);
    return withRegisters(facts, ['works'], ({ works }) =>
      works.every(({ id, permitNumber }) => id === own || permitNumber !== canonicalNumber(permit)),
    );
  },
  'not-at-work': (rule, facts) => not(isAtWork(rule, facts)),
  'at-work': (rule, facts) =>
    valueOf(facts.record.form, rule.person) === undefined || isAtWork(rule, facts, rule.post),
  'holds-qualification': (rule, facts) =>
    withPerson(rule.person, facts, (person) => holdsQualification(person, rule.anyOf, facts)),
} satisfies { [Id in NamedRuleId]: (rule: RuleOf<Id>, facts: GuardFacts) => Truth };

export function askRule(rule: NamedRule, facts: GuardFacts): Truth {
  // the table's line is the one of the rule's own id, which the type of a lookup by a variable loses
  const answer = guardRules[rule.rule] as (rule: NamedRule, facts: GuardFacts) => Truth;
  return answer(rule, facts);
}

function isLocked({ person: field, post }: { person: string; post?: IdOrField }, facts: GuardFacts): Truth {
  const wanted = namedBy(post, facts);
  return withPerson(field, facts, (id) =>
    withRegisters(facts, ['locks'], ({ locks }) =>
      locks.some((lock) => lock.person === id && (wanted === undefined || lock.post === wanted)),
    ),
  );
}

function isFreeFor({ person, work }: { person: string; work: string }, facts: GuardFacts): Truth {
  const wanted = valueOf(facts.record.form, work);
  return withPerson(person, facts, (id) =>
    withRegisters(facts, ['locks', 'works'], ({ locks, works }) => {
      const standing = locks.filter((lock) => lock.person === id);
      const own = works.find((one) => one.id === wanted);
      return own ? !isBarred(own, standing) : standing.length === 0;
    }),
  );
}

/** A paper that was found green says so by itself; that somebody holds none only the register of qualifications can say. */
function holdsQualification(
  person: string,
  kinds: readonly string[],
  { registers, today, now, maxAgeMs }: GuardFacts,
): Truth {
  const known = registers.qualifications?.rows.find((one) => one.person === person);
  const fitting = (known?.held ?? []).filter(
    ({ kind, validUntil }) => kinds.includes(kind) && (validUntil === undefined || validUntil >= today),
  );
  if (fitting.some(({ source }) => source === 'paper')) return true;
  if (known?.askedAt === undefined) return 'register-missing';
  if (Date.parse(now) - Date.parse(known.askedAt) > maxAgeMs) return 'register-old';
  return fitting.length > 0;
}

/** A work that the register does not have is nobody's. */
function withWork(field: string, facts: GuardFacts, ask: (work: RegisteredWork) => boolean): Truth {
  const id = valueOf(facts.record.form, field);
  if (id === undefined) return 'value-missing';
  return withRegisters(facts, ['works'], ({ works }) => {
    const work = works.find((one) => one.id === id);
    return work !== undefined && ask(work);
  });
}

function isAtWork(
  { person: personField, work: workField }: { person: string; work: string },
  facts: GuardFacts,
  post?: IdOrField,
): Truth {
  const work = valueOf(facts.record.form, workField);
  const wanted = namedBy(post, facts);
  if (work === undefined || (post !== undefined && wanted === undefined)) return 'value-missing';
  return withPerson(personField, facts, (person) =>
    withRegisters(facts, ['appointments'], ({ appointments }) =>
      appointments.some(
        (one) =>
          one.person === person &&
          one.work === work &&
          one.until === undefined &&
          (wanted === undefined || one.post === wanted),
      ),
    ),
  );
}

function countWorks(post: string, { person, appointments, works }: Parameters<typeof heldIn>[1]): number {
  const own = appointments.filter(
    (one) => one.person === person && one.post === post && one.until === undefined,
  );
  const building = works.filter(({ state }) => state === 'under-construction').map(({ id }) => id);
  return new Set(own.map(({ work }) => work).filter((work) => building.includes(work))).size;
}

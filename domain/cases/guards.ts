/**
 * What a guard answers: yes, no with its exact words, or unknown, because a register is not here, its copy is old, or the
 * record does not say. Unknown is never allowed. The same function answers in the browser, in the agent and on the server.
 */
import { isAssured } from '../accounts/assurance.ts';
import type { Actor } from '../accounts/schema.ts';
import type { Expression, Guard, NamedRule, NamedRuleId, Operand } from '../catalogue/guard.ts';
import type { IdOrField } from '../catalogue/ids.ts';
import { chinaDay } from '../primitives.ts';
import type { LudengRecord } from '../record/schema.ts';
import { countedAs, heldIn, isBarred } from '../registers/locks.ts';
import type { RegisteredWork, RegisterId, Registers } from '../registers/schema.ts';
import { canonicalNumber } from '../registers/works.ts';

export interface GuardFacts {
  actor: Pick<Actor, 'name' | 'organisation' | 'assurance'>;
  record: Pick<LudengRecord, 'id' | 'kind' | 'programme' | 'role' | 'subject' | 'form' | 'answers' | 'light'>;
  registers: Registers;
  /** The instant of the question, and China's day then. */
  now: string;
  today: string;
  /** A copy of a register that is older than this says nothing. */
  maxAgeMs: number;
}

/** A register's copy may be a day old. */
export const registerMaxAgeMs = 24 * 60 * 60_000;

/** What follows from the instant of the question alone, wherever it is asked. */
export const momentOf = (now: string): Pick<GuardFacts, 'now' | 'today' | 'maxAgeMs'> => ({
  now,
  today: chinaDay(now),
  maxAgeMs: registerMaxAgeMs,
});

export type Ignorance = 'register-missing' | 'register-old' | 'value-missing';
/** true, false, or why it cannot be told. */
export type Truth = boolean | Ignorance;
export type GuardAnswer =
  | { guard: string; answer: 'yes' }
  | { guard: string; answer: 'no'; text: string }
  | { guard: string; answer: 'unknown'; because: Ignorance; text: string };

export function askGuard(guard: Guard, facts: GuardFacts): GuardAnswer {
  const truth = guard.rule === 'expression' ? evaluate(guard.when, facts) : askRule(guard, facts);
  if (truth === true) return { guard: guard.id, answer: 'yes' };
  if (truth === false) return { guard: guard.id, answer: 'no', text: guard.text };
  return { guard: guard.id, answer: 'unknown', because: truth, text: guard.text };
}

/**
 * All of them together. A no, or a value that the record lacks, is refused wherever it is asked; what only a register could
 * tell is queued and judged again by the server.
 */
export type GuardVerdict =
  | { verdict: 'allowed' }
  | { verdict: 'refused'; answers: GuardAnswer[] }
  | { verdict: 'judged-later'; answers: GuardAnswer[] };

export function judgeGuards(guards: readonly Guard[], facts: GuardFacts): GuardVerdict {
  const answers = guards.map((guard) => askGuard(guard, facts)).filter(({ answer }) => answer !== 'yes');
  if (answers.length === 0) return { verdict: 'allowed' };
  const isFinal = answers.some((one) => one.answer === 'no' || isOwnFault(one));
  return { verdict: isFinal ? 'refused' : 'judged-later', answers };
}
const isOwnFault = (one: GuardAnswer): boolean => one.answer === 'unknown' && one.because === 'value-missing';

/** The words of whatever does not hold, each once. */
export const textOf = (answers: readonly GuardAnswer[]): string =>
  [...new Set(answers.flatMap((one) => (one.answer === 'yes' ? [] : [one.text])))].join('；');

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

function askRule(rule: NamedRule, facts: GuardFacts): Truth {
  // the table's line is the one of the rule's own id, which the type of a lookup by a variable loses
  const answer = guardRules[rule.rule] as (rule: NamedRule, facts: GuardFacts) => Truth;
  return answer(rule, facts);
}

/** Undefined where nothing is named, or the form says nothing there. */
const namedBy = (id: IdOrField | undefined, { record }: GuardFacts): string | undefined =>
  typeof id === 'object' ? valueOf(record.form, id.form) : id;

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

type Rows = { [Id in RegisterId]-?: NonNullable<Registers[Id]>['rows'] };
function withRegisters<Id extends RegisterId>(
  { registers, now, maxAgeMs }: GuardFacts,
  ids: readonly Id[],
  ask: (rows: Pick<Rows, Id>) => boolean,
): Truth {
  if (ids.some((id) => registers[id] === undefined)) return 'register-missing';
  const isOld = ids.some((id) => Date.parse(now) - Date.parse(registers[id]?.asOf ?? '') > maxAgeMs);
  if (isOld) return 'register-old';
  // every one of them is here, as the first line made sure
  return ask(
    Object.fromEntries(ids.map((id) => [id, registers[id]?.rows ?? []])) as unknown as Pick<Rows, Id>,
  );
}

function withPerson(field: string, { record }: GuardFacts, ask: (id: string) => Truth): Truth {
  const id = valueOf(record.form, field);
  return id === undefined ? 'value-missing' : ask(id);
}

/** Kleene's three values: what is not known stays so unless the rest decides already. */
export function evaluate(expression: Expression, facts: GuardFacts): Truth {
  if ('rule' in expression) return askRule(expression, facts);
  if ('all' in expression) return all(expression.all.map((part) => evaluate(part, facts)));
  if ('any' in expression) return not(all(expression.any.map((part) => not(evaluate(part, facts)))));
  if ('not' in expression) return not(evaluate(expression.not, facts));
  if ('present' in expression) {
    const value = read(expression.present, facts);
    return value.isKnown || (value.because === 'value-missing' ? false : value.because);
  }
  if ('equals' in expression) return compare(expression.equals, facts, (left, right) => left === right);
  if ('before' in expression)
    return compare(expression.before, facts, (left, right) =>
      isDay(left) && isDay(right) ? left < right : 'value-missing',
    );
  if ('in' in expression) {
    const [operand, choices] = expression.in;
    return compare([operand], facts, (value) => choices.some((choice) => choice === value));
  }
  if ('atMost' in expression) {
    const [operand, limit] = expression.atMost;
    return compare([operand], facts, (value) => {
      const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof amount === 'number' && Number.isFinite(amount) ? amount <= limit : 'value-missing';
    });
  }
  const [operand, pattern] = expression.matches;
  return compare([operand], facts, (value) => new RegExp(`^(?:${pattern})$`, 'u').test(String(value)));
}

type Value = string | number | boolean;
type Read = { isKnown: true; value: Value } | { isKnown: false; because: Ignorance };
const known = (value: Value | undefined): Read =>
  value === undefined || value === ''
    ? { isKnown: false, because: 'value-missing' }
    : { isKnown: true, value };

function read(operand: Operand, facts: GuardFacts): Read {
  if (typeof operand !== 'object') return known(operand);
  const { record, actor } = facts;
  if ('form' in operand) return known(valueOf(record.form, operand.form));
  if ('answer' in operand) return known(valueOf(record.answers, operand.answer));
  if ('record' in operand) return known(record[operand.record]);
  if ('subject' in operand) return known(record.subject[operand.subject]);
  if ('today' in operand) return known(facts.today);
  if ('actor' in operand)
    return known(
      {
        id: actor.assurance.find(({ identity }) => identity.scheme === 'id-number')?.identity.value,
        name: actor.name,
        code: actor.organisation?.value,
      }[operand.actor],
    );
  return 'person' in operand
    ? readRow('persons', operand.in, facts, (row) => row[operand.person])
    : readRow('works', operand.in, facts, (row) => row[operand.work]);
}

function readRow<Id extends 'persons' | 'works'>(
  register: Id,
  field: string,
  facts: GuardFacts,
  pick: (row: Rows[Id][number]) => string | undefined,
): Read {
  const id = valueOf(facts.record.form, field);
  if (id === undefined) return known(undefined);
  let found: Rows[Id][number] | undefined;
  const truth = withRegisters(facts, [register], (rows) => {
    const own: readonly Rows[Id][number][] = rows[register];
    found = own.find((row) => row.id === id);
    return true;
  });
  if (truth !== true) return { isKnown: false, because: truth === false ? 'value-missing' : truth };
  return known(found && pick(found));
}

function compare(operands: readonly Operand[], facts: GuardFacts, ask: (...values: Value[]) => Truth): Truth {
  const values: Value[] = [];
  const missing: Ignorance[] = [];
  for (const operand of operands) {
    const one = read(operand, facts);
    if (one.isKnown) values.push(one.value);
    else missing.push(one.because);
  }
  return missing.length > 0 ? worst(missing) : ask(...values);
}

function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  const unknown = parts.filter((part): part is Ignorance => typeof part === 'string');
  return unknown.length === 0 || worst(unknown);
}
const not = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

/** A register that might still answer outweighs a value that nobody will add: the server judges again. */
const worst = (because: readonly Ignorance[]): Ignorance =>
  (['register-missing', 'register-old', 'value-missing'] as const).find((one) => because.includes(one)) ??
  'value-missing';

const isDay = (value: Value): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

function valueOf(values: Readonly<Record<string, string>>, field: string): string | undefined {
  const value = Object.hasOwn(values, field) ? values[field]?.trim() : undefined;
  return value === '' ? undefined : value;
}

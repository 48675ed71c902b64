/** A guard's expression over the record, its actor and the registers. */
import type { Expression, Operand } from '../catalogue/guard.ts';
import { not, valueOf, withRegisters } from './guard-facts.ts';
import type { GuardFacts, Ignorance, RegisterRows, Truth } from './guard-facts.ts';
import { askRule } from './guard-rules.ts';

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
  pick: (row: RegisterRows[Id][number]) => string | undefined,
): Read {
  const id = valueOf(facts.record.form, field);
  if (id === undefined) return known(undefined);
  let found: RegisterRows[Id][number] | undefined;
  const truth = withRegisters(facts, [register], (rows) => {
    const own: readonly RegisterRows[Id][number][] = rows[register];
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
/** A register that might still answer outweighs a value that nobody will add: the server judges again. */
const worst = (because: readonly Ignorance[]): Ignorance =>
  (['register-missing', 'register-old', 'value-missing'] as const).find((one) => because.includes(one)) ??
  'value-missing';

const isDay = (value: Value): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

/** What a guard is asked about, and how a register or a value that is not there is told from a no. */
import type { Actor } from '../accounts/schema.ts';
import type { IdOrField } from '../catalogue/ids.ts';
import { chinaDay } from '../primitives.ts';
import type { LudengRecord } from '../record/schema.ts';
import type { RegisterId, Registers } from '../registers/schema.ts';

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

export type RegisterRows = { [Id in RegisterId]-?: NonNullable<Registers[Id]>['rows'] };
export function withRegisters<Id extends RegisterId>(
  { registers, now, maxAgeMs }: GuardFacts,
  ids: readonly Id[],
  ask: (rows: Pick<RegisterRows, Id>) => boolean,
): Truth {
  if (ids.some((id) => registers[id] === undefined)) return 'register-missing';
  const isOld = ids.some((id) => Date.parse(now) - Date.parse(registers[id]?.asOf ?? '') > maxAgeMs);
  if (isOld) return 'register-old';
  // every one of them is here, as the first line made sure
  return ask(
    Object.fromEntries(ids.map((id) => [id, registers[id]?.rows ?? []])) as unknown as Pick<RegisterRows, Id>,
  );
}

export function withPerson(field: string, { record }: GuardFacts, ask: (id: string) => Truth): Truth {
  const id = valueOf(record.form, field);
  return id === undefined ? 'value-missing' : ask(id);
}

/** Undefined where nothing is named, or the form says nothing there. */
export const namedBy = (id: IdOrField | undefined, { record }: GuardFacts): string | undefined =>
  typeof id === 'object' ? valueOf(record.form, id.form) : id;

export function valueOf(values: Readonly<Record<string, string>>, field: string): string | undefined {
  const value = Object.hasOwn(values, field) ? values[field]?.trim() : undefined;
  return value === '' ? undefined : value;
}

export const not = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

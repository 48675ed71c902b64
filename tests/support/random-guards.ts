/**
 * Guards and records at random, the same everywhere: what a browser, the agent and the server answer about number n is
 * compared. Registers are whole, partly missing, or old; values are there, empty, or not what they should be.
 */
import { guardSchema } from '#domain/catalogue/guard.ts';
import type { Expression, Guard, NamedRule, NamedRuleId, Operand } from '#domain/catalogue/guard.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import type { GuardVerdict } from '#domain/cases/guards.ts';
import type { GuardFacts } from '#domain/cases/guard-facts.ts';

export interface Question {
  guards: Guard[];
  /** What follows from the instant alone (China's day, the age of a copy that still counts) is for whoever asks. */
  facts: Omit<GuardFacts, 'today' | 'maxAgeMs'>;
}
export type Ask = (question: Question) => GuardVerdict | Promise<GuardVerdict>;

export const blockSize = 500;

/** A hash for every block of answers, and how often each verdict was given. */
export async function answersOf(
  { first, count }: { first: number; count: number },
  ask: Ask,
): Promise<{ hashes: string[]; verdicts: Record<string, number> }> {
  const hashes: string[] = [];
  const verdicts: Record<string, number> = {};
  for (let start = first; start < first + count; start += blockSize) {
    let text = '';
    for (let n = start; n < Math.min(start + blockSize, first + count); n += 1) {
      const answer = await ask(questionOf(n));
      verdicts[answer.verdict] = (verdicts[answer.verdict] ?? 0) + 1;
      text += `${n} ${canonicalJson(answer)}\n`;
    }
    hashes.push(hashOf(text));
  }
  return { hashes, verdicts };
}

/** FNV-1a twice, with two bases: no cryptography is needed to tell two texts apart, and every platform has it. */
function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let index = 0; index < text.length; index += 1) {
    a = Math.imul(a ^ text.charCodeAt(index), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(index), 0x85ebca6b) + a;
  }
  return `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}-${text.length}`;
}

export function questionOf(n: number): Question {
  const random = mulberry(n + 1);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const chance = (share: number): boolean => random() < share;
  const now = pick('2026-11-30T15:59:59.000Z', '2026-11-30T16:00:00.000Z', '2027-01-01T00:30:00.000Z');
  return {
    guards: Array.from({ length: 1 + Math.floor(random() * 3) }, (_, at) => guardOf(at, pick, chance)),
    facts: {
      now,
      actor: {
        name: pick('张三', '李四'),
        ...(chance(0.5)
          ? { organisation: { kind: 'organisation', scheme: 'credit-code', value: pick(...units), name: '' } }
          : {}),
        assurance: chance(0.6)
          ? []
          : [
              {
                ...{ way: 'face', level: pick('face', 'password'), at: now },
                identity: { kind: 'person', scheme: 'id-number', value: pick(...people), name: '' },
              },
            ],
      },
      record: {
        id: recordId,
        kind: pick('unlock', 'change'),
        programme: 'p',
        role: pick('builder', 'supervisor'),
        subject: { name: '某公司', creditCode: pick(...units) },
        form: {
          ...(chance(0.9) ? { person: pick(...people, '', ' 甲 ') } : {}),
          ...(chance(0.9) ? { work: pick(...works) } : {}),
          ...(chance(0.9) ? { name: pick('甲', '乙', '') } : {}),
          ...(chance(0.9) ? { permit: pick('X1', ' ｘ１', 'X3') } : {}),
          ...(chance(0.9) ? { post: pick(...posts) } : {}),
          ...(chance(0.9) ? { unit: pick(...units, 'u3') } : {}),
          ...(chance(0.9) ? { type: pick(...accountTypes) } : {}),
          ...(chance(0.8) ? { day: pick('2026-11-30', '2026-12-01', '2027-01-01', '去年', '') } : {}),
          ...(chance(0.8) ? { amount: pick('3', '3.0', '10', 'x', '𠮷') } : {}),
        },
        answers: chance(0.5) ? { main: pick('yes', 'no') } : {},
        ...(chance(0.8) ? { light: pick('green', 'yellow', 'red') } : {}),
      },
      registers: registersOf(now, pick, chance),
    },
  };
}

type Pick = <T>(...choices: readonly T[]) => T;
type Chance = (share: number) => boolean;
const people = ['p1', 'p2', 'p3'] as const;
const works = ['w1', 'w2', 'w3', 'w4'] as const;
const units = ['u1', 'u2'] as const;
const posts = ['project-manager', 'safety-officer'] as const;
const accountTypes = ['ordinary', 'builder'] as const;
const qualifications = ['b', 'c'] as const;
const recordId = '01J8ZQ0000000000000000RECD';

function registersOf(now: string, pick: Pick, chance: Chance): GuardFacts['registers'] {
  const asOf = (): string =>
    new Date(Date.parse(now) - pick(0, 1_000, 86_400_000, 86_400_001, 400_000_000)).toISOString();
  const list = <T>(length: number, make: (index: number) => T): T[] =>
    Array.from({ length }, (_, at) => make(at));
  return {
    ...(chance(0.8)
      ? {
          persons: {
            asOf: asOf(),
            rows: people.map((id) => ({ id, name: `人${id}`, unit: pick(...units) })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          works: {
            asOf: asOf(),
            rows: works.map((id) => ({
              ...{ id, name: id, unit: pick(...units), authority: '甲', supervisor: '乙' },
              state: pick('under-construction', 'under-construction', 'finished'),
              ...(chance(0.6) ? { contractNumber: pick('k1', 'k2') } : {}),
              ...(chance(0.5) ? { permitNumber: pick('X1', 'X2') } : {}),
              ...(chance(0.5) ? { units: [{ role: 'builder', code: pick(...units), name: '某公司' }] } : {}),
            })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          qualifications: {
            asOf: asOf(),
            rows: people.map((person) => ({
              ...{ person, ...(chance(0.7) ? { askedAt: asOf() } : {}) },
              held: list(pick(0, 1, 2), (at) => ({
                ...{ kind: pick(...qualifications), number: String(at), source: pick('paper', 'register') },
                ...(chance(0.5) ? { validUntil: pick('2026-11-29', '2026-12-01') } : {}),
              })),
            })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          appointments: {
            asOf: asOf(),
            rows: list(pick(0, 1, 2, 4, 7), (at) => ({
              ...{ id: String(at), person: pick(...people), work: pick(...works), post: pick(...posts) },
              from: `2026-0${1 + (at % 9)}-01T00:00:00.000Z`,
              ...(chance(0.3) ? { until: '2026-10-01T00:00:00.000Z' } : {}),
            })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          locks: {
            asOf: asOf(),
            rows: list(pick(0, 1, 2), () => ({
              ...{ person: pick(...people), post: pick(...posts), work: pick(...works), counted: [] },
              since: '2026-01-01T00:00:00.000Z',
            })),
          },
        }
      : {}),
    ...accountRegistersOf({ asOf, pick, chance, list }),
  };
}

/** What is known of names, units and accounts. */
function accountRegistersOf({
  asOf,
  pick,
  chance,
  list,
}: {
  asOf: () => string;
  pick: Pick;
  chance: Chance;
  list: <T>(length: number, make: (index: number) => T) => T[];
}): GuardFacts['registers'] {
  const since = '2026-01-01T00:00:00.000Z';
  return {
    ...(chance(0.8)
      ? {
          realNames: {
            asOf: asOf(),
            rows: list(pick(0, 1, 3), () => ({ person: pick(...people), name: pick('甲', '乙'), since })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          units: {
            asOf: asOf(),
            rows: list(pick(0, 1, 2), () => ({
              ...{ code: pick(...units), name: '某公司', representative: pick(...people), since },
            })),
          },
        }
      : {}),
    ...(chance(0.8)
      ? {
          accounts: {
            asOf: asOf(),
            rows: list(pick(0, 1, 3), () => ({
              ...{ person: pick(...people), unit: pick(...units), type: pick(...accountTypes) },
              kind: pick('main', 'handler'),
              // opened by the very record that asks, or by another one
              ...pick({}, { recordId }, { recordId: 'another' }),
            })),
          },
        }
      : {}),
  };
}

function guardOf(at: number, pick: Pick, chance: Chance): Guard {
  const own = { id: `guard-${at}`, text: `第${at}条：不符合条件` };
  if (chance(0.6))
    return guardSchema.parse({ ...own, rule: 'expression', when: expressionOf(3, pick, chance) });
  return guardSchema.parse({ ...own, ...ruleOf(pick) });
}

/** Total: a new rule is asked at random as well. */
const rulesAtRandom = {
  'is-locked': (pick) => ({
    ...{ rule: 'is-locked', person: 'person' },
    ...pick<object>({}, { post: pick(...posts) }, { post: { form: pick('type', 'nothing') } }),
  }),
  'is-not-locked': (pick) => ({
    ...{ rule: 'is-not-locked', person: 'person' },
    ...pick<object>({}, { besides: 'work' }),
  }),
  'own-person': () => ({ rule: 'own-person', person: 'person' }),
  'is-named-person': () => ({ rule: 'is-named-person', person: 'person' }),
  'light-is': (pick) => ({ rule: 'light-is', lights: [pick('green', 'yellow')] }),
  'appointments-below': (pick) => ({
    ...{ rule: 'appointments-below', person: 'person', post: pick(...posts), limit: pick(1, 2, 3) },
    ...pick({}, { distinctBy: 'contractNumber' as const }),
    ...pick({}, { besides: 'work' }),
  }),
  'has-real-name': (pick) => ({ rule: 'has-real-name', person: 'person', name: pick('name', 'nothing') }),
  'unit-is-new': (pick) => ({ rule: 'unit-is-new', code: pick('unit', 'nothing') }),
  'holds-no-account': (pick) => ({
    ...{ rule: 'holds-no-account', person: 'person', kind: pick('main', 'handler') },
    ...pick<object>({}, { type: 'ordinary' }, { type: { form: pick('type', 'nothing') } }),
  }),
  'is-not-main-handler': () => ({ rule: 'is-not-main-handler', person: 'person' }),
  'own-work': (pick) => ({
    ...{ rule: 'own-work', work: pick('work', 'nothing'), as: pick('owner', 'participant') },
  }),
  'permit-is-new': (pick) => ({
    ...{ rule: 'permit-is-new', permit: pick('permit', 'nothing'), work: 'work' },
  }),
  'not-at-work': () => ({ rule: 'not-at-work', person: 'person', work: 'work' }),
  'at-work': (pick) => ({
    ...{ rule: 'at-work', person: pick('person', 'nothing'), work: 'work' },
    post: pick<string | { form: string }>(pick(...posts), { form: 'post' }),
  }),
  'holds-qualification': (pick) => ({
    ...{ rule: 'holds-qualification', person: 'person', anyOf: [pick(...qualifications)] },
  }),
} satisfies { [Id in NamedRuleId]: (pick: Pick) => Extract<NamedRule, { rule: Id }> };

export const ruleIds = Object.keys(rulesAtRandom);

const ruleOf = (pick: Pick): NamedRule => pick(...Object.values(rulesAtRandom))(pick);

function expressionOf(depth: number, pick: Pick, chance: Chance): object {
  if (depth > 0 && chance(0.5)) {
    const part = (): object => expressionOf(depth - 1, pick, chance);
    return pick<() => object>(
      () => ({ all: [part(), part()] }),
      () => ({ any: [part(), part(), part()] }),
      () => ({ not: part() }),
    )();
  }
  const operand = (): Operand =>
    pick<Operand>(
      { form: pick('person', 'day', 'amount', 'nothing') },
      { answer: 'main' },
      { record: pick('kind', 'role', 'light') },
      { subject: 'creditCode' },
      { actor: pick('id', 'name', 'code') },
      { person: pick('name', 'unit'), in: 'person' },
      { work: pick('state', 'contractNumber'), in: 'work' },
      { today: true },
    );
  return pick<() => object>(
    () => ruleOf(pick),
    (): Expression => ({ equals: [operand(), pick<Operand>(operand(), 'u1', 'green', 'yes')] }),
    (): Expression => ({ before: [operand(), operand()] }),
    (): Expression => ({ in: [operand(), ['u1', 'green', 'unlock', '3']] }),
    (): Expression => ({ atMost: [operand(), 3] }),
    (): Expression => ({ matches: [operand(), pick('p[12]', '.', '\\p{Script=Han}+', '\\d+(\\.\\d+)?')] }),
    (): Expression => ({ present: operand() }),
  )();
}

/** A small generator whose numbers are the same on every platform. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

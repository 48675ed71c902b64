import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardSchema } from '../catalogue/guard.ts';
import type { Expression, Guard } from '../catalogue/guard.ts';
import { nobody } from '../accounts/schema.ts';
import { askGuard, judgeGuards, textOf } from './guards.ts';
import { evaluate } from './expression.ts';
import { registerMaxAgeMs } from './guard-facts.ts';
import type { GuardFacts, Truth } from './guard-facts.ts';

const now = '2026-11-30T04:00:00.000Z';
const old = '2026-11-28T04:00:00.000Z';
const person = '530102199001011234';
const unit = '91530100MA6K000000';
const registersAt = (asOf: string): GuardFacts['registers'] => ({
  persons: { asOf, rows: [{ id: person, name: '张三', unit }] },
  works: {
    asOf,
    rows: [
      {
        ...{ id: 'w1', name: '一号楼', state: 'under-construction', unit },
        ...{ authority: '市住建局', supervisor: '市质监站', contractNumber: 'K1' },
      },
    ],
  },
  appointments: {
    asOf,
    rows: [{ id: 'a1', person, work: 'w1', post: 'project-manager', from: '2026-01-01T00:00:00.000Z' }],
  },
  locks: {
    asOf,
    rows: [
      { person, post: 'project-manager', since: '2026-01-01T00:00:00.000Z', work: 'w1', counted: ['K1'] },
    ],
  },
});
const facts = (rest: Partial<GuardFacts> = {}): GuardFacts => ({
  actor: nobody,
  record: {
    ...{
      id: '01J8ZQ0000000000000000RECD',
      kind: 'unlock',
      programme: 'yn',
      role: 'builder',
      subject: { name: '某公司', creditCode: unit },
    },
    ...{ form: { person, day: '2026-12-01' }, answers: {}, light: 'yellow' },
  },
  registers: registersAt(now),
  now,
  today: '2026-11-30',
  maxAgeMs: registerMaxAgeMs,
  ...rest,
});
const guard = (rest: object): Guard => guardSchema.parse({ id: 'guard', text: '确切的话', ...rest });
const isLocked = guard({ rule: 'is-locked' });
const below = guard({
  rule: 'appointments-below',
  post: 'project-manager',
  limit: 1,
  distinctBy: 'contractNumber',
});

describe('askGuard', () => {
  test('answers yes, or no with its exact words', () => {
    expect(askGuard(isLocked, facts())).toEqual({ guard: 'guard', answer: 'yes' });
    expect(askGuard(guard({ rule: 'is-not-locked' }), facts())).toEqual({
      ...{ guard: 'guard', answer: 'no', text: '确切的话' },
    });
    expect(askGuard(below, facts())).toMatchObject({ answer: 'no' });
    expect(askGuard({ ...below, limit: 2 } as Guard, facts())).toMatchObject({ answer: 'yes' });
    expect(askGuard(guard({ rule: 'own-person' }), facts())).toMatchObject({ answer: 'yes' });
    const strange = { ...facts().record, subject: { name: '他', creditCode: '9' } };
    expect(askGuard(guard({ rule: 'own-person' }), facts({ record: strange }))).toMatchObject({
      answer: 'no',
    });
  });
  test('is unknown where the register is missing or old, whatever it would say', () => {
    for (const one of [isLocked, below, guard({ rule: 'own-person' }), guard({ rule: 'is-not-locked' })]) {
      expect(askGuard(one, facts({ registers: {} }))).toMatchObject({ because: 'register-missing' });
      expect(askGuard(one, facts({ registers: registersAt(old) }))).toMatchObject({
        because: 'register-old',
      });
    }
  });
  test('a lock bars every other work, but none of the contract that it counts', () => {
    const free = guard({ rule: 'is-not-locked', besides: 'work' });
    const { works, ...rest } = registersAt(now);
    const [one] = works?.rows ?? [];
    const others = ['K1', 'K2'].map((contractNumber, index) => ({ ...one, id: `o${index}`, contractNumber }));
    const registers = { ...rest, works: { asOf: now, rows: [one, ...others] } } as GuardFacts['registers'];
    const at = (work: string) => facts({ registers, record: { ...facts().record, form: { person, work } } });
    expect(askGuard(free, at('o0'))).toMatchObject({ answer: 'yes' });
    expect(askGuard(free, at('o1'))).toMatchObject({ answer: 'no' });
    expect(askGuard(free, at('nowhere'))).toMatchObject({ answer: 'no' });
    expect(askGuard(free, facts({ registers: {} }))).toMatchObject({ because: 'register-missing' });
  });
  test('a named person is one who has proved to be it, by face or signature', () => {
    const one = guard({ rule: 'is-named-person', person: 'person' });
    const proved = (value: string, way: 'face' | 'password') =>
      facts({
        actor: {
          ...nobody,
          assurance: [
            {
              ...{ way, level: way, at: now },
              identity: { kind: 'person', scheme: 'id-number', value, name: '' },
            },
          ] as GuardFacts['actor']['assurance'],
        },
      });
    expect(askGuard(one, proved(person, 'face'))).toMatchObject({ answer: 'yes' });
    expect(askGuard(one, proved(person, 'password'))).toMatchObject({ answer: 'no' });
    expect(askGuard(one, proved('530102199001011235', 'face'))).toMatchObject({ answer: 'no' });
    expect(askGuard(one, facts())).toMatchObject({ answer: 'no' });
  });
});

describe('judgeGuards', () => {
  const missing = facts({ registers: {} });
  test('lets nothing unknown pass: it is judged later, and a no is final', () => {
    expect(judgeGuards([isLocked], facts())).toEqual({ verdict: 'allowed' });
    expect(judgeGuards([isLocked], missing).verdict).toBe('judged-later');
    const light = guard({ rule: 'light-is', lights: ['green'] });
    const both = judgeGuards([isLocked, light], missing);
    expect(both.verdict).toBe('refused');
    expect(both.verdict === 'refused' && textOf(both.answers)).toBe('确切的话');
  });
  test('what the record lacks, no register will tell', () => {
    const bare = facts({ record: { ...facts().record, form: {} } });
    expect(judgeGuards([isLocked], bare).verdict).toBe('refused');
  });
});

describe('expressions', () => {
  const read = (expression: Expression, given = facts()) => evaluate(expression, given);
  test.each<[Expression, Truth]>([
    [{ equals: [{ form: 'person' }, person] }, true],
    [{ not: { equals: [{ form: 'nothing' }, 'x'] } }, 'value-missing'],
    [{ present: { form: 'nothing' } }, false],
    [{ before: [{ today: true }, { form: 'day' }] }, true],
    [{ before: [{ form: 'person' }, { today: true }] }, 'value-missing'],
    [{ in: [{ record: 'light' }, ['green', 'yellow']] }, true],
    [{ matches: [{ form: 'person' }, '53'] }, false],
    [{ matches: [{ form: 'person' }, '53.*'] }, true],
    [{ atMost: [{ form: 'person' }, 1] }, false],
    [{ atMost: [{ form: 'day' }, 1] }, 'value-missing'],
    [{ equals: [{ person: 'unit', in: 'person' }, { subject: 'creditCode' }] }, true],
    [{ any: [{ present: { form: 'nothing' } }, { equals: [{ record: 'kind' }, 'unlock'] }] }, true],
    [{ all: [{ rule: 'is-locked', person: 'person' }, { present: { form: 'nothing' } }] }, false],
  ])('%j is %s', (expression, expected) => expect(read(expression)).toBe(expected));

  test('unknown passes through, and whatever the register would say never turns a decided answer', () => {
    const leaf: fc.Arbitrary<Expression> = fc.constantFrom<Expression>(
      { rule: 'is-locked', person: 'person' },
      { rule: 'is-not-locked', person: 'person' },
      { equals: [{ record: 'kind' }, 'unlock'] },
      { present: { form: 'nothing' } },
    );
    const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        tie('tree').map((not) => ({ not })),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      ),
    }));
    const unlocked = facts({ registers: { ...registersAt(now), locks: { asOf: now, rows: [] } } });
    fc.assert(
      fc.property(tree, (expression) => {
        const unknown = read(expression, facts({ registers: {} }));
        const either = [read(expression), read(expression, unlocked)];
        expect(either.every((truth) => typeof truth === 'boolean')).toBe(true);
        if (typeof unknown === 'boolean') expect(either).toEqual([unknown, unknown]);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldIn, locks } from './locks.ts';
import type { Appointment, RegisteredWork } from './schema.ts';

const rules = [
  { post: 'project-manager', limit: 1 },
  { post: 'safety-officer', limit: 1 },
  { post: 'chief-supervisor', limit: 3 },
];
const work = (id: string, rest: Partial<RegisteredWork> = {}): RegisteredWork => ({
  ...{ id, name: id, state: 'under-construction', unit: 'u', authority: '主管', supervisor: '监督' },
  ...rest,
});
const appointed = (post: string, works: readonly string[]): Appointment[] =>
  works.map((one, index) => ({
    ...{ id: `${post} ${one}`, person: 'p', work: one, post },
    from: `2026-01-0${index + 1}T00:00:00.000Z`,
  }));
const lockedIn = (
  post: string,
  ids: readonly string[],
  works: readonly RegisteredWork[],
  counted: string[] = [],
) =>
  locks({
    ...{ person: 'p', works, rules, appointments: appointed(post, ids) },
    releases: [{ person: 'p', post, counted, at: '2026-02-01T00:00:00.000Z' }],
  });

describe('locks', () => {
  const works = ['a', 'b', 'c', 'd'].map((id) => work(id));
  test('YNQ-017, 018, 019: a project manager and a safety officer by one work, a chief supervisor by the third', () => {
    expect(lockedIn('project-manager', ['a'], works)).toMatchObject([{ post: 'project-manager', work: 'a' }]);
    expect(lockedIn('safety-officer', ['a'], works)).toHaveLength(1);
    expect(lockedIn('chief-supervisor', ['a', 'b'], works)).toEqual([]);
    expect(lockedIn('chief-supervisor', ['a', 'b', 'c'], works)).toMatchObject([{ work: 'c' }]);
  });
  test('YNQ-022: works of one contract count as one', () => {
    const sameContract = works.map((one) => ({ ...one, contractNumber: 'K1' }));
    expect(lockedIn('chief-supervisor', ['a', 'b', 'c', 'd'], sameContract)).toEqual([]);
  });
  test('a finished work locks nobody', () => {
    expect(lockedIn('project-manager', ['a'], [work('a', { state: 'finished' })])).toEqual([]);
  });
  test('what was released counts no longer, and the next work locks again', () => {
    expect(lockedIn('project-manager', ['a'], works, ['a'])).toEqual([]);
    expect(lockedIn('project-manager', ['a', 'b'], works, ['a'])).toMatchObject([{ work: 'b' }]);
  });
  test('a lock stands exactly where at least as many count as the rule says, whatever the order of the rows', () => {
    const holding = fc.record({
      work: fc.constantFrom('a', 'b', 'c', 'd'),
      post: fc.constantFrom(...rules.map(({ post }) => post)),
      hasEnded: fc.boolean(),
      day: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(holding, { maxLength: 12 }), (held) => {
        const appointments = held.map(({ work: one, post, hasEnded, day }, index): Appointment => ({
          ...{ id: String(index), person: 'p', work: one, post, from: `2026-01-0${day}T00:00:00.000Z` },
          ...(hasEnded ? { until: '2026-02-01T00:00:00.000Z' } : {}),
        }));
        const all = { person: 'p', works, appointments };
        const found = locks({ ...all, rules, releases: [] });
        for (const { post, limit } of rules) {
          const count = new Set(
            held.filter((one) => one.post === post && !one.hasEnded).map((one) => one.work),
          ).size;
          expect(found.some((lock) => lock.post === post)).toBe(count >= limit);
          expect(heldIn(post, all)).toHaveLength(count);
        }
        expect(locks({ ...all, appointments: [...appointments].reverse(), rules, releases: [] })).toEqual(
          found,
        );
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { BenchError, conditions, kinds, readBenchOptions } from './options.ts';
import { jobsOf } from './set/render-set.ts';

describe('options of a benchmark', () => {
  test('a seed of its own each time, so that no set is ever tuned to', () => {
    const [a, b, c] = [1, 2, 3].map(() => readBenchOptions([], {}).seed);
    expect(new Set([a, b, c]).size).toBeGreaterThan(1);
  });

  test('an unknown kind is refused with the known ones', () => {
    expect(() => readBenchOptions(['--kinds', 'passport'], {})).toThrow(BenchError);
    expect(() => readBenchOptions(['--kinds', 'passport'], {})).toThrow(/business-licence/);
  });

  test.each([
    ['--pages', '0'],
    ['--pages', 'ten'],
    ['--seed', '-1'],
    ['--colour', 'red'],
  ])('refuses %s %s', (name, value) => {
    expect(() => readBenchOptions([`${name}=${value}`], {})).toThrow(BenchError);
  });

  test('21 pages show every kind under every condition once', () => {
    const jobs = jobsOf({ pages: 21, seed: 5, kinds: kinds, conditions: conditions });
    expect(new Set(jobs.map(({ kind, condition }) => `${kind} ${condition}`)).size).toBe(21);
    expect(new Set(jobs.map(({ seed }) => seed)).size).toBe(21);
  });
});

import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { Field } from '#domain/catalogue/field.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { createRandom, forge } from './forge.ts';

const licence = getDocumentType(loadCatalogue(), 'business-licence');
const fieldOf = (id: string): Field => {
  const field = licence.fields.find((candidate) => candidate.id === id);
  if (!field) throw new Error(`no field ${id}`);
  return field;
};
const others = { persons: ['李四'], companies: ['别家有限公司'] };

describe('forged claims', () => {
  test('each kind of change makes another claim that the rule takes', () => {
    const field = fieldOf('companyName');
    const value = '沈阳恒泰建设2号有限公司';
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const forgeries = forge({ field, value, ...others, random: createRandom(seed) });
        expect(forgeries.map(({ change }) => change)).toEqual([
          'look-alike',
          'digit',
          'drop',
          'add',
          'swap',
          'other company',
        ]);
        for (const { claim } of forgeries) {
          expect(fieldRules[field.kind].parse(claim, field).ok).toBe(true);
          expect(fieldRules[field.kind].agrees(claim, value, field)).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('a person is exchanged for a person', () => {
    const field = fieldOf('legalRepresentative');
    const forgeries = forge({ field, value: '张三', ...others, random: createRandom(1) });
    expect(forgeries).toContainEqual({ change: 'other person', claim: '李四' });
  });

  test('a date that is none is not claimed', () => {
    const field = fieldOf('establishedOn');
    for (const { claim } of forge({ field, value: '2017-12-10', ...others, random: createRandom(3) }))
      expect(claim).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('moving a bracket is no forgery', () => {
    const field = fieldOf('companyType');
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const forgeries = forge({ field, value: '股份（甲）', ...others, random: createRandom(seed) });
        for (const { claim } of forgeries) expect(claim.replace(/[()（）]/g, '')).not.toBe('股份甲');
      }),
      { numRuns: 50 },
    );
  });

  test('the seed decides', () => {
    const make = (seed: number) =>
      forge({
        field: fieldOf('companyName'),
        value: '沈阳恒泰建设有限公司',
        ...others,
        random: createRandom(seed),
      });
    expect(make(5)).toEqual(make(5));
    expect([6, 7, 8].some((seed) => JSON.stringify(make(seed)) !== JSON.stringify(make(5)))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { Field } from '../catalogue/field.ts';
import { fieldRules } from './field-rules.ts';

const field: Field = {
  id: 'paidMonths',
  label: '缴费起止月',
  kind: 'period',
  precision: 'month',
  weight: 'key',
  required: true,
  maxLength: 200,
  choices: [],
};
const { period } = fieldRules;

describe('a period in months', () => {
  it.each([
    ['2023年01月至2024年06月', '2023-01-01/2024-06-30'],
    ['202301-202402', '2023-01-01/2024-02-29'],
    ['2023.01—2023.12', '2023-01-01/2023-12-31'],
    ['2023-01至2023-12', '2023-01-01/2023-12-31'],
    ['2023年01月至2024年06月；2023年03月至2024年07月', '2023-01-01/2024-07-31'],
  ])('reads %s', (text, value) => {
    expect(period.readFrom(text, field)).toBe(value);
    expect(period.parse(text, field)).toEqual({ ok: true, value });
  });

  it('takes full dates as they are', () => {
    expect(period.readFrom('2023-01-05至2023-12-31', field)).toBe('2023-01-05/2023-12-31');
  });

  it('does not care for days when it compares', () => {
    expect(period.agrees('2023-01-01/2023-12-31', '2023-01-15/2023-12-01', field)).toBe(true);
    expect(period.agrees('2023-01-01/2023-12-31', '2023-02-01/2023-12-31', field)).toBe(false);
  });

  it('reads back what it writes', () => {
    const value = '2023-01-01/2024-06-30';
    expect(period.format(value, field)).toBe('2023年01月至2024年06月');
    for (const form of period.paperForms(value, field)) expect(period.readFrom(form, field)).toBe(value);
  });
});

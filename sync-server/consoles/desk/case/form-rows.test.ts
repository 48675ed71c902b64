import { expect, test } from 'vitest';
import { fieldSchema } from '#domain/catalogue/field.ts';
import type { FieldReading } from '#domain/reading/schema.ts';
import { formRows } from './form-rows.ts';

const name = fieldSchema.parse({ id: 'companyName', label: '单位名称', kind: 'company-name' });
const until = fieldSchema.parse({ id: 'validUntil', label: '有效期至', kind: 'date' });
const reading = (value: string): FieldReading => ({
  value,
  text: value,
  page: 0,
  box: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  confidence: 0.9,
});

test('values stand in the order of the form, as people write them', () => {
  const rows = formRows([name, until], { validUntil: '2030-12-31', companyName: '甲公司' });
  expect(rows.map(({ label, text }) => [label, text])).toEqual([
    ['单位名称', '甲公司'],
    ['有效期至', '2030年12月31日'],
  ]);
});

test('a value that differs from what was read says what was read; one that means the same does not', () => {
  const values = { companyName: '甲公司', validUntil: '2031-12-31' };
  const rows = formRows([name, until], values, {
    companyName: reading('甲公司'),
    validUntil: reading('2030-12-31'),
  });
  expect(rows[0]).not.toHaveProperty('readAs');
  expect(rows[1]).toMatchObject({ readAs: '2030年12月31日' });
});

test('a value whose field the configuration has no more is still shown', () => {
  expect(formRows([name], { gone: '旧内容' })).toEqual([
    { id: 'gone', label: 'gone', text: '旧内容', isMasked: false },
  ]);
});

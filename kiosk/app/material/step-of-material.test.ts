import { expect, test } from 'vitest';
import type { Material } from '#domain/record/schema.ts';
import { stepOfMaterial } from './step-of-material.ts';

const markable = [
  { id: 'name', required: true },
  { id: 'number', required: true },
  { id: 'remark', required: false },
];
const mark = {
  page: 0,
  box: [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ] as [[number, number], [number, number], [number, number], [number, number]],
};
const page = { sha: 'a' } as unknown as Material['pages'][number];
const seal = { pdfSha: 'b' } as unknown as NonNullable<Material['seal']>;

function material(change: Partial<Material>): Material {
  return {
    slot: 's',
    certificate: 'c',
    mode: 'smart',
    values: {},
    readings: {},
    chip: {},
    pages: [],
    marks: {},
    confirmed: false,
    ...change,
  };
}
const stepOf = (change: Partial<Material>, state: 'draft' | 'saved' | 'submitted' = 'draft') =>
  stepOfMaterial({ record: { state }, material: material(change), markable });
const checked = (light: 'green' | 'red') =>
  ({ verdict: { light } }) as unknown as NonNullable<Material['checked']>;

test('begins with the upload', () => expect(stepOf({})).toBe(0));
test('asks to confirm what was read before anything is marked', () =>
  expect(stepOf({ pages: [page] })).toBe(2));
test('manual mode needs no confirmation', () => expect(stepOf({ pages: [page], mode: 'manual' })).toBe(3));
test('marks while any field has none', () => {
  expect(stepOf({ pages: [page], confirmed: true, marks: { name: [mark] } })).toBe(3);
});
test('seals when all is marked', () => {
  expect(stepOf({ pages: [page], confirmed: true, marks: { name: [mark], number: [mark] } })).toBe(4);
});
test('saves what is sealed', () => expect(stepOf({ pages: [page], seal })).toBe(5));
test('a red check is no way to submission', () => {
  expect(stepOf({ pages: [page], seal, checked: checked('red') })).toBe(5);
});
test('submits what is green', () =>
  expect(stepOf({ pages: [page], seal, checked: checked('green') })).toBe(6));
test('is done after submission', () => expect(stepOf({}, 'submitted')).toBe(7));
test('marks an optional field only when something was entered', () => {
  const marks = { name: [mark], number: [mark] };
  expect(stepOf({ pages: [page], confirmed: true, marks, values: { remark: '甲' } })).toBe(3);
});

import { expect, test } from 'vitest';
import { journeySteps } from '#domain/catalogue/record-kind.ts';
import type { JourneyStep } from '#domain/catalogue/record-kind.ts';
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
const stepOf = (
  change: Partial<Material>,
  state: 'draft' | 'saved' | 'submitted' = 'draft',
  journey: readonly JourneyStep[] = journeySteps,
) => stepOfMaterial({ record: { state }, material: material(change), markable, journey });
const checked = (light: 'green' | 'red') =>
  ({ verdict: { light } }) as unknown as NonNullable<Material['checked']>;

test('begins with the upload', () => expect(stepOf({})).toBe('capture'));
test('asks to confirm what was read before anything is marked', () =>
  expect(stepOf({ pages: [page] })).toBe('confirm'));
test('manual mode needs no confirmation', () =>
  expect(stepOf({ pages: [page], mode: 'manual' })).toBe('mark'));
test('marks while any field has none', () => {
  expect(stepOf({ pages: [page], confirmed: true, marks: { name: [mark] } })).toBe('mark');
});
test('seals when all is marked', () => {
  expect(stepOf({ pages: [page], confirmed: true, marks: { name: [mark], number: [mark] } })).toBe('seal');
});
test('saves what is sealed', () => expect(stepOf({ pages: [page], seal })).toBe('check'));
test('a red check is no way to submission', () => {
  expect(stepOf({ pages: [page], seal, checked: checked('red') })).toBe('check');
});
test('submits what is green', () =>
  expect(stepOf({ pages: [page], seal, checked: checked('green') })).toBe('submit'));
test('is done after submission', () => expect(stepOf({}, 'submitted')).toBeUndefined());
test('marks an optional field only when something was entered', () => {
  const marks = { name: [mark], number: [mark] };
  expect(stepOf({ pages: [page], confirmed: true, marks, values: { remark: '甲' } })).toBe('mark');
});
test('never names a step that the kind does not have', () => {
  const marked = { pages: [page], confirmed: true, marks: { name: [mark], number: [mark] } };
  const unsealed = journeySteps.filter((step) => step !== 'seal');
  expect(stepOf(marked, 'draft', unsealed)).toBe('check');
  expect(stepOf({ ...marked, checked: checked('green') }, 'draft', unsealed)).toBe('submit');
  const keptOnly = ['capture', 'submit'] as const;
  expect(stepOf({}, 'draft', keptOnly)).toBe('capture');
  expect(stepOf({ pages: [page] }, 'draft', keptOnly)).toBe('submit');
});

import { expect, test } from 'vitest';
import type { RecordKind } from '../catalogue/schema.ts';
import { answersFromFile, askedOf, isPartOfFile, partsOf, titleOfFile, titleOfRecord } from './file-parts.ts';

const partOf = {
  kind: 'person',
  key: 'number',
  answers: { name: { slot: 'card', field: 'name' }, number: { slot: 'card', field: 'idNumber' } },
};
const field = (id: string, kind: 'text' | 'id-number') => ({ id, label: id, kind, required: true });
const insurance = {
  id: 'insurance',
  title: '社会保险',
  partOf,
  asked: [field('name', 'text'), field('number', 'id-number'), field('year', 'text')],
} as unknown as RecordKind;
const file = (name: string, idNumber: string, kind = 'person') => ({
  kind,
  form: {},
  materials: [{ slot: 'card', values: { name, idNumber } }],
});
const zhao = file('赵明辉', '210103197506120014');

test('what the file says is answered and not asked', () => {
  expect(answersFromFile(partOf, zhao)).toEqual({ name: '赵明辉', number: '210103197506120014' });
  expect(answersFromFile(partOf, { ...zhao, materials: [] })).toEqual({ name: '', number: '' });
  expect(askedOf(insurance).map(({ id }) => id)).toEqual(['year']);
});

test('a part belongs to the file with its key, whatever else the papers say', () => {
  const answers = answersFromFile(partOf, zhao);
  expect(isPartOfFile(insurance, { answers }, zhao)).toBe(true);
  expect(isPartOfFile(insurance, { answers }, file('赵明', '210103197506120014'))).toBe(true);
  expect(isPartOfFile(insurance, { answers }, file('赵明辉', '210102199003075525'))).toBe(false);
  expect(isPartOfFile(insurance, { answers }, file('赵明辉', '210103197506120014', 'company'))).toBe(false);
  // neither has been read yet
  expect(isPartOfFile(insurance, { answers: { number: '' } }, file('', ''))).toBe(false);
});

test('its title says whose it is, then what it is, and no number', () => {
  const answers = { ...answersFromFile(partOf, zhao), year: '2026' };
  expect(titleOfRecord(insurance, answers)).toBe('赵明辉-社会保险-2026');
  const person = { id: 'person', title: '基本信息', file: { title: '人员管理' } } as unknown as RecordKind;
  expect(titleOfFile(person, [insurance], zhao)).toBe('人员管理 · 赵明辉');
  expect(titleOfFile(person, [insurance], { ...zhao, materials: [] })).toBe('人员管理');
});

test('the parts of a file stand as the sections name them', () => {
  const kinds = ['b', 'a', 'person'].map((id) => ({ ...insurance, id })) as RecordKind[];
  const sections = [{ id: 'staff', title: '人员', roles: [], recordKinds: ['person', 'a', 'b'] }];
  const own = kinds.filter(({ id }) => id !== 'person');
  expect(partsOf({ recordKinds: own, sections }, { id: 'person' }).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(partsOf({ recordKinds: own, sections }, { id: 'company' })).toEqual([]);
});

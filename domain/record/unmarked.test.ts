import { expect, test } from 'vitest';
import { documentTypeSchema, recordKindSchema } from '../catalogue/schema.ts';
import type { Mark } from '../reading/schema.ts';
import { unmarkedFields } from './unmarked.ts';

const kind = recordKindSchema.parse({
  ...{ id: 'kind', title: '信息', cardinality: 'many', workflow: 'review' },
  materials: [{ id: 'paper', title: '证书', documentType: 'paper' }],
});
const field = (id: string, weight: string) => ({ id, label: id, kind: 'text', weight });
const paper = documentTypeSchema.parse({
  ...{ id: 'paper', name: '证书', recognise: { titles: ['证书'] } },
  papers: [{ name: 'A4', widthMm: 210, heightMm: 297 }],
  fields: [field('name', 'key'), field('number', 'key'), field('issuer', 'digital'), field('note', 'plain')],
});
const mark: Mark[] = [
  {
    page: 0,
    box: [
      [0, 0],
      [9, 0],
      [9, 9],
      [0, 9],
    ],
  },
];
const values = { name: '甲', number: '1', issuer: '乙', note: '丙' };
const unmarked = (
  material: Partial<Parameters<typeof unmarkedFields>[2]>,
  of = kind,
  type: Pick<typeof paper, 'fields'> = paper,
) => unmarkedFields(of, type, { values, marks: {}, chip: {}, ...material }).map(({ id }) => id);

test('what is filled in and weighs must be marked, what weighs less may be left out', () => {
  expect(unmarked({})).toEqual(['name', 'number', 'issuer']);
  expect(unmarked({ marks: { name: mark } })).toEqual(['number']);
  expect(unmarked({ marks: { name: mark, number: mark } })).toEqual([]);
  expect(unmarked({ marks: { name: mark, number: [] } })).toEqual(['number']);
  expect(unmarked({ values: { name: '甲' }, marks: { name: mark } })).toEqual([]);
});

test('a paper of lesser fields alone must have one mark', () => {
  const lesser = { fields: paper.fields.filter(({ weight }) => weight !== 'key') };
  expect(unmarked({}, kind, lesser)).toEqual(['issuer']);
  expect(unmarked({ values: { note: '丙' } }, kind, lesser)).toEqual([]);
});

test('what the chip holds needs no place on paper', () => {
  expect(unmarked({ chip: { name: '甲', number: '1' } })).toEqual([]);
  expect(unmarked({ chip: { name: '甲' } })).toEqual(['number']);
});

test('a kind without marks asks for none', () => {
  expect(unmarked({}, { ...kind, needs: { check: 'none' } })).toEqual([]);
});

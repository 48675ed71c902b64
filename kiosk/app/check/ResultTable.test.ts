import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import type { FieldVerdict } from '#domain/verdict/schema.ts';
import ResultTable from './ResultTable.vue';

const verdict = (field: string, light?: FieldVerdict['light']): FieldVerdict => ({
  field,
  label: `标签${field}`,
  weight: light ? 'key' : 'plain',
  claimed: '甲公司',
  recognised: '乙公司',
  reasons: [{ code: 'deviates', text: `原因${field}` }],
  ...(light ? { light } : {}),
});

test('puts what must be mended on top', () => {
  const fields = [verdict('a', 'green'), verdict('b', 'yellow'), verdict('c', 'red'), verdict('d')];
  const rows = mount(ResultTable, { props: { fields } }).findAll('tbody tr');
  expect(rows.map((row) => row.attributes('data-field'))).toEqual(['c', 'b', 'a', 'd']);
});

test('shows what was typed, what was read, the light by word and the reason', () => {
  const text = mount(ResultTable, { props: { fields: [verdict('c', 'red')] } })
    .find('tbody')
    .text();
  for (const part of ['标签c', '甲公司', '乙公司', '红灯', '原因c']) expect(text).toContain(part);
});

test('heads the two columns as the departments do', () => {
  const head = mount(ResultTable, { props: { fields: [] } })
    .find('thead')
    .text();
  expect(head).toContain('用户填写数据');
  expect(head).toContain('证件识别数据');
});

test('says that a plain field takes no part', () => {
  expect(mount(ResultTable, { props: { fields: [verdict('d')] } }).text()).toContain('不参与核验');
});

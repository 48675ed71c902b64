import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { journeyOf } from '#domain/catalogue/record-kind.ts';
import { recordKindSchema } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import { makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import MaterialActions from './MaterialActions.vue';
import type { MaterialPlace } from './use-open-material.ts';

const kindWith = (needs?: object) =>
  recordKindSchema.parse({
    ...{ id: 'kind', title: '信息', cardinality: 'many', workflow: 'review' },
    materials: [{ id: 'licence', title: '证书', documentType: 'business-licence' }],
    ...(needs ? { needs } : {}),
  });
const material = makeMaterial([makePage('a'.repeat(64), 1)]);
function barOf(needs?: object, change: Partial<typeof material> = {}, unmarked: string[] = []) {
  const kind = kindWith(needs);
  const place = {
    ...{ kind, journey: journeyOf(kind), record: makeRecord(), material: { ...material, ...change } },
    unmarked: unmarked.map((label) => ({ label }) as Field),
  } as unknown as MaterialPlace;
  const bar = mount(MaterialActions, {
    props: { place, single: true, busy: false, step: undefined, unsealedBeside: [] },
  });
  const buttons = bar.findAll('button').map((one) => [one.text(), one.attributes('disabled') === undefined]);
  return { buttons: Object.fromEntries(buttons) as Record<string, boolean>, why: bar.find('.why').text() };
}

test('a paper that is sealed and checked has 签章 and 保存, in this order', () => {
  const { buttons, why } = barOf();
  expect(buttons).toMatchObject({ 预览: true, 签章: true, 保存: false, 提交: false, 关闭: true });
  expect(why).toBe('请先签章，再保存');
});

test('where the record is sealed as a whole the paper has no 签章, and is saved as soon as it is ready', () => {
  const { buttons } = barOf({ seal: 'record' });
  expect(Object.keys(buttons)).toEqual(['预览', '保存', '提交', '关闭']);
  expect(buttons['保存']).toBe(true);
  expect(barOf({ seal: 'record' }, { confirmed: false }).buttons['保存']).toBe(false);
  expect(barOf({ seal: 'record' }, {}, ['证书编号']).buttons['保存']).toBe(false);
});

test('a paper that is neither sealed nor checked is only looked at and closed', () => {
  const { buttons, why } = barOf({ seal: 'none', check: 'none' });
  expect(Object.keys(buttons)).toEqual(['预览', '提交', '关闭']);
  expect(why).toBe('');
});

test('what stands in the way of 签章 is said: no pages, not confirmed, not marked', () => {
  const blocked = [
    barOf(undefined, { pages: [] }),
    barOf(undefined, { confirmed: false }),
    barOf(undefined, {}, ['单位名称', '证书编号', '有效期', '等级']),
  ];
  expect(blocked.map(({ buttons }) => buttons['签章'])).toEqual([false, false, false]);
  expect(blocked.map(({ why }) => why)).toEqual([
    '请先上传电子文件',
    '请先确认信息',
    '请先标记单位名称、证书编号、有效期等 4 项：点“去标记”，在图片上框出位置',
  ]);
});

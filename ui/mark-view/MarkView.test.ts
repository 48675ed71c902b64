import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { marksSchema } from '#domain/reading/schema.ts';
import type { Marks } from '#domain/reading/schema.ts';
import { rectOfQuad } from './mark-geometry.ts';
import MarkView from './MarkView.vue';

const fields = [
  { id: 'name', label: '单位名称', weight: 'key' as const },
  { id: 'number', label: '证书编号', weight: 'digital' as const },
];
const marks: Marks = {
  name: [
    {
      page: 0,
      box: [
        [100, 100],
        [300, 100],
        [300, 140],
        [100, 140],
      ],
    },
  ],
  number: [
    {
      page: 1,
      box: [
        [100, 200],
        [300, 200],
        [300, 240],
        [100, 240],
      ],
    },
  ],
};
const view = (more: Record<string, unknown> = {}) =>
  mount(MarkView, {
    props: { src: 'blob:x', widthPx: 1000, heightPx: 1400, pageIndex: 0, marks, fields, ...more },
  });
type View = ReturnType<typeof view>;
const last = (wrapper: View): Marks => {
  const events: unknown[][] = wrapper.emitted('update:marks') ?? [];
  return marksSchema.parse(events.at(-1)?.[0]);
};
const setProps = (wrapper: View, props: Record<string, unknown>): Promise<void> => wrapper.setProps(props);
const nameRect = (wrapper: View) => {
  const [mark] = last(wrapper)['name'] ?? [];
  if (!mark) throw new Error('no mark of the name');
  return rectOfQuad(mark.box);
};

test('shows the marks of the open page only, each with its name', () => {
  const names = view()
    .findAll('[data-mark]')
    .map((box) => box.attributes('data-mark'));
  expect(names).toEqual(['单位名称的标记']);
});

test('Delete removes the mark, arrows move it, Shift and arrows size it', async () => {
  const wrapper = view();
  const box = wrapper.find('[data-mark]');
  await box.trigger('keydown', { key: 'ArrowRight' });
  const moved = nameRect(wrapper);
  expect(moved.x).toBeGreaterThan(100);
  expect(moved.width).toBe(200);
  await box.trigger('keydown', { key: 'ArrowRight', shiftKey: true });
  const sized = nameRect(wrapper);
  expect(sized.x).toBe(100);
  expect(sized.width).toBeGreaterThan(200);
  await box.trigger('keydown', { key: 'Delete' });
  expect(last(wrapper)).toEqual({ number: marks['number'] });
});

test('a readonly view changes nothing', async () => {
  const wrapper = view({ readonly: true });
  await wrapper.find('[data-mark]').trigger('keydown', { key: 'Delete' });
  expect(wrapper.emitted('update:marks')).toBeUndefined();
});

test('adds a mark on the open page without a mouse', async () => {
  const wrapper = view({ field: 'number' });
  const add = wrapper.findAll('button').find((button) => button.text() === '添加标记框');
  await add?.trigger('click');
  expect(last(wrapper)['number']?.map((mark) => mark.page)).toEqual([1, 0]);
});

test('says what to draw until the field is marked on the open page', async () => {
  const wrapper = view();
  await setProps(wrapper, { field: 'number' });
  expect(wrapper.text()).toContain('框出“证书编号”的内容');
  await setProps(wrapper, { marks: { ...marks, number: [{ page: 0, box: marks['name']?.[0]?.box }] } });
  expect(wrapper.text()).not.toContain('框出');
});

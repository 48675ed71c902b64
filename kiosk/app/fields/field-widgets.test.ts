import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { fieldKindSchema, fieldSchema } from '#domain/catalogue/field.ts';
import type { FieldKind } from '#domain/catalogue/field.ts';
import { fieldWidgets } from './field-widgets.ts';
import FieldRow from './FieldRow.vue';

const field = (kind: FieldKind, more: Record<string, unknown> = {}) =>
  fieldSchema.parse({
    id: 'someField',
    label: '某项',
    kind,
    ...(kind === 'choice'
      ? {
          choices: [
            { value: 'a', label: '甲级' },
            { value: 'b', label: '乙级' },
          ],
        }
      : {}),
    ...more,
  });
const mountWidget = (kind: FieldKind, value: string, more: Record<string, unknown> = {}) =>
  mount(fieldWidgets[kind], { props: { field: field(kind, more), value, disabled: false, inputId: 'f' } });

test.each(fieldKindSchema.options)('there is a widget for %s that shows up empty', (kind) => {
  expect(mountWidget(kind, '').find('input, textarea').exists()).toBe(true);
});

test('money is shown in words of the paper and taken back as a plain number', async () => {
  const widget = mountWidget('money', '50000000');
  expect((widget.find('input').element as HTMLInputElement).value).toBe('5000万元');
  await widget.find('input').setValue('1000万元');
  expect(widget.emitted('change')?.at(-1)).toEqual(['10000000']);
});

test('what does not parse is kept as it was typed', async () => {
  const widget = mountWidget('money', '');
  await widget.find('input').setValue('很多');
  expect(widget.emitted('change')?.at(-1)).toEqual(['很多']);
});

test('several choices go out in the order of the catalogue', async () => {
  const widget = mountWidget('choice', 'b', { multiple: true });
  await widget.find('input[value=a]').trigger('change');
  expect(widget.emitted('change')?.at(-1)).toEqual(['a,b']);
});

test('a key field carries its sign, and a required one its star', () => {
  const row = mount(FieldRow, {
    props: { field: field('text', { weight: 'key', required: true }), value: '' },
  });
  expect(row.find('[aria-label="关键实质性信息"]').exists()).toBe(true);
  expect(row.find('label').text()).toContain('*');
});

test('says what is wrong once the field is left, not while it is typed', async () => {
  const row = mount(FieldRow, { props: { field: field('phone'), value: '12' } });
  expect(row.find('[role=alert]').exists()).toBe(false);
  await row.trigger('focusout');
  expect(row.find('[role=alert]').text()).toContain('11 位手机号码');
});

test('offers 去标记 for a compared field with pages, and not for a plain one', () => {
  const of = (weight: string) =>
    mount(FieldRow, { props: { field: field('text', { weight }), value: '', marks: 0 } }).find('.go-mark');
  expect(of('digital').exists()).toBe(true);
  expect(of('plain').exists()).toBe(false);
});

test('a locked field cannot be changed and says why', () => {
  const row = mount(FieldRow, {
    props: { field: field('text', { weight: 'key' }), value: '甲', locked: true },
  });
  expect((row.find('input').element as HTMLInputElement).disabled).toBe(true);
  expect(row.text()).toContain('补充完善时不能更改关键实质性信息');
});

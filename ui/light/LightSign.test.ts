import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import LightSign from './LightSign.vue';

test.each([
  ['red', '红灯'],
  ['yellow', '黄灯'],
  ['green', '绿灯'],
] as const)('says %s by word and by a shape of its own', (colour, word) => {
  const light = mount(LightSign, { props: { colour } });
  expect(light.text()).toBe(word);
  expect(light.findAll('svg > *').length).toBe(2);
});

test('draws each colour with another outline', () => {
  const outlines = (['red', 'yellow', 'green'] as const).map((colour) =>
    mount(LightSign, { props: { colour } }).find('svg').html(),
  );
  expect(new Set(outlines).size).toBe(3);
});

test('says 未核验 where there is no light yet', () => {
  expect(mount(LightSign).text()).toBe('未核验');
});

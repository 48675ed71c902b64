import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineComponent, nextTick, shallowRef } from 'vue';
import type { Values } from '#domain/primitives.ts';
import { useAutoSave } from './use-auto-save.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function form(save: (values: Values) => Promise<unknown>) {
  const source = shallowRef<Values>({ name: '甲' });
  let auto!: ReturnType<typeof useAutoSave>;
  const wrapper = mount(
    defineComponent({
      setup() {
        auto = useAutoSave({ source: () => source.value, save });
        return () => null;
      },
    }),
  );
  return { source, auto, wrapper };
}

test('saves once, a moment after the last change', async () => {
  const save = vi.fn(async () => undefined);
  const { auto } = form(save);
  auto.set('name', '乙');
  await vi.advanceTimersByTimeAsync(500);
  auto.set('name', '丙');
  await vi.advanceTimersByTimeAsync(700);
  expect(save).toHaveBeenCalledExactlyOnceWith({ name: '丙' });
});

test('what is being typed is not overwritten by an older answer', async () => {
  const { auto, source } = form(async () => undefined);
  auto.set('name', '乙');
  source.value = { name: '甲' };
  await nextTick();
  expect(auto.values.value).toEqual({ name: '乙' });
});

test('what comes while the typed is on its way to the agent takes nothing back, and its answer stands at the end', async () => {
  let answer = (): void => undefined;
  const save = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const { auto, source } = form(save);
  auto.set('name', '乙');
  const saved = auto.flush();
  await vi.advanceTimersByTimeAsync(0);
  source.value = { name: '甲' };
  await nextTick();
  auto.set('phone', '1');
  expect(auto.values.value).toEqual({ name: '乙', phone: '1' });
  answer();
  await saved;
  const again = auto.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(save).toHaveBeenLastCalledWith({ name: '乙', phone: '1' });
  source.value = { name: '乙', phone: '01' };
  await nextTick();
  answer();
  await again;
  expect(auto.values.value).toEqual({ name: '乙', phone: '01' });
});

test('keeps what was typed when saving fails, and says so', async () => {
  const { auto } = form(() => Promise.reject(new Error('away')));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  auto.set('name', '乙');
  await auto.flush();
  expect(auto.values.value).toEqual({ name: '乙' });
  expect(auto.trouble.value).toBeDefined();
});

test('leaving the page saves what was typed last', async () => {
  const save = vi.fn(async () => undefined);
  const { auto, wrapper } = form(save);
  auto.set('name', '乙');
  wrapper.unmount();
  await vi.advanceTimersByTimeAsync(0);
  expect(save).toHaveBeenCalledExactlyOnceWith({ name: '乙' });
});

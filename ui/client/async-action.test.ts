import { expect, test } from 'vitest';
import { createAsyncAction } from './async-action.ts';

const errorOf = (error: unknown) => ({ message: String(error), action: '' });
function held<T>() {
  const answers: ((value: T) => void)[] = [];
  return { answers, ask: () => new Promise<T>((resolve) => answers.push(resolve)) };
}

test('the newest question is asked at once and its answer is taken, however late the earlier one comes', async () => {
  const { latest, isBusy } = createAsyncAction(errorOf);
  const { answers, ask } = held<string>();
  const first = latest(ask);
  const second = latest(ask);
  expect(answers).toHaveLength(2);
  answers[1]?.('second');
  expect(await second).toBe('second');
  expect(isBusy.value).toBe(false);
  answers[0]?.('first');
  expect(await first).toBeUndefined();
});

test('what was dropped tells nothing, neither its answer nor its failure', async () => {
  const { latest, drop, trouble, isBusy } = createAsyncAction(errorOf);
  const { answers, ask } = held<string>();
  const asked = latest(ask);
  const failing = latest(async () => {
    await Promise.resolve();
    throw new Error('no connection');
  });
  drop();
  expect(isBusy.value).toBe(false);
  answers[0]?.('late');
  expect([await asked, await failing, trouble.value]).toEqual([undefined, undefined, undefined]);
});

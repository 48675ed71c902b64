import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { createPasswordHashing } from './password-hashing.ts';

it('hashes two at a time, lets a few wait, refuses the rest at once, and goes on after a burst', async () => {
  const hashing = createPasswordHashing({ atOnce: 2, maxWaiting: 3 });
  const hash = await hashing.hash('the password');
  const before = process.memoryUsage.rss();
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const start = performance.now();
  const refusedAfter: number[] = [];
  const answers = await Promise.allSettled(
    Array.from({ length: 200 }, (_, n) =>
      hashing.verify(n % 2 === 0 ? 'the password' : 'another', hash).catch((error: unknown) => {
        refusedAfter.push(performance.now() - start);
        throw error;
      }),
    ),
  );
  clearInterval(watch);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(refusedAfter).toHaveLength(195);
  // each takes 34 MB
  expect(most - before).toBeLessThan(200 * 1024 * 1024);
  expect(await hashing.verify('the password', hash)).toBe(true);
  expect(await hashing.verify('another', hash)).toBe(false);
});

it('lets those go first whose browser is known, however many others wait', async () => {
  const hashing = createPasswordHashing({ atOnce: 1, maxWaiting: 3 });
  const hash = await hashing.hash('x');
  const order: string[] = [];
  const verify = (name: string, goesFirst: boolean) =>
    hashing.verify('x', hash, { goesFirst }).then(() => order.push(name));
  await Promise.all([
    verify('first', false),
    verify('other', false),
    verify('other', false),
    verify('other', false),
    verify('known', true),
  ]);
  expect(order).toEqual(['first', 'known', 'other', 'other', 'other']);
});

import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('gives its places in the order of asking, and more when there are more', async () => {
  let places = 1;
  const turns = createTurns(() => places);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) =>
    turns.take(() => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = ['a', 'b', 'c', 'd'].map(work);
  await Promise.resolve();
  expect(begun).toEqual(['a']);
  places = 2;
  ends.shift()?.();
  await all[0];
  expect(begun).toEqual(['a', 'b', 'c']);
  ends.splice(0).forEach((end) => end());
  await all[1];
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  ends.splice(0).forEach((end) => end());
  await Promise.all(all);
});

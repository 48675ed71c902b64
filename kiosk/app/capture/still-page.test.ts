import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { afterSeen, afterShot, mustShoot, nothingSeen, stillCountToShoot } from './still-page.ts';
import type { Seen, StillState } from './still-page.ts';

const at = (x: number): Quad => [
  [x, 10],
  [x + 300, 10],
  [x + 300, 400],
  [x, 400],
];
const seeAll = (state: StillState, seen: readonly Seen[]) =>
  seen.reduce((now, next) => afterSeen(now, next, 640), state);
const still = (x: number, count: number): Seen[] =>
  Array.from({ length: count }, () => ({ corners: at(x), hints: [] }));

test('shoots after the page has lain still', () => {
  expect(mustShoot(seeAll(nothingSeen, still(50, stillCountToShoot - 1)))).toBe(false);
  expect(mustShoot(seeAll(nothingSeen, still(50, stillCountToShoot)))).toBe(true);
});

test('a moving page begins anew', () => {
  const moved = seeAll(nothingSeen, [
    ...still(50, stillCountToShoot - 1),
    ...still(90, stillCountToShoot - 1),
  ]);
  expect(mustShoot(moved)).toBe(false);
});

test('a hint begins anew', () => {
  const glared = seeAll(nothingSeen, [
    ...still(50, stillCountToShoot - 1),
    { corners: at(50), hints: ['glare'] },
    ...still(50, stillCountToShoot - 1),
  ]);
  expect(mustShoot(glared)).toBe(false);
});

test('the same page is not shot twice', () => {
  const shot = afterShot(seeAll(nothingSeen, still(50, stillCountToShoot)));
  expect(mustShoot(seeAll(shot, still(50, 2 * stillCountToShoot)))).toBe(false);
});

test('the next page is shot after the first was taken away', () => {
  const shot = afterShot(seeAll(nothingSeen, still(50, stillCountToShoot)));
  const next = seeAll(shot, [{ hints: ['no-page'] }, ...still(50, stillCountToShoot)]);
  expect(mustShoot(next)).toBe(true);
});

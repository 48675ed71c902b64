import { afterEach, expect, test } from 'vitest';
import { readSize, rememberSize, sizesUpTo } from './camera-size.ts';

afterEach(() => localStorage.clear());

test('a camera offers the usual sizes that it has, its largest, and the one in use', () => {
  const most = { width: { max: 3264 }, height: { max: 2448 } };
  const sizes = sizesUpTo(most, { width: 1600, height: 1200 });
  expect(sizes.map(({ width }) => width)).toEqual([3264, 2592, 2048, 1920, 1600]);
});

test('a camera that names no limits offers what it shows', () => {
  expect(sizesUpTo({}, { width: 640, height: 480 })).toEqual([{ width: 640, height: 480 }]);
});

test('the chosen size is remembered on the station, and nonsense is forgotten', () => {
  rememberSize({ width: 2592, height: 1944 });
  expect(readSize()).toEqual({ width: 2592, height: 1944 });
  localStorage.setItem('ludeng.camera.size', 'large');
  expect(readSize()).toBeUndefined();
});

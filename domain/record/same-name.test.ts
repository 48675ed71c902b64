import { expect, it } from 'vitest';
import { isSameHolder } from './same-name.ts';

it.each([
  ['昆明滇池建筑（集团）有限公司', '昆明滇池建筑(集团)有限公司'],
  ['昆明滇池 建筑有限公司', '昆明滇池建筑有限公司 '],
  ['ＡＢＣ建筑公司', 'abc建筑公司'],
])('%s and %s are one holder', (left, right) => {
  expect(isSameHolder(left, right)).toBe(true);
});

it.each([
  ['昆明滇池建筑有限公司', '昆明滇地建筑有限公司'],
  ['昆明滇池建筑有限公司', '昆明滇池建筑有限公司第一分公司'],
  ['昆明滇池建筑集团有限公司', '昆明滇池建筑(集团)有限公司'],
  ['', ''],
  [' ', ''],
])('%s and %s are two', (left, right) => {
  expect(isSameHolder(left, right)).toBe(false);
});

/** Hanzi that a reader takes for one another. */
import { similarHanziTable } from './similar-hanzi-table.ts';

/** Seen of readers, where the whole shapes lie less near. */
const confused: readonly string[] = [
  '宁宇字守',
  '包句',
  '市帀',
  '村材',
  '信儇',
  '区医',
  '县具',
  '州洲',
  '厅斤',
  '局居',
  '省眚',
];

export const similarHanzi = (a: string, b: string): boolean =>
  (similarHanziTable[b]?.includes(a) ?? false) ||
  (similarHanziTable[a]?.includes(b) ?? false) ||
  confused.some((group) => group.includes(a) && group.includes(b));

/** The corners of a page by name, and how people are told of them. Pure. */
import { cornerNameSchema } from './schema.ts';
import type { CornerName } from './schema.ts';

const words = {
  'top-left': '左上角',
  'top-right': '右上角',
  'bottom-right': '右下角',
  'bottom-left': '左下角',
} as const satisfies Record<CornerName, string>;

/** Indexes of a corner quad by the names that the corners have after `turns` quarter turns clockwise; in reading order. */
export function nameCorners(indexes: readonly number[], turns = 0): CornerName[] {
  const named = indexes.map((index) => clockwise[(index + turns) % clockwise.length]);
  return cornerNameSchema.options.filter((name) => named.includes(name));
}

/** As corner quads run. */
const clockwise: readonly CornerName[] = ['top-left', 'top-right', 'bottom-right', 'bottom-left'];

/** One corner or several, for a sentence: 左上角、右上角. */
export const sayCorners = (corners: readonly CornerName[]): string =>
  corners.map((corner) => words[corner]).join('、');

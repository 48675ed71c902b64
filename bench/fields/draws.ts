/** One seeded source of chance for a page: every page can be made again from its number. */
export interface Draws {
  /** 0 <= x < 1. */
  next(): number;
  between(from: number, to: number): number;
  /** Both ends included. */
  whole(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  shuffle<T>(list: readonly T[]): T[];
  digits(count: number): string;
}

/** Mulberry32. */
export function createDraws(seed: number): Draws {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    const [first] = list;
    if (first === undefined) throw new RangeError('nothing to pick from');
    return list[whole(0, list.length - 1)] ?? first;
  };
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    whole,
    pick,
    chance: (probability) => next() < probability,
    shuffle: (list) =>
      list
        .map((item) => ({ item, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item),
    digits: (count) => Array.from({ length: count }, () => String(whole(0, 9))).join(''),
  };
}

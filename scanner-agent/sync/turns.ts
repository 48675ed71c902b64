/** `count` places, given in the order of asking. */
export interface Turns {
  /** Runs the work when there is a place for it. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(count: number): Turns {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async take(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}

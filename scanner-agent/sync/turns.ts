/** Places given in the order of asking; `places()` may change, and is asked each time. */
export interface Turns {
  /** Runs the work when there is a place for it. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(places: () => number): Turns {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const letIn = (): void => {
    while (taken < places()) {
      const next = waiting.shift();
      if (!next) return;
      taken += 1;
      next();
    }
  };
  return {
    async take(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        letIn();
      });
      try {
        return await work();
      } finally {
        taken -= 1;
        letIn();
      }
    },
  };
}

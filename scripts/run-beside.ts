export interface Step {
  name: string;
  /** Names of steps that must have ended; whether they did well is theirs to say. */
  after?: readonly string[];
  run: () => Promise<void>;
}

/** Runs the steps in their order, at most `atOnce` beside each other; one that must wait lets later ones go first. */
export async function runBeside(steps: readonly Step[], atOnce: number): Promise<void> {
  const waiting = [...steps];
  const ended = new Set<string>();
  const running = new Set<Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(({ after = [] }) => after.every((name) => ended.has(name)));
    if (next >= 0 && running.size < atOnce) {
      const [step] = waiting.splice(next, 1);
      if (!step) continue;
      const work = step.run().finally(() => {
        ended.add(step.name);
        running.delete(work);
      });
      running.add(work);
    } else if (running.size === 0) {
      throw new Error(`these wait for what never runs: ${waiting.map(({ name }) => name).join(', ')}`);
    } else await Promise.race(running);
  }
}

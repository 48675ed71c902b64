import { performance } from 'node:perf_hooks';

/** Times a second, `lanes` at a time; whoever began in time is waited for. */
export async function rate(ms: number, lanes: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const start = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - start < ms) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (done / (performance.now() - start)) * 1000;
}

const rounds = 10;

/** Both by turns, so that what else the machine does falls upon both; milliseconds of one, each the median of its turns. */
export async function byTurns(
  ms: number,
  { engine, bare }: { engine: () => Promise<unknown>; bare: () => Promise<unknown> },
  lanes = { engine: 1, bare: 1 },
): Promise<{ engineMs: number; bareMs: number; ratio: number }> {
  const took: { engine: number[]; bare: number[] } = { engine: [], bare: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const [who, work] of [['engine', engine] as const, ['bare', bare] as const])
      took[who].push(1000 / (await rate(ms / rounds / 2, lanes[who], work)));
  const [engineMs, bareMs] = [median(took.engine), median(took.bare)];
  return { engineMs, bareMs, ratio: engineMs / bareMs };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Runs the recogniser: line crops in, log probabilities per frame out. */
import type { LineCrop } from './crop-line.ts';
import type { BestFrames, FrameMatrix } from './ctc/frames.ts';
import type { KeptFrames } from './ctc/kept-frames.ts';
import { inBatches, shareOut } from './line-batches.ts';
import type { LoadedRecogniser } from './model-pack.ts';
import { openRecogniser } from './recogniser-session.ts';
import type { FramesOf } from './recogniser-session.ts';
import type { SecondLane } from './second-lane.ts';

export interface Recogniser {
  height: number;
  minWidth: number;
  maxWidth: number;
  channels: LoadedRecogniser['input']['channels'];
  /** Same order as asked. `check` is called between batches and may throw to stop. */
  recognise(crops: readonly LineCrop[], check: () => void): Promise<FrameMatrix[]>;
  /** As `recognise`, but the best classes alone. */
  read(crops: readonly LineCrop[], check: () => void): Promise<BestFrames[]>;
  /** As `read`, with the likely classes of each frame beside. */
  readAndKeep(crops: readonly LineCrop[], check: () => void): Promise<KeptFrames[]>;
}

const defaultMaxWidth = 2000;

/**
 * With a second lane half of the batches run there: two networks side by side take half the time of one, where a network of such
 * small layers gains a tenth from a second thread of its own.
 */
export async function createRecogniser(
  spec: LoadedRecogniser,
  threads: number,
  beside?: SecondLane,
): Promise<Recogniser> {
  const session = await openRecogniser(spec, beside ? 1 : threads);
  const { input } = spec;

  async function runAll<Kind extends keyof FramesOf>(
    kind: Kind,
    crops: readonly LineCrop[],
    check: () => void,
  ): Promise<FramesOf[Kind][]> {
    const out: FramesOf[Kind][] = [];
    const runHere = async (batches: readonly number[][]): Promise<void> => {
      for (const batch of batches) {
        check();
        const results = await session.run(
          kind,
          batch.map((i) => crops[i] as LineCrop),
        );
        batch.forEach((i, k) => {
          out[i] = results[k] as FramesOf[Kind];
        });
        // session.run holds the thread: let messages (cancel, other requests) in between two batches.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const widths = crops.map(({ width }) => width);
    const batches = inBatches(widths, input.maxBatch);
    if (!beside) {
      await runHere(batches);
      return out;
    }
    const [here, there] = shareOut(batches, widths);
    const running = beside.run(
      kind,
      there.map((batch) => batch.map((i) => crops[i] as LineCrop)),
    );
    // Awaited below, unless the caller gives up before.
    running.catch(() => undefined);
    await runHere(here);
    const results = await running.catch(() => undefined);
    // The other lane was lost: the work is done here.
    if (!results) await runHere(there);
    results?.forEach((lines, b) =>
      lines.forEach((line, k) => {
        out[there[b]?.[k] as number] = line;
      }),
    );
    return out;
  }

  return {
    height: input.height,
    minWidth: input.minWidth,
    maxWidth: input.maxWidth ?? defaultMaxWidth,
    channels: input.channels,
    recognise: (crops, check) => runAll('whole', crops, check),
    read: (crops, check) => runAll('best', crops, check),
    readAndKeep: (crops, check) => runAll('likely', crops, check),
  };
}

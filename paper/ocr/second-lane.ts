/** A thread with networks of its own, so that two cores read two halves of a page's lines. */
import { createJobThread } from '../imaging/thread.ts';
import type { LineCrop } from './crop-line.ts';
import type { LoadedRecogniser } from './model-pack.ts';
import type { FramesOf } from './recogniser-session.ts';

export interface LaneJob {
  /** Index of the network among those that the thread was given. */
  network: number;
  kind: keyof FramesOf;
  batches: (readonly LineCrop[])[];
}

/** One network of the thread. */
export interface SecondLane {
  /** Rejects when the thread is lost. */
  run<Kind extends keyof FramesOf>(kind: Kind, batches: (readonly LineCrop[])[]): Promise<FramesOf[Kind][][]>;
}

export interface LaneThread {
  lanes: SecondLane[];
  close(): Promise<void>;
}

/** Half of the densest page takes some seconds. */
const runLimitMs = 60_000;

/** In the order of the networks. */
export function openLanes(networks: readonly LoadedRecogniser[]): LaneThread {
  const thread = createJobThread<LaneJob>(new URL('./lane-worker.ts', import.meta.url), { networks });
  return {
    lanes: networks.map((_, network) => ({
      run: (kind, batches) =>
        batches.length === 0
          ? Promise.resolve([])
          : thread.run({ network, kind, batches }, { limitMs: runLimitMs }),
    })),
    close: () => thread.close(),
  };
}

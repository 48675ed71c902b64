/** The thread of `second-lane.ts`: its networks load when it starts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadedRecogniser } from './model-pack.ts';
import { openRecogniser } from './recogniser-session.ts';
import type { RecogniserSession } from './recogniser-session.ts';
import type { LaneJob } from './second-lane.ts';

async function serve(port: NonNullable<typeof parentPort>, networks: LoadedRecogniser[]): Promise<void> {
  const sessions: RecogniserSession[] = await Promise.all(networks.map((spec) => openRecogniser(spec, 1)));
  async function handle({ id, job }: { id: number; job: LaneJob }): Promise<void> {
    try {
      const session = sessions[job.network];
      if (!session) throw new Error(`no network ${String(job.network)}`);
      const result = [];
      for (const batch of job.batches) result.push(await session.run(job.kind, batch));
      port.postMessage({ id, result });
    } catch (error) {
      port.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  port.on('message', (message: { id: number; job: LaneJob }) => void handle(message));
}

if (parentPort) await serve(parentPort, (workerData as { networks: LoadedRecogniser[] }).networks);

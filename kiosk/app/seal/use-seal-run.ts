import { computed, ref, shallowRef } from 'vue';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { useAgent } from '../agent/provide-agent.ts';

export interface SealLine {
  slot: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  error?: WireError | undefined;
}

const askEveryMs = 400;

/** Several materials of one record under one PIN: started together, sealed one after another, told line by line. */
export function useSealRun() {
  const agent = useAgent();
  const lines = shallowRef<readonly SealLine[]>([]);
  const isRunning = ref(false);
  const done = computed(() => lines.value.filter(({ state }) => state === 'done').length);

  function tell(slot: string, state: SealLine['state'], error?: WireError): void {
    lines.value = lines.value.map((line) => (line.slot === slot ? { slot, state, error } : line));
  }

  /** Ends when every job has; a failed one stays as a line and stops no other. */
  async function run(
    record: LudengRecord,
    slots: readonly string[],
    request: { tokenId: string; certificateId: string; pin: string; seam: boolean },
  ): Promise<void> {
    isRunning.value = true;
    lines.value = slots.map((slot) => ({ slot, state: 'waiting' }));
    try {
      const items = slots.map((slot) => ({ recordId: record.id, slot, revision: record.revision }));
      for (const { slot, job, error } of await agent.sealBatch({ ...request, items })) {
        if (!job) tell(slot, 'failed', error);
        else await follow(slot, job);
      }
    } finally {
      isRunning.value = false;
    }
  }
  async function follow(slot: string, first: Job): Promise<void> {
    tell(slot, 'running');
    let job = first;
    while (job.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      job = await agent.job(job.id);
    }
    tell(slot, job.state, job.error);
  }
  function clear(): void {
    lines.value = [];
  }
  return { lines, done, isRunning, run, clear };
}

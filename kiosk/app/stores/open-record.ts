import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { RequestFailure } from '#ui/client/failure.ts';

/**
 * The one record that is open. Edits go one after another, each with the newest revision, so that typing, marking and
 * turning pages never overtake each other; a job's end brings the record anew.
 */
export const useOpenRecord = defineStore('open-record', () => {
  const agent = useAgent();
  const record = shallowRef<LudengRecord | undefined>();
  const job = shallowRef<Job | undefined>();
  const pendingEdits = ref(0);
  let queue: Promise<unknown> = Promise.resolve();
  const waiting = new Map<string, (job: Job) => void>();
  /** Ends that arrived before anyone waited: a quick job may end before its own answer is read. */
  const ended = new Map<string, Job>();

  async function open(id: string): Promise<void> {
    if (record.value?.id !== id) close();
    takeRecord(await agent.record(id));
  }
  async function reload(): Promise<void> {
    if (!record.value) return;
    const next = await agent.record(record.value.id);
    if (record.value?.id === next.id) takeRecord(next);
  }
  /** An answer may come after the news of what happened behind it: the newest stays. */
  function takeRecord(next: LudengRecord): void {
    const known = record.value;
    if (known?.id !== next.id || next.revision >= known.revision) record.value = next;
  }
  function close(): void {
    record.value = undefined;
    job.value = undefined;
    waiting.clear();
    ended.clear();
  }

  function edit<T>(action: (record: LudengRecord) => Promise<T>): Promise<T> {
    pendingEdits.value += 1;
    const turn = queue.then(async () => {
      if (!record.value) throw new Error('no record is open');
      try {
        const result = await action(record.value);
        if (isRecord(result) && result.id === record.value?.id) takeRecord(result);
        return result;
      } catch (error) {
        if (error instanceof RequestFailure && error.wire.code === 'CONFLICT') await reload();
        throw error;
      } finally {
        pendingEdits.value -= 1;
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  }
  /** Starts a long action and waits for its end; `job` shows its progress meanwhile. A failed job throws. */
  async function run(start: (record: LudengRecord) => Promise<Job>): Promise<Job> {
    const first = await edit(start);
    job.value = ended.get(first.id) ?? first;
    const end = isEnded(job.value)
      ? job.value
      : await new Promise<Job>((resolve) => waiting.set(first.id, resolve));
    job.value = undefined;
    await reload();
    if (end.error) throw new RequestFailure(end.error);
    return end;
  }
  async function cancel(): Promise<void> {
    if (job.value) await agent.cancelJob(job.value.id);
  }

  function take(event: AgentEvent): void {
    if (event.type === 'record' && event.record.id === record.value?.id) takeRecord(event.record);
    if (event.type === 'job') takeJob(event.job);
  }
  function takeJob(next: Job): void {
    if (job.value?.id === next.id) job.value = next;
    if (!isEnded(next)) return;
    const resolve = waiting.get(next.id);
    waiting.delete(next.id);
    if (resolve) resolve(next);
    else ended.set(next.id, next);
  }
  /** After a lost connection what has ended and what became of the record may have been missed: ask. */
  async function catchUp(): Promise<void> {
    await Promise.all([reload(), ...[...waiting.keys()].map(async (id) => takeJob(await agent.job(id)))]);
  }

  return { record, job, pendingEdits, open, reload, close, edit, run, cancel, take, catchUp };
});

function isEnded(job: Job): boolean {
  return job.state !== 'running';
}
function isRecord(value: unknown): value is LudengRecord {
  return typeof value === 'object' && value !== null && 'revision' in value && 'materials' in value;
}

/**
 * Long work on a material: reading a document, sealing, waiting for a card. One job at a time per material; each can
 * be cancelled, tells its progress and keeps its end for a page that asks late.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { Job } from '#domain/contracts/kiosk-agent.ts';
import type { LogError } from '../ports/log.ts';

/** Ended jobs kept for late questions. */
const keptJobs = 200;

export type JobProgress = Partial<Pick<Job, 'stage' | 'done' | 'total' | 'notes' | 'recognised' | 'checked'>>;

export interface JobContext {
  signal: AbortSignal;
  /** Announces progress; what is given stays on the job. */
  report: (progress: JobProgress) => void;
}

export interface StartJob {
  kind: Job['kind'];
  recordId: string;
  slot: string;
  stage: Job['stage'];
  run: (context: JobContext) => Promise<void>;
}

export interface Jobs {
  /** Throws WORK_IN_PROGRESS when the material has a running job. */
  start(options: StartJob): Job;
  /** Throws NOT_FOUND. */
  get(id: string): Job;
  cancel(id: string): void;
  cancelAll(): Promise<void>;
}

export function createJobs(options: {
  createId: () => string;
  announce: (job: Job) => void;
  logError: LogError;
}): Jobs {
  const jobs = new Map<string, { job: Job; abort: AbortController; ended: Promise<void> }>();

  function update(id: string, change: Partial<Job>): void {
    const entry = jobs.get(id);
    if (!entry) return;
    entry.job = { ...entry.job, ...change };
    options.announce(entry.job);
  }

  function forgetOldest(): void {
    for (const [id, { job }] of jobs) {
      if (jobs.size <= keptJobs) return;
      if (job.state !== 'running') jobs.delete(id);
    }
  }

  async function run(id: string, start: StartJob, abort: AbortController): Promise<void> {
    try {
      await start.run({ signal: abort.signal, report: (progress) => update(id, progress) });
      update(id, { state: 'done' });
    } catch (error) {
      // A cancelled wait is what the person asked for; every driver reports it in its own words.
      const cancelled = abort.signal.aborted;
      if (!cancelled && !(error instanceof AppError))
        options.logError(error, { jobId: id, kind: start.kind });
      update(id, { state: 'failed', error: toWireError(cancelled ? new AppError('CANCELLED') : error, id) });
    }
  }

  return {
    start(start) {
      for (const { job } of jobs.values()) {
        if (job.state === 'running' && job.recordId === start.recordId && job.slot === start.slot) {
          throw new AppError('WORK_IN_PROGRESS', { jobId: job.id });
        }
      }
      const id = options.createId();
      const abort = new AbortController();
      const job: Job = {
        id,
        kind: start.kind,
        recordId: start.recordId,
        slot: start.slot,
        state: 'running',
        stage: start.stage,
        done: 0,
        total: 0,
        notes: [],
      };
      const entry = { job, abort, ended: Promise.resolve() };
      jobs.set(id, entry);
      entry.ended = run(id, start, abort);
      forgetOldest();
      return job;
    },
    get(id) {
      const entry = jobs.get(id);
      if (!entry) throw new AppError('NOT_FOUND', { job: id });
      return entry.job;
    },
    cancel(id) {
      jobs.get(id)?.abort.abort();
    },
    async cancelAll() {
      for (const { abort } of jobs.values()) abort.abort();
      await Promise.all([...jobs.values()].map(({ ended }) => ended));
    },
  };
}

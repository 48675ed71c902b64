/**
 * Long work on a material: reading a document, sealing, waiting for a card. One job at a time per material; each can
 * be cancelled, tells its progress and keeps its end for a page that asks late. A job is its session's: nobody else sees it,
 * and with the session it is cancelled and forgotten.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import type { LogError } from '../ports/log.ts';
import type { Sessions } from './login/session.ts';

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
  /** Throws NOT_FOUND, for a job of another session too. */
  get(id: string): Job;
  cancel(id: string): void;
  /** Those of sessions that have ended are cancelled, and forgotten when they have stopped. */
  endSession(): Promise<void>;
  isIdle(): boolean;
  /** Throws WORK_IN_PROGRESS when the material has a running job. */
  requireFree(recordId: string, slot: string): void;
  running(kind: Job['kind']): number;
  cancelAll(): Promise<void>;
}

export function createJobs(options: {
  createId: () => string;
  announce: (job: Job, of: { creditCode: string }) => void;
  /** Who is logged in now. Throws UNAUTHENTICATED where a job needs somebody. */
  sessions: Pick<Sessions, 'current' | 'require'>;
  logError: LogError;
}): Jobs {
  const { sessions } = options;
  const jobs = new Map<
    string,
    { job: Job; session: Session; abort: AbortController; ended: Promise<void> }
  >();
  const isCurrent = ({ session }: { session: Session }): boolean => session.id === sessions.current()?.id;

  function update(id: string, change: Partial<Job>): void {
    const entry = jobs.get(id);
    if (!entry) return;
    entry.job = { ...entry.job, ...change };
    if (isCurrent(entry)) options.announce(entry.job, entry.session.subject);
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

  function requireFree(recordId: string, slot: string): void {
    for (const { job } of jobs.values()) {
      if (job.state === 'running' && job.recordId === recordId && job.slot === slot)
        throw new AppError('WORK_IN_PROGRESS', { jobId: job.id });
    }
  }

  async function forgetEnded(): Promise<void> {
    const ended = [...jobs].filter(([, entry]) => !isCurrent(entry));
    for (const [, { abort }] of ended) abort.abort();
    await Promise.all(ended.map(([, entry]) => entry.ended));
    for (const [id] of ended) jobs.delete(id);
  }

  return {
    requireFree,
    running: (kind) =>
      [...jobs.values()].filter(({ job }) => job.state === 'running' && job.kind === kind).length,
    start(start) {
      const session = sessions.require();
      requireFree(start.recordId, start.slot);
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
      const entry = { job, session, abort, ended: Promise.resolve() };
      jobs.set(id, entry);
      entry.ended = run(id, start, abort);
      forgetOldest();
      return job;
    },
    get(id) {
      const entry = jobs.get(id);
      if (!entry || !isCurrent(entry)) throw new AppError('NOT_FOUND', { job: id });
      return entry.job;
    },
    cancel(id) {
      const entry = jobs.get(id);
      if (entry && isCurrent(entry)) entry.abort.abort();
    },
    endSession: forgetEnded,
    isIdle: () => ![...jobs.values()].some(({ job }) => job.state === 'running'),
    async cancelAll() {
      for (const { abort } of jobs.values()) abort.abort();
      await Promise.all([...jobs.values()].map(({ ended }) => ended));
    },
  };
}

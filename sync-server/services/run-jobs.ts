import { setTimeout as pause } from 'node:timers/promises';
import type { Job, JobKind, JobRows } from '../ports/job-rows.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import { AppError } from '#domain/errors/app-error.ts';

export type JobOutcome =
  /** Its transaction has ended the job. */
  | { type: 'done' }
  /** Something else must come first; asked again when that comes, and now and then besides. */
  | { type: 'wait'; waitsFor: string }
  /** Nobody can do this by trying again. */
  | { type: 'park'; reason: string };

export type JobHandlers = Record<JobKind, (job: Job) => Promise<JobOutcome>>;

export interface RunJobsOptions {
  jobs: JobRows;
  handlers: JobHandlers;
  owner: string;
  /** Others take jobs from the same store. */
  isOneOfSeveral: boolean;
  /** Items are being taken: receipts come first, for a short while. */
  isBusy: () => boolean;
  clock: Clock;
  log: Log;
}

/** Renewed while the work goes on; what a dead process held falls free after it. */
const leaseMs = 60_000;
const renewMs = leaseMs / 4;
const waitMs = 60_000;
/** The most that a job steps back for items under way, and how often it looks. */
const maxStepBackMs = 100;
const lookMs = 10;
const maxAttempts = 8;
const firstRetryMs = 1_000;
const maxRetryMs = 5 * 60_000;

/** Does one job after another; a job that fails goes to the back, one that always fails is parked, the queue goes on. */
export function createRunJobs(options: RunJobsOptions) {
  const { jobs, handlers, owner, isOneOfSeveral, isBusy, clock, log } = options;
  const stopping = new AbortController();
  let wakeUp = (): void => undefined;
  let isAwake = false;

  async function work(job: Job): Promise<void> {
    const renewal = setInterval(() => {
      jobs
        .renew(job.id, { owner, untilMs: clock.nowMs() + leaseMs })
        .catch((error: unknown) => log.warn({ error, jobId: job.id }, 'lease not renewed'));
    }, renewMs);
    try {
      await attempt(job);
    } finally {
      clearInterval(renewal);
    }
  }

  async function attempt(job: Job): Promise<void> {
    // every claim was counted, and the last one ended without a word: trying on would end this process too
    if (job.attempts > maxAttempts) return park(job, 'its process ended each time');
    try {
      const outcome = await handlers[job.kind](job);
      if (outcome.type === 'wait') {
        const { waitsFor } = outcome;
        await jobs.putBack(job.id, {
          owner,
          nextAtMs: clock.nowMs() + waitMs,
          reason: `waits for ${waitsFor}`,
          failed: false,
          waitsFor,
        });
      }
      if (outcome.type === 'park') await park(job, outcome.reason);
    } catch (error) {
      log.error({ error, jobId: job.id, kind: job.kind, attempts: job.attempts }, 'job failed');
      if (job.attempts >= maxAttempts) return park(job, reasonOf(error));
      await jobs.putBack(job.id, {
        owner,
        nextAtMs: clock.nowMs() + againMs(job.attempts),
        reason: reasonOf(error),
        failed: true,
      });
    }
  }

  async function park(job: Job, reason: string): Promise<void> {
    log.error({ jobId: job.id, refId: job.refId, kind: job.kind, reason }, 'job parked');
    await jobs.park(job.id, { owner, reason, detail: `${job.kind} ${job.refId}`, at: clock.now() });
  }

  /** Until something is due, somebody wakes it, or it ends. */
  async function rest(): Promise<void> {
    const next = await jobs.nextDueMs();
    if (isAwake || stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const delayMs = next === undefined ? waitMs : Math.min(waitMs, Math.max(0, next - clock.nowMs()));
      const timer = setTimeout(resolve, delayMs);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function stepBack(): Promise<void> {
    const until = performance.now() + maxStepBackMs;
    while (isBusy() && performance.now() < until && !stopping.signal.aborted) await pause(lookMs);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await stepBack();
      isAwake = false;
      const job = await jobs.claim({ owner, nowMs: clock.nowMs(), leaseMs, againMs });
      if (job) await work(job);
      else await rest();
    }
  }

  /** A loop that ends by itself is a bug, and a store that fails now may answer again: said aloud, tried again. */
  async function keepLooping(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await loop();
      } catch (error) {
        log.error({ error }, 'job loop failed');
        await new Promise((resolve) => setTimeout(resolve, firstRetryMs));
      }
    }
  }

  const running = (isOneOfSeveral ? Promise.resolve() : jobs.releaseAll()).then(keepLooping);
  return {
    /** There is work. */
    wake: (): void => {
      isAwake = true;
      wakeUp();
    },
    /** Ends after the job in hand. */
    stop: async (): Promise<void> => {
      stopping.abort();
      wakeUp();
      await running;
    },
  };
}

/** Doubles with each attempt. */
const againMs = (attempts: number): number => Math.min(maxRetryMs, firstRetryMs * 2 ** (attempts - 1));

const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown';

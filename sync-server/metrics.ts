import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { ActionId } from '#domain/sync/action.ts';
import type { FleetCounts } from './ports/fleet-rows.ts';
import { jobOfAction } from './services/submissions/job-of-action.ts';
import type { JobHandlers } from './services/run-jobs.ts';

const receiptBuckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What this process did, and how the installation stands. Labels are kinds and states only: nothing of a person, a record
 * or a station. Every process counts for itself; gauges of the installation are the same at each of them.
 */
export function createMetrics(options: { count: () => Promise<FleetCounts> }) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const accepted = new Counter({
    name: 'ludeng_items_accepted_total',
    help: 'Items taken from stations by this process, each once',
    labelNames: ['kind'],
    registers,
  });
  const done = new Counter({
    name: 'ludeng_jobs_done_total',
    help: 'Jobs that this process brought to an end',
    labelNames: ['kind'],
    registers,
  });
  const failed = new Counter({
    name: 'ludeng_jobs_failed_total',
    help: 'Tries of this process at a job that failed, or parked it',
    labelNames: ['kind'],
    registers,
  });
  const receipts = new Histogram({
    name: 'ludeng_receipt_seconds',
    help: 'From a commit to its receipt, durable',
    buckets: receiptBuckets,
    registers,
  });
  const online = new Gauge({ name: 'ludeng_stations_online', help: 'Stations on the line', registers });
  const stations = new Gauge({
    name: 'ludeng_stations',
    help: 'Stations known',
    labelNames: ['state'],
    registers,
  });
  const jobs = new Gauge({
    name: 'ludeng_jobs',
    help: 'Jobs not done: ready, failing (to be tried again), leased, parked (dead letters)',
    labelNames: ['state'],
    registers,
  });

  return {
    contentType: registry.contentType,
    /** The page that Prometheus reads. */
    async page(): Promise<string> {
      const counts = await options.count();
      online.set(counts.stationsOnline);
      for (const [state, n] of Object.entries(counts.stationsByState)) stations.set({ state }, n);
      for (const [state, n] of Object.entries(counts.jobs)) jobs.set({ state }, n);
      return registry.metrics();
    },
    accepted: (action: ActionId): void => accepted.inc({ kind: jobOfAction[action] }),
    /** Times what ends with a receipt; a refusal is none. */
    async timed<T>(work: () => Promise<T>): Promise<T> {
      const stop = receipts.startTimer();
      const receipt = await work();
      stop();
      return receipt;
    },
    watchJobs(handlers: JobHandlers): JobHandlers {
      const watch =
        (handle: JobHandlers[keyof JobHandlers]): JobHandlers[keyof JobHandlers] =>
        async (job) => {
          try {
            const outcome = await handle(job);
            if (outcome.type === 'done') done.inc({ kind: job.kind });
            if (outcome.type === 'park') failed.inc({ kind: job.kind });
            return outcome;
          } catch (error) {
            failed.inc({ kind: job.kind });
            throw error;
          }
        };
      const { submission, push, withdrawal, release, delivery } = handlers;
      return {
        submission: watch(submission),
        push: watch(push),
        withdrawal: watch(withdrawal),
        release: watch(release),
        case: watch(handlers.case),
        delivery: watch(delivery),
      };
    },
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

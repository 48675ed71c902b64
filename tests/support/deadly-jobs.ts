/** A process that does the jobs of a store and is ended by one of them, as by a library that crashes: `deadly-jobs.ts OPTIONS-AS-JSON`. */
import { z } from 'zod';
import { createRunJobs } from '../../sync-server/services/run-jobs.ts';
import type { JobHandlers, JobOutcome } from '../../sync-server/services/run-jobs.ts';
import { createJobRows } from '../../sync-server/store/job-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { Job } from '../../sync-server/ports/job-rows.ts';

const options = z
  .object({
    folder: z.string(),
    database: z.string().optional(),
    deadly: z.string(),
    /** Added to the clock: leases and waits of earlier lives are over. */
    laterMs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const { db } = await openStore(options);
const nowMs = (): number => Date.now() + options.laterMs;
const clock = { nowMs, now: () => new Date(nowMs()).toISOString() };
const jobs = createJobRows(db);

async function handle(job: Job): Promise<JobOutcome> {
  process.stdout.write(`taken ${job.refId}\n`);
  if (job.refId === options.deadly) process.kill(process.pid, 'SIGKILL');
  await jobs.finish(job.id, { effect: 'tried', refId: job.refId, at: clock.now() });
  return { type: 'done' };
}
const handlers: JobHandlers = {
  ...{ submission: handle, push: handle, withdrawal: handle, release: handle },
  ...{ case: handle, delivery: handle },
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
createRunJobs({
  jobs,
  handlers,
  owner: `process ${process.pid}`,
  isOneOfSeveral: options.database !== undefined,
  isBusy: () => false,
  clock,
  log,
});
process.stdout.write('running\n');

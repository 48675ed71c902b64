import { Worker } from 'node:worker_threads';

/** The child's half of `child-jobs.ts`: answers one job after another, and goes when the program has gone. */
export function serveJobs<Job>(handle: (job: Job) => Promise<unknown>): void {
  const send = (message: unknown): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', ({ job }: { job: Job }) => {
    handle(job).then(
      (result) => send({ kind: 'done', result }),
      (error: unknown) =>
        send({ kind: 'failed', text: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
  new Worker(watch, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref();
  send({ kind: 'ready' });
}

/** A job that never ends does not see the program go: somebody else must look. */
const watch = `
  const { ppid } = process;
  setInterval(() => process.ppid === ppid || process.kill(process.pid, 'SIGKILL'), 2000);
`;

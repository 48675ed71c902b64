/** A child that does what a bad file makes of a reader. */
import { serveJobs } from '#sandbox/serve-jobs.ts';

export type TrickJob =
  { kind: 'echo'; text: string } | { kind: 'hang' | 'heap' | 'buffers' | 'exit' | 'throw' | 'environment' };

serveJobs<TrickJob>((job) => {
  switch (job.kind) {
    case 'echo':
      return Promise.resolve(job.text);
    case 'hang':
      for (;;);
    case 'heap': {
      const kept: unknown[] = [];
      for (;;) kept.push({ more: kept.length });
    }
    case 'buffers': {
      const kept: Buffer[] = [];
      while (kept.length < 100) kept.push(Buffer.alloc(50_000_000, 1));
      return Promise.resolve(kept.length * 50);
    }
    case 'exit':
      process.exit(3);
    case 'throw':
      return Promise.reject(new Error('thrown'));
    case 'environment':
      return Promise.resolve(Object.keys(process.env));
  }
});

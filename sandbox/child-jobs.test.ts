import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { TrickJob } from '#tests/support/tricky-child.ts';
import { ChildBusy, ChildLost, createChildJobs } from './child-jobs.ts';

const options = {
  file: new URL('../tests/support/tricky-child.ts', import.meta.url),
  heapMb: 64,
  addressMb: 2_400,
};
const limitMs = 20_000;
const made: { close(): Promise<void> }[] = [];
const open = (change: { maxWaiting?: number } = {}) => {
  const jobs = createChildJobs<TrickJob>({ ...options, ...change });
  made.push(jobs);
  return jobs;
};
afterEach(async () => {
  await Promise.all(made.splice(0).map((one) => one.close()));
});

it('keeps a child warm for one job after another', async () => {
  const jobs = open();
  expect(await jobs.run({ kind: 'echo', text: '一' }, { limitMs })).toBe('一');
  const { pid } = jobs.status();
  expect(await jobs.run({ kind: 'echo', text: '二' }, { limitMs })).toBe('二');
  expect(jobs.status()).toMatchObject({ pid, starts: 1 });
});

it.each<[string, TrickJob, string]>([
  ['never ends', { kind: 'hang' }, 'time'],
  ['fills its heap', { kind: 'heap' }, 'death'],
  ['ends the process', { kind: 'exit' }, 'death'],
])('a job that %s costs itself alone', { timeout: 60_000 }, async (_, job, reason) => {
  const jobs = open();
  await jobs.run({ kind: 'echo', text: '' }, { limitMs });
  const { pid } = jobs.status();
  const lost = jobs.run(job, { limitMs: job.kind === 'hang' ? 500 : limitMs });
  const next = jobs.run({ kind: 'echo', text: 'next' }, { limitMs });
  await expect(lost).rejects.toMatchObject({ reason });
  await expect(lost).rejects.toBeInstanceOf(ChildLost);
  expect(await next).toBe('next');
  await expect.poll(() => existsSync(`/proc/${String(pid)}`), { timeout: 5_000 }).toBe(false);
});

it.runIf(process.platform === 'linux')(
  'buffers are limited, which no limit of a thread does',
  { timeout: 60_000 },
  async () => {
    const jobs = open();
    const gained = await jobs.run<number>({ kind: 'buffers' }, { limitMs }).catch(() => 0);
    expect(gained).toBeLessThan(1_000);
    expect(await jobs.run({ kind: 'echo', text: 'there' }, { limitMs })).toBe('there');
    const limits = readFileSync(`/proc/${String(jobs.status().pid)}/limits`, 'latin1');
    expect(limits).toMatch(new RegExp(`Max address space\\s+${options.addressMb * 1024 * 1024}\\s`));
  },
);

it('knows nothing of the program’s environment', async () => {
  process.env['LUDENG_SECRET_OF_TEST'] = 'x';
  const names = await open().run<string[]>({ kind: 'environment' }, { limitMs });
  delete process.env['LUDENG_SECRET_OF_TEST'];
  expect(names.filter((name) => name.startsWith('LUDENG'))).toEqual([]);
});

it('an error is told, and the child stays', async () => {
  const jobs = open();
  await expect(jobs.run({ kind: 'throw' }, { limitMs })).rejects.toThrow('thrown');
  expect(await jobs.run({ kind: 'echo', text: 'there' }, { limitMs })).toBe('there');
  expect(jobs.status().starts).toBe(1);
});

it('more jobs than may wait are refused at once', async () => {
  const jobs = open({ maxWaiting: 2 });
  const runs = Array.from({ length: 5 }, (_, n) => jobs.run({ kind: 'echo', text: String(n) }, { limitMs }));
  const ends = await Promise.allSettled(runs);
  expect(
    ends.filter((end) => end.status === 'rejected' && end.reason instanceof ChildBusy).length,
  ).toBeGreaterThan(1);
  expect(ends[0]).toMatchObject({ status: 'fulfilled' });
});

it('what waits is told when the work is closed', async () => {
  const jobs = open();
  const runs = [1, 2].map(() => jobs.run({ kind: 'hang' }, { limitMs }));
  const ends = Promise.allSettled(runs);
  await jobs.close();
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

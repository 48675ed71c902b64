/** The runner of the projects whose tests carry rows in their names: notes what the body of each test does (walks.ts). */
import { TestRunner } from 'vitest';
import type { RunnerTestCase } from 'vitest';
import { noteRequests, withWalksNoted } from './walks.ts';

noteRequests();

export default class WalkRunner extends TestRunner {
  /** Between the hooks: what they do, every test of the file would do. */
  runTask(test: RunnerTestCase): Promise<void> {
    return withWalksNoted(test, TestRunner.getTestFn(test));
  }
}

/**
 * `npm test`: build, types, lint, layers and every vitest project, three beside each other, since many tests wait for processes
 * rather than for a processor; ends with the plain line "N passed, N failed, N skipped", before which it names what failed, and
 * as UNSTEADY what passed only when tried again, each with its first error, and before these how long each part took.
 * Names of projects as arguments run only these. `--nightly` (or LUDENG_NIGHTLY=1): the long suites whole instead of a sample.
 * `--one-by-one`: nothing beside anything else.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runBeside } from './run-beside.ts';
import type { Step } from './run-beside.ts';
import { partsOf, reportOf } from './test-reports.ts';

const checks = ['check:format', 'check:types', 'check:lint', 'check:layers'];
/** In the order in which they begin: the long ones first, so that none of them is left over alone at the end. */
const projects: { name: string; after?: string[] }[] = [
  { name: 'e2e', after: ['build:pages'] },
  { name: 'integration' },
  { name: 'province' },
  { name: 'rows', after: ['build:pages'] },
  { name: 'acceptance' },
  { name: 'unit' },
  { name: 'components' },
  // kills and cuts: nothing else shall be short of time then
  { name: 'faults' },
];

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { nightly: { type: 'boolean' }, 'one-by-one': { type: 'boolean' } },
});
const environment = { ...process.env, ...(options.nightly ? { LUDENG_NIGHTLY: '1' } : {}) };
const chosen = projects.filter(({ name }) => asked.length === 0 || asked.includes(name));
const scripts = asked.length === 0 ? ['build:pages', ...checks] : [];
let passed = 0;
let failed = 0;
let skipped = 0;
const failures: string[] = [];
const unsteady: string[] = [];
const times: string[] = [];

await runBeside(
  [
    ...scripts.map((name): Step => ({ name, run: () => timed(name, () => runScript(name)) })),
    ...chosen.flatMap(({ name, after = [] }) =>
      partsOf(name).map(({ title, args }): Step => ({
        name: title,
        after: after.filter((one) => scripts.includes(one)),
        run: () => timed(title, () => runProject(name, title, args)),
      })),
    ),
  ],
  options['one-by-one'] ? 1 : 3,
);

for (const line of times) console.log(line);
for (const name of unsteady) console.log(`UNSTEADY  ${name}`);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

async function timed(title: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  times.push(`${String(Math.round((performance.now() - start) / 1000)).padStart(6)} s  ${title}`);
}

async function runScript(name: string): Promise<void> {
  const ok = (await run(name, 'npm', ['run', '--silent', name])) === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}  npm run ${name}`);
  if (ok) passed++;
  else {
    failed++;
    failures.push(`npm run ${name}`);
  }
}

async function runProject(project: string, title: string, more: readonly string[]): Promise<void> {
  const report = reportOf(title);
  rmSync(report, { force: true });
  const status = await run(title, 'vitest', [
    ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...more,
  ]);
  const counts = readReport(report);
  passed += counts.passed;
  skipped += counts.skipped;
  failed += counts.failed;
  failures.push(...counts.failures.map((name) => `${project}: ${name}`));
  unsteady.push(...counts.unsteady.map((name) => `${project}: ${name}`));
  // A run that ended badly without a failed test (a crash, an unhandled rejection) is a failure all the same.
  if (status !== 0 && counts.failed === 0) {
    failed++;
    failures.push(`${title}: the run itself, status ${String(status)}`);
  }
}

/** Shows what it says line by line, with its name before it. Answers its exit status. */
function run(title: string, program: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() !== '') console.log(`[${title}] ${line}`);
    });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.log(`[${title}] ${error.message}`);
      resolve(1);
    });
    child.once('close', resolve);
  });
}

/** The counts of a vitest report, what failed and what passed on a second try, by name; nothing of a run that left none. */
function readReport(file: string) {
  const { success, data } = reportSchema.safeParse(
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {},
  );
  if (!success) return { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [] };
  const results = data.testResults.flatMap(({ assertionResults }) => assertionResults);
  const withError = (state: string) =>
    results
      .filter(({ status, failureMessages }) => status === state && failureMessages.length > 0)
      .map(
        ({ fullName, failureMessages: [message = ''] }) => `${fullName}\n          ${message.split('\n')[0]}`,
      );
  return {
    passed: data.numPassedTests,
    failed: data.numFailedTests,
    skipped: data.numPendingTests + data.numTodoTests,
    failures: withError('failed'),
    unsteady: withError('passed'),
  };
}

/**
 * `npm test`: build, types, lint, layers and every vitest project, three beside each other, since many tests wait for processes
 * rather than for a processor; ends with the plain line "N passed, N failed, N skipped", before which it names what failed, and
 * as UNSTEADY what passed only when tried again, each with its first error, and before these how long each part took. A file with
 * a failure is run once more from a fresh start when nothing else runs any more, if there are few of them: what fails then fails
 * by itself and not because the machine was busy or another test had left something behind.
 * Names of projects as arguments run only these. `--nightly` (or LUDENG_NIGHTLY=1): the long suites whole instead of a sample.
 * `--one-by-one`: nothing beside anything else.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { compileCache } from './compile-cache.ts';
import { runBeside } from './run-beside.ts';
import type { Step } from './run-beside.ts';
import { outcomeOf, partsOf, readReport, reportOf, withFiles, writeReport } from './test-reports.ts';
import type { FailedTest } from './test-reports.ts';

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

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { nightly: { type: 'boolean' }, 'one-by-one': { type: 'boolean' } },
});
const environment = { ...process.env, ...compileCache, ...(options.nightly ? { LUDENG_NIGHTLY: '1' } : {}) };
const chosen = projects.filter(({ name }) => asked.length === 0 || asked.includes(name));
/** More than these: what is wrong is no matter of time, and nobody shall wait for it twice. */
const maxFilesRunAgain = 8;
const scripts = asked.length === 0 ? ['build:pages', ...checks] : [];
let passed = 0;
let skipped = 0;
const failures: string[] = [];
const unsteady: string[] = [];
const parts = chosen.flatMap(({ name: project, after = [] }) =>
  partsOf(project).map((part) => ({ ...part, project, after, crashed: false })),
);
const times: string[] = [];

await runBeside(
  [
    ...scripts.map((name): Step => ({ name, run: () => timed(name, () => runScript(name)) })),
    ...parts.map((part): Step => ({
      name: part.title,
      after: part.after.filter((one) => scripts.includes(one)),
      run: () =>
        timed(part.title, async () => {
          part.crashed = await runProject(part.project, part.title, part.args);
        }),
    })),
  ],
  options['one-by-one'] ? 1 : 3,
);

await runFailedFilesAgain();
for (const part of parts) count(part);

for (const line of times) console.log(line);
for (const name of unsteady) console.log(`UNSTEADY  ${name}`);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(`${passed} passed, ${failures.length} failed, ${skipped} skipped`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function timed(title: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  times.push(`${String(Math.round((performance.now() - start) / 1000)).padStart(6)} s  ${title}`);
}

async function runScript(name: string): Promise<void> {
  const ok = (await run(name, 'npm', ['run', '--silent', name])) === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}  npm run ${name}`);
  if (ok) passed++;
  else failures.push(`npm run ${name}`);
}

/** Answers whether it ended badly without a failed file: a crash, an unhandled rejection. */
async function runProject(project: string, title: string, more: readonly string[]): Promise<boolean> {
  const report = reportOf(title);
  rmSync(report, { force: true });
  const status = await run(title, 'vitest', [
    ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...more,
  ]);
  return status !== 0 && failedFilesOf(title).length === 0;
}

function failedFilesOf(title: string): string[] {
  const { testResults = [] } = readReport(title) ?? {};
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

async function runFailedFilesAgain(): Promise<void> {
  const failed = parts
    // what counts losses is never asked twice
    .filter(({ project }) => project !== 'faults')
    .map((part) => ({ part, files: failedFilesOf(part.title) }))
    .filter(({ files }) => files.length > 0);
  if (failed.flatMap(({ files }) => files).length > maxFilesRunAgain) return;
  for (const { part, files } of failed) {
    const again = `${part.title} again`;
    part.crashed = await runProject(part.project, again, files);
    const [first, second] = [readReport(part.title), readReport(again)];
    if (!first || !second) continue;
    writeReport(part.title, withFiles(first, second.testResults));
    const still = new Set(outcomeOf(second).failures.map(({ name }) => name));
    const passedNow = outcomeOf(first).failures.filter(({ name }) => !still.has(name));
    unsteady.push(...passedNow.map(lineOf(part.project)));
  }
}

function count({ project, title, crashed }: (typeof parts)[number]): void {
  const report = readReport(title);
  if (!report || crashed) failures.push(`${title}: the run itself`);
  if (!report) return;
  const outcome = outcomeOf(report);
  passed += outcome.passed;
  skipped += outcome.skipped;
  failures.push(...outcome.failures.map(lineOf(project)));
  unsteady.push(...outcome.unsteady.map(lineOf(project)));
}

function lineOf(project: string): (one: FailedTest) => string {
  return ({ name, error }) => `${project}: ${name}\n          ${error}`;
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

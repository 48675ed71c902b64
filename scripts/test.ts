/**
 * `npm test`: types, lint, layers, then every vitest project, one after the other; ends with the plain line
 * "N passed, N failed, N skipped", before which it names what failed, and as UNSTEADY what passed only when tried again,
 * each with its first error. Names of projects as arguments run only these.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const projects = ['unit', 'components', 'integration', 'acceptance', 'faults', 'province', 'e2e'];
const checks = ['check:format', 'check:types', 'check:lint', 'check:layers'];
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

const asked = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'ludeng-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;
const failures: string[] = [];
const unsteady: string[] = [];

if (asked.length === 0) {
  for (const script of ['build:pages', ...checks]) {
    const ok = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' }).status === 0;
    console.log(`${ok ? 'ok' : 'FAILED'}  npm run ${script}`);
    if (ok) passed++;
    else {
      failed++;
      failures.push(`npm run ${script}`);
    }
  }
}

for (const project of projects.filter((name) => asked.length === 0 || asked.includes(name))) {
  const report = join(folder, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync('vitest', args, { stdio: 'inherit' });
  const counts = readReport(report);
  passed += counts.passed;
  skipped += counts.skipped;
  failed += counts.failed;
  failures.push(...counts.failures.map((name) => `${project}: ${name}`));
  unsteady.push(...counts.unsteady.map((name) => `${project}: ${name}`));
  // A run that ended badly without a failed test (a crash, an unhandled rejection) is a failure all the same.
  if (status !== 0 && counts.failed === 0) {
    failed++;
    failures.push(`${project}: the run itself, status ${String(status)}`);
  }
}

rmSync(folder, { recursive: true, force: true });
for (const name of unsteady) console.log(`UNSTEADY  ${name}`);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

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

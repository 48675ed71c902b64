/**
 * `npm test`: types, lint, layers, then every vitest project, one after the other; ends with the plain line
 * "N passed, N failed, N skipped". Names of projects as arguments run only these.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const projects = ['unit', 'components', 'integration', 'acceptance', 'faults', 'province', 'e2e'];
const checks = ['check:format', 'check:types', 'check:lint', 'check:layers'];

const asked = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'ludeng-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;

if (asked.length === 0) {
  for (const script of ['build:pages', ...checks]) {
    const ok = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' }).status === 0;
    console.log(`${ok ? 'ok' : 'FAILED'}  npm run ${script}`);
    if (ok) passed++;
    else failed++;
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
  const counts = readCounts(report);
  passed += counts.passed;
  skipped += counts.skipped;
  // A run that ended badly without a failed test (a crash, an unhandled rejection) is a failure all the same.
  failed += counts.failed > 0 || status === 0 ? counts.failed : 1;
}

rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

function readCounts(file: string): { passed: number; failed: number; skipped: number } {
  try {
    const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return {
      passed: numberAt(report, 'numPassedTests'),
      failed: numberAt(report, 'numFailedTests'),
      skipped: numberAt(report, 'numPendingTests') + numberAt(report, 'numTodoTests'),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function numberAt(value: unknown, key: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'number' ? found : 0;
}

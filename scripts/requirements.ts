/**
 * `npm run requirements`: which rows of docs/requirements.md have a passing test, which a failing one, which none.
 * A test speaks for a row by carrying its id in its name ("LNC-136 keeps a red record from being saved").
 * Runs the acceptance and browser tests (the pages must be built); `--programme LNC` prints only rows of one programme, `--open` only rows without a passing test.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rowPattern = /^\| ([A-Z]{3}-\d{3}) \| (.*?) \| ([A-Z]) \| (.*) \|$/;
const idPattern = /\b(?:YNU|YNQ|HNR|LNC|SHW)-\d{3}\b/g;

const reportSchema = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) }),
  ),
});

const { values: options } = parseArgs({
  options: { programme: { type: 'string' }, open: { type: 'boolean' } },
});
const rows = readRows();
const states = await runTests();

let passing = 0;
for (const { id, text } of rows) {
  const state = states.get(id) ?? 'none';
  if (state === 'passed') passing++;
  if (options.open && state === 'passed') continue;
  if (options.programme && !id.startsWith(options.programme)) continue;
  console.log(`${{ passed: '✔', failed: '✘', none: '·' }[state]} ${id}  ${text}`);
}
for (const id of states.keys()) {
  if (!rows.some((row) => row.id === id))
    console.log(`? ${id} is named by a test and is not in docs/requirements.md`);
}
for (const prefix of new Set(rows.map(({ id }) => id.slice(0, 3)))) {
  const own = rows.filter(({ id }) => id.startsWith(prefix));
  console.log(`${prefix}: ${own.filter(({ id }) => states.get(id) === 'passed').length} of ${own.length}`);
}
console.log(`${passing} of ${rows.length} requirements have a passing test`);

function readRows(): { id: string; text: string }[] {
  const lines = readFileSync(join(root, 'docs', 'requirements.md'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, id, , , text] = rowPattern.exec(line) ?? [];
    return id !== undefined && text !== undefined ? [{ id, text }] : [];
  });
}

/** A row is passed when every test that names it passed. */
async function runTests(): Promise<Map<string, 'passed' | 'failed'>> {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-requirements-'));
  const report = join(folder, 'report.json');
  spawnSync(
    'vitest',
    ['run', '--project', 'acceptance', '--project', 'e2e', '--reporter=json', `--outputFile.json=${report}`],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const found = new Map<string, 'passed' | 'failed'>();
  for (const { assertionResults } of reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')))
    .testResults) {
    for (const { fullName, status } of assertionResults) {
      if (status !== 'passed' && status !== 'failed') continue;
      for (const id of fullName.match(idPattern) ?? []) {
        found.set(id, status === 'failed' || found.get(id) === 'failed' ? 'failed' : 'passed');
      }
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return found;
}

/**
 * `npm run requirements`: which rows of docs/requirements.md are walked by a passing test, through a page or a route (✔), which
 * have tests that only read the configuration (~), a failing test (✘), none (·); and which tests those are. Only walked rows
 * are counted. A test speaks for a row by carrying its id in its name ("LNC-136 keeps a red record from being saved"); what it
 * walks is noted while it runs (tests/support/walks.ts).
 * Runs the acceptance, browser and row tests (the pages must be built), or takes what the last `npm test` said of them: `--last`.
 * `--programme LNC` prints only rows of one programme, `--open` only rows that are not walked.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions } from './read-options.ts';
import { judgeRows, readRows, testReportSchema } from './judge-rows.ts';
import { partsOf, reportOf } from './test-reports.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const projects = ['acceptance', 'e2e', 'rows'] as const;
const signs = { walked: '✔', read: '~', failed: '✘', none: '·' };

const options = readOptions('usage: npm run requirements -- [--programme LNC] [--open] [--last]', {
  programme: { type: 'string' },
  open: { type: 'boolean' },
  last: { type: 'boolean' },
});

const { rows, unknown } = judgeRows(
  readRows(readFileSync(join(root, 'docs', 'requirements.md'), 'utf8')),
  projects.flatMap(runTests),
);

for (const { id, text, state, tests } of rows) {
  if (options.open && state === 'walked') continue;
  if (options.programme && !id.startsWith(options.programme)) continue;
  console.log(`${signs[state]} ${id}  ${text}`);
  for (const { file, name, passed, walks } of tests) {
    const how = walks.length > 0 ? `walks ${walks.slice(0, 3).join(', ')}` : 'only reads';
    console.log(`      ${passed ? '' : 'FAILED '}${how}: ${relative(root, file)} › ${name}`);
  }
}
for (const id of unknown) console.log(`? ${id} is named by a test and is not in docs/requirements.md`);
for (const prefix of new Set(rows.map(({ id }) => id.slice(0, 3)))) {
  const own = rows.filter(({ id }) => id.startsWith(prefix));
  console.log(`${prefix}: ${own.filter(({ state }) => state === 'walked').length} of ${own.length}`);
}
const count = (wanted: keyof typeof signs): number => rows.filter(({ state }) => state === wanted).length;
console.log(
  `${count('walked')} of ${rows.length} requirements are walked by a passing test; ` +
    `${count('read')} have tests that only read, ${count('failed')} a failing one`,
);

function runTests(project: (typeof projects)[number]) {
  return partsOf(project).map(({ title, args }) => {
    const file = reportOf(title);
    if (!options.last) {
      const all = ['run', '--project', project, ...args, '--reporter=json', `--outputFile.json=${file}`];
      spawnSync('vitest', all, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    if (!existsSync(file)) throw new Error(`there is no report of the ${title} tests: run them first`);
    return testReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  });
}

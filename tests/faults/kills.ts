/**
 * `node tests/faults/kills.ts [--cuts N] [--keep FOLDER]`
 * kill -9 of the station, of the server, or of both, at moments nobody chose, while submissions go up. Afterwards every
 * promise is looked for: each item once on the server, each told receipt its own, each page by its hash. SIGINT ends it
 * early, with the same check of what was done so far.
 * Exit status: 0 nothing lost, doubled or corrupt; 1 otherwise.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killBoth } from './kills/kill-both.ts';

const { values } = parseArgs({
  options: { cuts: { type: 'string', default: '100' }, keep: { type: 'string' } },
});
const cuts = Number(values.cuts);
if (!Number.isInteger(cuts) || cuts < 1) {
  console.error('--cuts takes a whole number above 0');
  process.exit(2);
}
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'kills-'));
const early = new AbortController();
process.once('SIGINT', () => early.abort());
const report = await killBoth({
  folder,
  cuts,
  signal: early.signal,
  onCut: (n, what) => {
    if (n % 25 === 0 || n === cuts) console.log(`cut ${n}: ${what}`);
  },
});
const { lost, doubled, corrupt } = report;
console.log(
  JSON.stringify({ ...report, lost: lost.length, doubled: doubled.length, corrupt: corrupt.length }),
);
for (const problem of [...lost, ...doubled, ...corrupt].slice(0, 20)) console.log(`  ${problem}`);
if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
if (lost.length + doubled.length + corrupt.length > 0) process.exitCode = 1;

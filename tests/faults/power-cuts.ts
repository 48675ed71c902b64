/**
 * `node tests/faults/power-cuts.ts [--cuts N] [--longest-ms MS] [--plant normal-rows|unsynced-pages]`
 * Power cuts of the station's store in the rig (tests/rig/README.md): every acknowledged record, item and page must be
 * there after each. `--plant` breaks the store in the guest, to see that losses are found.
 * Exit status: 0 nothing lost, 1 something lost, 125 the rig cannot run here.
 */
import { parseArgs } from 'node:util';
import { prepareKernel } from '#tests/rig/kernel.ts';
import { cutPower, plants } from './power-cuts/cut-power.ts';
import type { Plant } from './power-cuts/cut-power.ts';

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '20' },
    'longest-ms': { type: 'string', default: '6000' },
    plant: { type: 'string' },
  },
});
const cuts = Number(values.cuts);
const longestMs = Number(values['longest-ms']);
if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(longestMs) || longestMs < 1) {
  console.error('--cuts and --longest-ms take whole numbers above 0');
  process.exit(2);
}
if (values.plant !== undefined && !(values.plant in plants)) {
  console.error(`--plant takes ${Object.keys(plants).join(' or ')}`);
  process.exit(2);
}
const kernel = await prepareKernel();
if ('missing' in kernel) {
  console.error(kernel.missing);
  process.exit(125);
}
let done = 0;
const plant = values.plant as Plant | undefined;
for await (const { afterMs, found } of cutPower(kernel, { cuts, longestMs, ...(plant ? { plant } : {}) })) {
  done += 1;
  const { acknowledged, pages, integrity, problems } = found;
  console.log(
    `cut ${done} after ${afterMs} ms: ${acknowledged} acknowledged, ${pages} pages intact, integrity_check ${integrity}, ${problems.length} lost`,
  );
  for (const problem of problems.slice(0, 5)) console.log(`  ${problem}`);
  if (problems.length > 0 || integrity !== 'ok') process.exitCode = 1;
}

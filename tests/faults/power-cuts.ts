/**
 * `node tests/faults/power-cuts.ts [--of station|server] [--machine emulated|here] [--cuts N] [--longest-ms MS] [--plant FAULT]`
 * Power cuts in the rig (tests/rig/README.md): of an emulated machine, or of a disk alone, under programs of this machine. Of the station's store: every acknowledged record, item and page must be
 * there after each. Of the server: it must start by itself with every item, page and numbered change that its station,
 * which stays on the host, was told of; at the end the station's queue must be empty and everything there once. `--plant`
 * breaks the store in the guest (power-cuts/plants.ts), to see that losses are found.
 * Exit status: 0 nothing lost, 1 something lost, 125 it cannot be done here.
 */
import { parseArgs } from 'node:util';
import { cutPower, isBad } from './power-cuts/cut-power.ts';
import { findMachine } from './power-cuts/machines.ts';
import { plants } from './power-cuts/plants.ts';

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'station' },
    machine: { type: 'string', default: 'emulated' },
    cuts: { type: 'string', default: '20' },
    'longest-ms': { type: 'string', default: '6000' },
    plant: { type: 'string' },
  },
});
const { of, machine: name } = values;
const cuts = Number(values.cuts);
const longestMs = Number(values['longest-ms']);
if (of !== 'station' && of !== 'server') {
  console.error('--of takes station or server');
  process.exit(2);
}
if (name !== 'emulated' && name !== 'here') {
  console.error('--machine takes emulated or here');
  process.exit(2);
}
if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(longestMs) || longestMs < 1) {
  console.error('--cuts and --longest-ms take whole numbers above 0');
  process.exit(2);
}
const plant = values.plant === undefined ? undefined : plants[of][values.plant];
if (values.plant !== undefined && !plant) {
  console.error(`--plant takes ${Object.keys(plants[of]).join(' or ')}`);
  process.exit(2);
}
const machine = await findMachine(name);
if ('missing' in machine) {
  console.error(machine.missing);
  process.exit(125);
}
/** Nobody waits for it as for a test. */
const longestBootMs = 800_000;
let done = 0;
for await (const { afterMs, found } of cutPower(machine, { of, cuts, longestMs, longestBootMs, plant })) {
  const { acknowledged, pages, changes, integrity, problems } = found;
  const when = afterMs === undefined ? 'at the end' : `cut ${(done += 1)} after ${afterMs} ms`;
  const heard = changes === undefined ? '' : `, ${changes} changes heard`;
  console.log(
    `${when}: ${acknowledged} acknowledged, ${pages} pages intact${heard}, integrity_check ${integrity}, ${problems.length} lost`,
  );
  for (const problem of problems.slice(0, 5)) console.log(`  ${problem}`);
  if (isBad(found)) process.exitCode = 1;
}

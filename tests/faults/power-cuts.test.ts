/**
 * Station's store and server through power cuts: of a disk alone, and on demand of a whole emulated machine. Many more of
 * them: `node tests/faults/power-cuts.ts --of server --machine here --cuts 50`.
 */
import { expect, test } from 'vitest';
import { cutPower, isBad } from './power-cuts/cut-power.ts';
import type { CutOptions, CutReport } from './power-cuts/cut-power.ts';
import { findMachine } from './power-cuts/machines.ts';
import type { Machine } from './power-cuts/machines.ts';
import { isNightly, sampled } from '#tests/support/nightly.ts';

const subjects = ['station', 'server'] as const;
const here = await findMachine('here');
// Each boot of an emulated machine takes 15 to 60 seconds, far more where the processors are taken.
const emulated =
  process.env['LUDENG_POWER_CUTS'] === '1' || isNightly
    ? await findMachine('emulated')
    : { missing: 'set LUDENG_POWER_CUTS=1 on a machine with two idle processors' };

test.skipIf('missing' in here).each(subjects)(
  `whatever the %s acknowledged is there and whole after its disk lost its power${reasonOf(here)}`,
  (of) => nothingIsLost(here, { of, cuts: sampled(1, 25), longestMs: 1_500 }),
  sampled(600_000, 2 * 3_600_000),
);

test.skipIf('missing' in emulated).each(subjects)(
  `whatever the %s acknowledged is there and whole after its machine lost its power${reasonOf(emulated)}`,
  (of) => nothingIsLost(emulated, { of, cuts: sampled(2, 10), longestMs: 6_000 }),
  sampled(1_200_000, 4 * 3_600_000),
);

async function nothingIsLost(machine: Machine | { missing: string }, options: CutOptions): Promise<void> {
  if ('missing' in machine) return;
  const reports: CutReport[] = [];
  for await (const report of cutPower(machine, options)) reports.push(report);
  expect(reports.filter(({ found }) => isBad(found))).toEqual([]);
  // of the server one more, when its station has brought everything
  expect(reports).toHaveLength(options.cuts + (options.of === 'server' ? 1 : 0));
  expect(reports.at(-1)?.found.acknowledged).toBeGreaterThan(0);
}

function reasonOf(machine: object): string {
  return 'missing' in machine ? ` (skipped: ${String(machine.missing)})` : '';
}

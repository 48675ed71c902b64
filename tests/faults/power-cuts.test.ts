/** Station's store and server through real power cuts; many more of them: `node tests/faults/power-cuts.ts --of server --cuts 50`. */
import { expect, test } from 'vitest';
import { prepareKernel } from '#tests/rig/kernel.ts';
import { cutPower, isBad } from './power-cuts/cut-power.ts';
import type { CutReport } from './power-cuts/cut-power.ts';

// Each boot of an emulated machine takes 15 to 60 seconds, far more where the processors are taken.
const kernel =
  process.env['LUDENG_POWER_CUTS'] === '1'
    ? await prepareKernel()
    : { missing: 'set LUDENG_POWER_CUTS=1 on a machine with two idle processors' };
const cuts = 2;

test.skipIf('missing' in kernel).each(['station', 'server'] as const)(
  `whatever the %s acknowledged is there and whole after its power was cut${'missing' in kernel ? ` (skipped: ${kernel.missing})` : ''}`,
  async (of) => {
    if ('missing' in kernel) return;
    const reports: CutReport[] = [];
    for await (const report of cutPower(kernel, { of, cuts })) reports.push(report);
    expect(reports.filter(({ found }) => isBad(found))).toEqual([]);
    // of the server one more, when its station has brought everything
    expect(reports).toHaveLength(of === 'server' ? cuts + 1 : cuts);
    expect(reports.at(-1)?.found.acknowledged).toBeGreaterThan(0);
  },
  (cuts + 2) * 300_000,
);

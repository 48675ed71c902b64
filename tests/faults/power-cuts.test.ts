/** The station's store through real power cuts; many more of them: `node tests/faults/power-cuts.ts --cuts 50`. */
import { expect, test } from 'vitest';
import { prepareKernel } from '#tests/rig/kernel.ts';
import { cutPower } from './power-cuts/cut-power.ts';
import type { CutReport } from './power-cuts/cut-power.ts';

// Each boot of an emulated machine takes 15 to 60 seconds, far more where the processors are taken.
const kernel =
  process.env['LUDENG_POWER_CUTS'] === '1'
    ? await prepareKernel()
    : { missing: 'set LUDENG_POWER_CUTS=1 on a machine with two idle processors' };
const cuts = 2;

test.skipIf('missing' in kernel)(
  `whatever the station acknowledged is there and whole after its power was cut${'missing' in kernel ? ` (skipped: ${kernel.missing})` : ''}`,
  async () => {
    if ('missing' in kernel) return;
    const reports: CutReport[] = [];
    for await (const report of cutPower(kernel, { cuts })) reports.push(report);
    expect(reports.map(({ found }) => [found.integrity, found.problems])).toEqual(
      Array.from({ length: cuts }, () => ['ok', []]),
    );
    expect(reports.at(-1)?.found.acknowledged).toBeGreaterThan(0);
  },
  (cuts + 1) * 300_000,
);

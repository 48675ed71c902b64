import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subject } from './subject.ts';

/** The station's store alone as what loses its power. `outFolder` is shared with the guest. */
export function stationOnDisk(outFolder: string): Subject {
  const acknowledged = join(outFolder, 'acknowledged');
  const said = (): number => statSync(acknowledged, { throwIfNoEntry: false })?.size ?? 0;
  let before = 0;
  return {
    guest: 'tests/faults/power-cuts/station-guest.ts',
    rig: { memoryMb: 1024 },
    port: 0,
    beforeBoot: () => (before = said()),
    async atWork(isOver) {
      while (said() === before) {
        if (isOver()) throw new Error('the store took nothing after its check');
        await sleep(20);
      }
    },
  };
}

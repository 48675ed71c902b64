/** The server as what loses its power; its station stays on the host, writes down what it is told, and comes back by itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { freePort } from '#tests/support/free-port.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { parsePromised } from '../busy/promised.ts';
import { drained, kill, startStation } from '../busy/station-process.ts';
import { heardSchema } from './acknowledged.ts';
import { guestPort } from './machines.ts';
import type { Subject } from './subject.ts';

const longestSilenceMs = 300_000;

/** `folder`: for the station's store. `outFolder` is shared with the guest. */
export async function serverOnDisk(folder: string, outFolder: string): Promise<Subject> {
  const port = await freePort();
  const promises = join(outFolder, 'promised');
  const start = (drains: boolean) => startStation({ folder, port, promises, drains });
  writeFileSync(promises, '');
  let station = start(false);
  const receipts = (): number =>
    parsePromised(readFileSync(promises, 'utf8')).filter(({ type }) => type === 'received').length;

  /** What the station has of its feed, for the guest to compare. */
  function writeHeard(): void {
    const path = join(folder, 'station', 'store.db');
    let rows: unknown[] = [];
    if (existsSync(path)) {
      const db = new Database(path, { readonly: true });
      rows = db.prepare('select epoch, seq, body from inbox').all();
      db.close();
    }
    writeFileSync(join(outFolder, 'heard.json'), JSON.stringify(heardSchema.parse(rows)));
  }

  return {
    guest: 'tests/faults/power-cuts/server-guest.ts',
    rig: { memoryMb: 1536, forward: { hostPort: port, guestPort } },
    port,
    beforeBoot: writeHeard,
    async atWork(isOver) {
      const before = receipts();
      await waitUntil(
        () => {
          if (isOver() || station.exitCode !== null) throw new Error('station or server ended by itself');
          return receipts() > before;
        },
        { what: 'a receipt after the power was back', timeoutMs: longestSilenceMs },
      );
    },
    async finish(check) {
      await kill(station);
      station = start(true);
      await drained(station);
      writeHeard();
      writeFileSync(join(outFolder, 'drained'), '');
      return check();
    },
    close: () => kill(station),
  };
}

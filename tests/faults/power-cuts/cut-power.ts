/** Starts the station's store or the server again and again, each time pulling the plug at a moment nobody knows. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { checkSchema } from './acknowledged.ts';
import type { Check } from './acknowledged.ts';
import { placesAsArguments } from './disk.ts';
import type { Machine } from './machines.ts';
import type { Plant } from './plants.ts';
import { serverOnDisk } from './server-on-disk.ts';
import { stationOnDisk } from './station-on-disk.ts';

export interface CutReport {
  /** How long after it worked the guest lost its power, in milliseconds; undefined for what stood at the end. */
  afterMs: number | undefined;
  /** What the next boot found. */
  found: Check;
}

export interface CutOptions {
  of: 'station' | 'server';
  cuts: number;
  longestMs?: number;
  plant?: Plant | undefined;
  /** Then the plug is pulled during the boot, and the next one looks; so a busy machine needs long. */
  longestBootMs?: number;
}

const diskMb = 2048;
const maxSlowBoots = 3;

/**
 * Each cut is reported as soon as the next boot has looked at what it left; of the server comes one report more, when its
 * station has brought everything. Ends after `cuts`, or with the first cut that lost something. Throws when the guest does
 * not come up or the check itself fails.
 */
export async function* cutPower(machine: Machine, options: CutOptions): AsyncGenerator<CutReport> {
  const { of, cuts, longestMs = 6_000, plant, longestBootMs = 280_000 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'power-cuts-'));
  const diskFile = join(folder, 'disk');
  const outFolder = join(folder, 'out');
  await mkdir(outFolder);
  const subject = of === 'server' ? await serverOnDisk(folder, outFolder) : stationOnDisk(outFolder);
  try {
    await writeFile(diskFile, '');
    await truncate(diskFile, diskMb * 2 ** 20);
    await promisify(execFile)('/usr/sbin/mkfs.ext4', ['-q', '-F', diskFile]);
    const { port } = subject;
    const places = machine.places({ folder, outFolder, diskFile, port });
    const command = commandOf(
      [process.execPath, subject.guest, ...placesAsArguments(places)],
      places.out,
      plant,
    );
    let afterMs: number | undefined;
    let slow = 0;
    for (let boot = 0; boot <= cuts;) {
      subject.beforeBoot?.();
      const rig = await machine.boot(
        {
          ...subject.rig,
          command,
          outFolder,
          diskFile,
          timeoutMs: longestBootMs,
        },
        places,
      );
      try {
        const found = await checkOf(outFolder, rig.ended).catch((error: unknown) => {
          // on a busy machine a boot may take too long: the plug was pulled during it, and the next one looks
          if ((slow += 1) > maxSlowBoots) throw error;
          return undefined;
        });
        if (!found) continue;
        slow = 0;
        if (afterMs !== undefined) {
          yield { afterMs, found };
          if (isBad(found)) return;
        }
        if (boot < cuts) {
          let isOver = false;
          void rig.ended.then(() => (isOver = true));
          await subject.atWork(() => isOver);
          afterMs = randomInt(longestMs);
          await sleep(afterMs);
        } else if (subject.finish)
          yield { afterMs: undefined, found: await subject.finish(() => checkOf(outFolder, rig.ended)) };
        boot += 1;
      } finally {
        await rig.cutPower();
      }
    }
  } finally {
    await subject.close?.();
    await rm(folder, { recursive: true, force: true });
  }
}

export const isBad = ({ problems, integrity }: Check): boolean => problems.length > 0 || integrity !== 'ok';

/** A plant lies over the file for this program alone: it has its own mounts, or a kernel of its own. */
function commandOf(run: string[], out: string, plant: Plant | undefined): string[] {
  if (plant === undefined) return run;
  const script = `sed "$1" "$2" >"$3" && ! cmp -s "$2" "$3" && mount --bind "$3" "$2" || exit 9; shift 3; exec "$@"`;
  return ['/bin/sh', '-c', script, 'plant', plant.edit, plant.file, join(out, 'planted'), ...run];
}

async function checkOf(outFolder: string, ended: Promise<{ console: string }>): Promise<Check> {
  const file = join(outFolder, 'check.json');
  let dead: { console: string } | undefined;
  void ended.then((end) => (dead = end));
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      await rm(file);
      return checkSchema.parse(JSON.parse(text));
    }
    if (dead) throw new Error(`the guest ended before its check:\n${dead.console}`);
    await sleep(50);
  }
}

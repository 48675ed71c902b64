/** Boots the station's store in the rig again and again, each time pulling the plug at a moment nobody knows. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RigKernel } from '#tests/rig/kernel.ts';
import { bootRig } from '#tests/rig/rig.ts';
import { checkSchema } from './acknowledged.ts';
import type { Check } from './acknowledged.ts';

/** Faults to plant in the guest's own view of the sources: what the check must find. */
export const plants = {
  /** The database's newest rows are left to the kernel. */
  'normal-rows': ['s/fdatasyncSync(log)/undefined/', 'scanner-agent/store/open-store.ts'],
  /** Pages are renamed without having been written out. */
  'unsynced-pages': ['s/await file.sync();//', 'scanner-agent/store/durable-file.ts'],
} as const;
export type Plant = keyof typeof plants;

export interface CutReport {
  /** How long after its check the guest lost its power, in milliseconds. */
  afterMs: number;
  /** What the next boot found. */
  found: Check;
}

const diskMb = 2048;
const longestBootMs = 280_000;
const mostSlowBoots = 3;

/**
 * Each cut is reported as soon as the next boot has looked at what it left. Ends after `cuts`, or with the first cut that
 * lost something. Throws when the guest does not come up or the check itself fails.
 */
export async function* cutPower(
  kernel: RigKernel,
  options: { cuts: number; longestMs?: number; plant?: Plant },
): AsyncGenerator<CutReport> {
  const { cuts, longestMs = 6_000, plant } = options;
  const folder = await mkdtemp(join(tmpdir(), 'power-cuts-'));
  const diskFile = join(folder, 'disk');
  const outFolder = join(folder, 'out');
  try {
    await mkdir(outFolder);
    await writeFile(diskFile, '');
    await truncate(diskFile, diskMb * 2 ** 20);
    await promisify(execFile)('/usr/sbin/mkfs.ext4', ['-q', '-F', diskFile]);
    let afterMs: number | undefined;
    let slow = 0;
    for (let boot = 0; boot <= cuts;) {
      const rig = await bootRig(kernel, {
        command: guestCommand(plant),
        outFolder,
        diskFile,
        memoryMb: 1024,
        timeoutMs: longestBootMs,
      });
      try {
        const found = await checkOf(outFolder, rig.ended).catch((error: unknown) => {
          // on a busy machine a boot may take too long: the plug was pulled during it, and the next one looks
          if ((slow += 1) > mostSlowBoots) throw error;
          return undefined;
        });
        if (!found) continue;
        slow = 0;
        if (afterMs !== undefined) {
          yield { afterMs, found };
          if (found.problems.length > 0 || found.integrity !== 'ok') return;
        }
        if (boot < cuts) {
          afterMs = randomInt(longestMs);
          await sleep(afterMs);
        }
        boot += 1;
      } finally {
        await rig.cutPower();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function guestCommand(plant: Plant | undefined): string[] {
  const run = [process.execPath, 'tests/faults/power-cuts/guest.ts'];
  if (plant === undefined) return run;
  // The guest's files lie over the host's in its own memory: nothing of the host changes.
  const [edit, file] = plants[plant];
  const script = `before=$(md5sum <"$2"); sed -i "$1" "$2"; [ "$before" != "$(md5sum <"$2")" ] || exit 9; shift 2; exec "$@"`;
  return ['/bin/sh', '-c', script, 'plant', edit, file, ...run];
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

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

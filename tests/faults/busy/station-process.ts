/** The busy station as a process of its own, to be killed and started again. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const enrolmentCode = 'enrolment-for-kills';
const program = fileURLToPath(new URL('./busy-station.ts', import.meta.url));
const longestDrainMs = 300_000;

/** A Ctrl-C is for the program that counts, not for those it kills. */
export const aside = { detached: true } as const;

/** In `folder`: the station's store and the file `promised`. */
export function startStation(options: {
  folder: string;
  port: number;
  promises: string;
  /** Queues nothing more and tells how the queue stands. */
  drains?: boolean;
}): ChildProcess {
  const { folder, port, promises, drains = false } = options;
  const url = `http://127.0.0.1:${port}`;
  const args = [program, join(folder, 'station'), url, enrolmentCode, promises, drains ? 'drain' : ''];
  return spawn(process.execPath, args, { ...aside, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Of a station that drains: resolves when nothing waits any more. Throws when something was parked or the time is up. */
export async function drained(station: ChildProcess): Promise<void> {
  let text = '';
  station.stdout?.setEncoding('utf8').on('data', (more: string) => (text += more));
  const end = performance.now() + longestDrainMs;
  for (;;) {
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    if (last.includes('"queued":0')) {
      if (!last.includes('"parked":0')) throw new Error(`items were parked: ${last}`);
      return;
    }
    if (performance.now() > end || station.exitCode !== null)
      throw new Error(`the station did not empty its queue: ${last}`);
    await sleep(50);
  }
}

/** Resolves when it is gone; its sockets and locks went with it. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

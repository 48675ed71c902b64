/** Kills station and server again and again while they work, and counts afterwards what became of every promise. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '#tests/support/free-port.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { findPromises, readServer } from '../busy/find-promises.ts';
import type { Findings } from '../busy/find-promises.ts';
import { parsePromised } from '../busy/promised.ts';
import { aside, drained, enrolmentCode, kill, startStation } from '../busy/station-process.ts';

const longestMs = 20_000;
const longestJobsMs = 300_000;
const serverProgram = fileURLToPath(new URL('../../../sync-server/main.ts', import.meta.url));

export interface KillReport extends Findings {
  cuts: { station: number; server: number; both: number };
}

/** `signal`: ends after the cut in hand, with the check of everything so far. */
export async function killBoth(options: {
  folder: string;
  cuts: number;
  onCut?: (n: number, what: string) => void;
  signal?: AbortSignal;
}): Promise<KillReport> {
  const { folder, cuts, onCut, signal } = options;
  const dataFolder = join(folder, 'server');
  const promises = join(folder, 'promised');
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const done = { station: 0, server: 0, both: 0 };
  let server = startServer();
  let station = startStation({ folder, port, promises });
  try {
    for (let n = 1; n <= cuts && !signal?.aborted; n += 1) {
      await something();
      const what = (['station', 'station', 'server', 'server', 'both'] as const)[randomInt(5)] ?? 'both';
      if (what !== 'server') await kill(station);
      if (what !== 'station') await kill(server);
      done[what] += 1;
      onCut?.(n, what);
      if (what !== 'station') server = startServer();
      if (what !== 'server') station = startStation({ folder, port, promises });
    }
    await kill(station);
    station = startStation({ folder, port, promises, drains: true });
    await drained(station);
    await answered();
  } finally {
    await kill(station);
    await kill(server);
  }
  return { cuts: done, ...findPromises(dataFolder, parsePromised(readFileSync(promises, 'utf8')), true) };

  function startServer(): ChildProcess {
    return spawn(process.execPath, [serverProgram], {
      ...aside,
      env: {
        ...process.env,
        LUDENG_SERVER_DATA: dataFolder,
        LUDENG_SERVER_PORT: String(port),
        LUDENG_SERVER_SECOND_READING: '0',
        LUDENG_SERVER_LOG_LEVEL: 'error',
        LUDENG_ENROLMENT_CODE: enrolmentCode,
      },
      // over IPC it hears when nobody counts any more
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Waits until some promises more were made, so that a cut meets work, then a moment nobody knows. */
  async function something(): Promise<void> {
    const size = () => (existsSync(promises) ? statSync(promises).size : 0);
    const wanted = size() + randomInt(1, 1_500);
    const end = performance.now() + longestMs;
    while (size() < wanted && performance.now() < end) await sleep(5);
    await sleep(randomInt(60));
  }

  /** Every record hears a word of the server: these pages show nothing, so it is a refusal, once. */
  async function answered(): Promise<void> {
    const open = `select id from job where state in ('ready', 'leased')`;
    await waitUntil(() => readServer(dataFolder, open).length === 0, {
      what: 'the end of the server’s work',
      timeoutMs: longestJobsMs,
      everyMs: 100,
    });
  }
}

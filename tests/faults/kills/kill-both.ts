/** Kills station and server again and again while they work, and counts afterwards what became of every promise. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { parsePromised } from './promised.ts';

const code = 'enrolment-for-kills';
const longestMs = 20_000;
const longestDrainMs = 300_000;
const inHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface KillReport {
  cuts: { station: number; server: number; both: number };
  /** Submissions that the station promised to keep, and those whose receipt it told. */
  queued: number;
  received: number;
  pages: number;
  lost: string[];
  doubled: string[];
  corrupt: string[];
}

export async function killBoth(options: {
  folder: string;
  cuts: number;
  onCut?: (n: number, what: string) => void;
}): Promise<KillReport> {
  const { folder, cuts, onCut } = options;
  const dataFolder = join(folder, 'server');
  const promises = join(folder, 'promised');
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const done = { station: 0, server: 0, both: 0 };
  let server = startServer();
  let station = startStation();
  try {
    for (let n = 1; n <= cuts; n += 1) {
      await something();
      const what = (['station', 'station', 'server', 'server', 'both'] as const)[randomInt(5)] ?? 'both';
      if (what !== 'server') await kill(station);
      if (what !== 'station') await kill(server);
      done[what] += 1;
      onCut?.(n, what);
      if (what !== 'station') server = startServer();
      if (what !== 'server') station = startStation();
    }
    await kill(station);
    station = startStation('drain');
    await drained(station);
    await answered();
  } finally {
    await kill(station);
    await kill(server);
  }
  return { cuts: done, ...count() };

  function startServer(): ChildProcess {
    return spawn(process.execPath, [inHere('../../../sync-server/main.ts')], {
      env: {
        ...process.env,
        LUDENG_SERVER_DATA: dataFolder,
        LUDENG_SERVER_PORT: String(port),
        LUDENG_SERVER_SECOND_READING: '0',
        LUDENG_SERVER_LOG_LEVEL: 'error',
        LUDENG_ENROLMENT_CODE: code,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  function startStation(mode = ''): ChildProcess {
    const url = `http://127.0.0.1:${port}`;
    const args = [inHere('./busy-station.ts'), join(folder, 'station'), url, code, promises, mode];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
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
    const end = performance.now() + longestDrainMs;
    while (read(`select id from job where state in ('ready', 'leased')`).length > 0) {
      if (performance.now() > end) throw new Error('the server did not end its work');
      await sleep(100);
    }
  }

  function read(sql: string): Record<string, unknown>[] {
    const db = new Database(join(dataFolder, 'server.sqlite'), { readonly: true });
    try {
      return db.prepare<[], Record<string, unknown>>(sql).all();
    } finally {
      db.close();
    }
  }

  function count(): Omit<KillReport, 'cuts'> {
    const lines = parsePromised(readFileSync(promises, 'utf8'));
    const effects = new Map<string, number>();
    for (const row of read('select kind, ref_id from effect')) {
      const key = `${String(row['kind'])} ${String(row['ref_id'])}`;
      effects.set(key, (effects.get(key) ?? 0) + 1);
    }
    const signatures = new Map(
      read('select id, signature from item').map((row) => [String(row['id']), String(row['signature'])]),
    );
    const queued = lines.filter((line) => line.type === 'queued');
    const received = lines.filter((line) => line.type === 'received');
    const pages = [...new Set(queued.flatMap((line) => line.pages))];
    return {
      queued: queued.length,
      received: new Set(received.map(({ itemId }) => itemId)).size,
      pages: pages.length,
      lost: [
        ...queued.filter(({ itemId }) => !effects.has(`item-received ${itemId}`)).map(({ itemId }) => itemId),
        // a receipt that turned out untrue
        ...received
          .filter(({ itemId, signature }) => signatures.get(itemId) !== signature)
          .map(({ itemId }) => `receipt ${itemId}`),
      ],
      doubled: [...effects].filter(([, times]) => times > 1).map(([key, times]) => `${key} ${times} times`),
      corrupt: pages.filter((sha) => !isIntact(join(dataFolder, 'blobs', sha.slice(0, 2), sha), sha)),
    };
  }
}

function isIntact(path: string, sha: string): boolean {
  return existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === sha;
}

async function drained(station: ChildProcess): Promise<void> {
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
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** The server comes back on it after each cut. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

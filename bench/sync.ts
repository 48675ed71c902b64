/** `npm run bench -- sync`: our line beside plain HTTP PUT, tus and the bare disk, on the same work in one run. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchError } from './options.ts';
import { quantile } from './pages/corner-scores.ts';
import { table } from './score/table.ts';
import type { Work } from './sync/client-side.ts';
import { startShapedLine } from './sync/shaped-line.ts';
import { readShape } from './sync/shape.ts';
import type { Shape } from './sync/shape.ts';
import { startSide } from './sync/side.ts';
import type { Side } from './sync/side.ts';

interface SyncOptions {
  submissions: number;
  pages: number;
  kb: number;
  rounds: number;
  shape: Shape | undefined;
  /** A way that has not finished by then is stopped, in seconds. */
  giveUpS: number;
  json: string | undefined;
}

interface Way {
  name: string;
  client: string;
  server?: {
    program: string;
    args: (folder: string) => string[];
    env?: (folder: string) => NodeJS.ProcessEnv;
  };
}

interface Run {
  way: string;
  /** Undefined when it was given up. */
  seconds: number | undefined;
  clientCpuS: number;
  serverCpuS: number;
  clientPeakMb: number;
  serverPeakMb: number;
}

const ourServer = {
  program: 'sync-server/main.ts',
  args: () => [],
  env: (folder: string) => ({
    LUDENG_SERVER_DATA: folder,
    LUDENG_SERVER_PORT: '0',
    LUDENG_SERVER_SECOND_READING: '0',
    LUDENG_ENROLMENT_CODE: 'enrolment-for-the-bench',
  }),
};
const ours = 'ours';
const put = 'HTTP PUT';
const tus = 'tus';
const disk = 'write + fsync';
const ways: Way[] = [
  { name: ours, client: 'bench/sync/our-client.ts', server: ourServer },
  {
    name: put,
    client: 'bench/sync/put-client.ts',
    server: { program: 'bench/sync/put-server.ts', args: (folder) => [folder] },
  },
  {
    name: tus,
    client: 'bench/sync/tus-client.ts',
    server: { program: 'bench/sync/tus-server.ts', args: (folder) => [folder] },
  },
  { name: disk, client: 'bench/sync/raw-client.ts' },
];
/** What our line is to reach, as a part of the other way's speed, without shaping. */
const targets = [
  { of: put, least: 0.85 },
  { of: tus, least: 2 },
];

export async function benchSync(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { submissions, pages, kb, rounds, shape } = options;
  const megabytes = (submissions * pages * kb) / 1000;
  say(
    `${submissions} submissions x ${pages} pages x ${kb} kB = ${megabytes.toFixed(1)} MB, ${rounds} rounds; ` +
      (shape
        ? `${describe(shape)}, at best ${(megabytes / (shape.bytesPerSecond / 1e6)).toFixed(1)} s`
        : 'loopback'),
  );
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1)
    // Each round begins with another way, so that none always has the warm or the busy machine.
    for (let n = 0; n < ways.length; n += 1) {
      const way = ways[(n + round) % ways.length] as Way;
      if (shape && !way.server) continue;
      const run = await measure(way, options);
      runs.push(run);
      say(
        `round ${round + 1}, ${way.name}: ${run.seconds === undefined ? 'given up' : `${run.seconds.toFixed(2)} s`}`,
      );
    }
  print(runs, options, megabytes);
  if (options.json) writeFileSync(options.json, JSON.stringify({ options, runs }, null, 2));
}

function readOptions(args: string[]): SyncOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        submissions: { type: 'string' },
        pages: { type: 'string', default: '4' },
        kb: { type: 'string', default: '600' },
        rounds: { type: 'string' },
        shape: { type: 'string' },
        'give-up': { type: 'string', default: '180' },
        json: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new BenchError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const count = (name: string, text: string): number => {
    if (!/^[1-9]\d{0,6}$/.test(text)) throw new BenchError(`--${name} takes a whole number, not ${text}`);
    return Number(text);
  };
  const shape = values.shape === undefined ? undefined : readShape(values.shape);
  return {
    submissions: count('submissions', values.submissions ?? (shape ? '3' : '60')),
    pages: count('pages', values.pages),
    kb: count('kb', values.kb),
    rounds: count('rounds', values.rounds ?? (shape ? '1' : '3')),
    shape,
    giveUpS: count('give-up', values['give-up']),
    json: values.json,
  };
}

async function measure(way: Way, options: SyncOptions): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-sync-'));
  const ends: (() => Promise<void>)[] = [];
  try {
    let port = 0;
    let server: Side | undefined;
    if (way.server) {
      const place = join(folder, 'server');
      mkdirSync(place);
      server = startSide(way.server.program, way.server.args(place), way.server.env?.(place));
      ends.push(server.end);
      port = Number(await server.hears(/"(?:port":|url":"http:\/\/[^"]*:)(\d+)/));
      if (options.shape) {
        const line = await startShapedLine(options.shape, port);
        ends.push(line.close);
        port = line.port;
      }
    }
    const work = makeWork(way, { folder, url: `http://127.0.0.1:${port}`, ...options });
    const client = startSide(way.client, [JSON.stringify(work)]);
    ends.push(client.end);
    await client.hears(/\[ready\]/);
    const cpu = () => [client.cpuSeconds(), server?.cpuSeconds() ?? 0] as const;
    const before = cpu();
    const startedAt = performance.now();
    client.tell('go');
    const isDone = await withinSeconds(options.giveUpS, client.hears(/\[done\]/));
    const seconds = (performance.now() - startedAt) / 1000;
    const after = cpu();
    return {
      way: way.name,
      seconds: isDone ? seconds : undefined,
      clientCpuS: after[0] - before[0],
      serverCpuS: after[1] - before[1],
      clientPeakMb: client.peakBytes() / 1e6,
      serverPeakMb: (server?.peakBytes() ?? 0) / 1e6,
    };
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeWork(way: Way, options: SyncOptions & { folder: string; url: string }): Work {
  const { folder, url, submissions, pages, kb } = options;
  const files: string[] = [];
  // The station makes its own pages, in its store.
  for (let n = 0; n < (way.name === ours ? 0 : submissions * pages); n += 1) {
    files.push(`${Math.floor(n / pages)}-${n % pages}`);
    writeFileSync(join(folder, files[n] as string), randomBytes(kb * 1000));
  }
  return { url, folder, files, submissions, pages, pageBytes: kb * 1000 };
}

async function withinSeconds(seconds: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), seconds * 1000);
  try {
    return await Promise.race([promise, work.then(() => true)]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

function print(runs: Run[], { submissions, shape, giveUpS }: SyncOptions, megabytes: number): void {
  const of = (name: string) => runs.filter(({ way }) => way === name);
  const median = (name: string, pick: (run: Run) => number) => quantile(of(name).map(pick), 0.5) ?? NaN;
  /** Given up counts as never. */
  const seconds = (name: string) => median(name, (run) => run.seconds ?? Infinity);
  const shown = (value: number, digits: number) => (value > 0 ? value.toFixed(digits) : '-');
  say(
    table(
      [
        'way',
        's',
        'MB/s',
        'submissions/s',
        'CPU s client',
        'CPU s server',
        'peak MB client',
        'peak MB server',
      ],
      ways
        .filter(({ name }) => of(name).length > 0)
        .map(({ name }) => [
          name,
          seconds(name) === Infinity ? `over ${giveUpS}` : seconds(name).toFixed(2),
          shown(megabytes / seconds(name), 2),
          shown(submissions / seconds(name), 2),
          median(name, (run) => run.clientCpuS).toFixed(2),
          shown(
            median(name, (run) => run.serverCpuS),
            2,
          ),
          median(name, (run) => run.clientPeakMb).toFixed(0),
          shown(
            median(name, (run) => run.serverPeakMb),
            0,
          ),
        ]),
    ),
  );
  for (const { of: other, least } of targets) {
    const ratio = seconds(other) / seconds(ours);
    const isMet = ratio >= least ? 'met' : 'NOT met';
    say(
      Number.isNaN(ratio)
        ? `ours / ${other}: neither finished`
        : `ours / ${other}: ${ratio === Infinity ? 'the other never finished' : ratio.toFixed(2)}${shape ? '' : ` (at least ${least}: ${isMet})`}`,
    );
  }
}

function describe({ bytesPerSecond, roundTripMs, resetEveryMs }: Shape): string {
  const width = bytesPerSecond === Infinity ? 'any width' : `${(bytesPerSecond * 8) / 1e6} Mbit/s each way`;
  const resets = resetEveryMs > 0 ? `, every connection reset each ${resetEveryMs / 1000} s` : '';
  return `${width}, ${roundTripMs} ms there and back${resets}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

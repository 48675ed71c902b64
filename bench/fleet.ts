/** `npm run bench -- fleet`: how many stations a server holds, and how soon each has its receipt. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { submittedSchema } from './fleet/messages.ts';
import type { FleetWork, Order, Submitted } from './fleet/messages.ts';
import { fleetCode, startServers } from './fleet/servers.ts';
import { BenchError } from './options.ts';
import { quantile } from './pages/corner-scores.ts';
import { table } from './score/table.ts';
import { startSide } from './sync/side.ts';
import type { Side } from './sync/side.ts';

interface FleetOptions {
  server: 'sqlite' | 'postgres';
  stations: number[];
  active: number;
  everyS: number;
  forS: number;
  pages: number;
  kb: number;
  json: string | undefined;
}

interface Row {
  stations: number;
  /** Of all server processes, bytes, with every station connected and silent. */
  idleBytes: number;
  idleCpuPerMinuteS: number;
  active: number;
  calm: Submitted;
  hard: Submitted;
  clientBytes: number;
}

/** What a station writes stops its whole process for a moment: too many in one would wait for each other, not for the server. */
const stationsPerProcess = 100;
const idleMs = 20_000;
const targets = { idleMb: 1_000, receiptP99Ms: 2_000 };

export async function benchFleet(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { server, pages, kb, everyS } = options;
  say(
    `${server === 'sqlite' ? 'one process on SQLite' : 'three processes on PostgreSQL and S3'}; submissions of ` +
      `${pages} x ${kb} kB; calm: each active station submits every ${everyS} s on average; hard: the next after each receipt`,
  );
  const rows: Row[] = [];
  for (const stations of options.stations) {
    const row = await measure(stations, options);
    rows.push(row);
    say(`${stations} stations measured`);
  }
  print(rows);
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ options, rows }, null, 2));
}

function readOptions(args: string[]): FleetOptions {
  const { values } = parse(args);
  const count = (name: string, text: string): number => {
    if (!/^[1-9]\d{0,6}$/.test(text)) throw new BenchError(`--${name} takes a whole number, not ${text}`);
    return Number(text);
  };
  const { server } = values;
  if (server !== 'sqlite' && server !== 'postgres') throw new BenchError('--server takes sqlite or postgres');
  return {
    server,
    stations: values.stations.split(',').map((text) => count('stations', text)),
    active: count('active', values.active),
    everyS: count('every', values.every),
    forS: count('for', values.for),
    pages: count('pages', values.pages),
    kb: count('kb', values.kb),
    json: values.json,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        server: { type: 'string', default: 'sqlite' },
        stations: { type: 'string', default: '10,100,1000' },
        active: { type: 'string', default: '200' },
        every: { type: 'string', default: '30' },
        for: { type: 'string', default: '30' },
        pages: { type: 'string', default: '2' },
        kb: { type: 'string', default: '200' },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new BenchError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function measure(stations: number, options: FleetOptions): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-fleet-'));
  const ends: (() => Promise<void>)[] = [];
  try {
    const servers = await startServers(options.server, folder);
    ends.push(servers.end);
    const clients = startClients(folder, servers.urls, stations, options);
    ends.push(async () => {
      for (const { side } of clients) await side.end();
    });
    await Promise.all(clients.map(({ side }) => side.hears(/\[ready\]/)));
    await Promise.all(
      clients.map(({ side }) => {
        tell(side, { do: 'connect' });
        return side.hears(/\[connected\]/);
      }),
    );
    const cpu = () => sum(servers.sides.map((side) => side.cpuSeconds()));
    await pause(2_000);
    const before = cpu();
    await pause(idleMs);
    const idleCpuPerMinuteS = (cpu() - before) * (60_000 / idleMs);
    const idleBytes = sum(servers.sides.map((side) => side.residentBytes()));
    const active = Math.min(options.active, stations);
    const submit = async (turn: number, everyMs: number): Promise<Submitted> => {
      const parts = await Promise.all(
        clients.map(async ({ side, stations: own }) => {
          const share = Math.round((active * own) / stations);
          tell(side, { do: 'submit', turn, active: share, everyMs, forMs: options.forS * 1000 });
          const said = await side.hears(new RegExp(`\\[submitted ${turn} (\\{.*\\})\\]`));
          return submittedSchema.parse(JSON.parse(said));
        }),
      );
      return {
        receiptMs: parts.flatMap(({ receiptMs }) => receiptMs),
        seconds: Math.max(...parts.map(({ seconds }) => seconds)),
      };
    };
    const calm = await submit(1, options.everyS * 1000);
    const hard = await submit(2, 0);
    return {
      stations,
      idleBytes,
      idleCpuPerMinuteS,
      active,
      calm,
      hard,
      clientBytes: sum(clients.map(({ side }) => side.residentBytes())),
    };
  } finally {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startClients(
  folder: string,
  urls: string[],
  stations: number,
  { pages, kb }: FleetOptions,
): { side: Side; stations: number }[] {
  const clients: { side: Side; stations: number }[] = [];
  for (let first = 0; first < stations; first += stationsPerProcess) {
    const own = Math.min(stationsPerProcess, stations - first);
    const place = join(folder, `stations-${first}`);
    mkdirSync(place);
    const work: FleetWork = {
      folder: place,
      urls,
      code: fleetCode,
      first,
      stations: own,
      pages,
      pageBytes: kb * 1000,
    };
    clients.push({ side: startSide('bench/fleet/stations.ts', [JSON.stringify(work)]), stations: own });
  }
  return clients;
}

function tell(side: Side, order: Order): void {
  side.tell(JSON.stringify(order));
}

function print(rows: Row[]): void {
  const ms = ({ receiptMs }: Submitted, share: number): string =>
    (quantile(receiptMs, share) ?? NaN).toFixed(0);
  const rate = ({ receiptMs, seconds }: Submitted): string => (receiptMs.length / seconds).toFixed(1);
  const smallest = rows[0];
  say(
    table(
      [
        'stations',
        'idle MB',
        'kB a station',
        'idle CPU s/min',
        'active',
        'calm /s',
        'p50 ms',
        'p99 ms',
        'hard /s',
        'p50 ms',
        'p99 ms',
        'a station itself MB',
      ],
      rows.map((row) => [
        String(row.stations),
        (row.idleBytes / 1e6).toFixed(0),
        smallest && row !== smallest
          ? ((row.idleBytes - smallest.idleBytes) / (row.stations - smallest.stations) / 1e3).toFixed(0)
          : '-',
        row.idleCpuPerMinuteS.toFixed(1),
        String(row.active),
        rate(row.calm),
        ms(row.calm, 0.5),
        ms(row.calm, 0.99),
        rate(row.hard),
        ms(row.hard, 0.5),
        ms(row.hard, 0.99),
        (row.clientBytes / row.stations / 1e6).toFixed(1),
      ]),
    ),
  );
  const largest = rows.at(-1);
  if (!largest) return;
  const idleMb = largest.idleBytes / 1e6;
  const p99 = quantile(largest.calm.receiptMs, 0.99) ?? NaN;
  say(
    `${largest.stations} idle stations: ${idleMb.toFixed(0)} MB (under ${targets.idleMb}: ${idleMb < targets.idleMb ? 'met' : 'NOT met'}); ` +
      `${largest.active} active: receipt at p99 after ${p99.toFixed(0)} ms (within ${targets.receiptP99Ms}: ${p99 <= targets.receiptP99Ms ? 'met' : 'NOT met'})`,
  );
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

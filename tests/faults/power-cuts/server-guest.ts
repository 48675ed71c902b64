/**
 * Runs where the power is cut: the server itself, with its data folder on the disk, for the busy station on the host. It
 * must start by itself; then everything that the station was told before the last power cut is looked for. In the shared
 * folder: `promised` and `heard.json` (from the host), `check.json` (this boot's findings), `drained` (the host: nothing
 * waits any more, now everything queued must be there; answered by another check). Arguments: disk.ts.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPromises, readServer } from '../busy/find-promises.ts';
import { parsePromised } from '../busy/promised.ts';
import { enrolmentCode } from '../busy/station-process.ts';
import { heardSchema } from './acknowledged.ts';
import type { Check, Heard } from './acknowledged.ts';
import { mountDisk, report } from './disk.ts';

const { out, disk, port } = mountDisk();
const dataFolder = join(disk, 'server');
const settingsFile = join(out, 'server.yaml');
// before the server can tell anything more
const promised = readPromised();
const heard = readHeard();
writeFileSync(
  settingsFile,
  JSON.stringify({
    dataFolder,
    host: '0.0.0.0',
    port,
    allowPlainHttp: true,
    minFreeBytes: 0,
    secondReading: { enabled: false },
    enrolment: { code: enrolmentCode },
    logLevel: 'error',
  }),
);
const server = spawn(process.execPath, ['sync-server/main.ts'], {
  env: { ...process.env, LUDENG_SERVER_SETTINGS: settingsFile },
  stdio: 'inherit',
});
if (await isReady()) report(out, look(promised, heard, false));
else
  report(out, {
    acknowledged: 0,
    pages: 0,
    integrity: 'not looked at',
    problems: [`the server did not start by itself: it ended with ${server.exitCode}`],
  });
while (!existsSync(join(out, 'drained'))) await sleep(100);
while (readServer(dataFolder, `select id from job where state in ('ready', 'leased')`).length > 0)
  await sleep(200);
report(out, look(readPromised(), readHeard(), true));

function readPromised() {
  return parsePromised(readFileSync(join(out, 'promised'), 'utf8'));
}

function readHeard(): Heard {
  return heardSchema.parse(JSON.parse(readFileSync(join(out, 'heard.json'), 'utf8')));
}

/** False when it has ended instead. */
async function isReady(): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(100);
  }
  return false;
}

/** `all`: also what had no receipt must have come. */
function look(lines: ReturnType<typeof parsePromised>, told: Heard, all: boolean): Check {
  const { queued, received, pages, lost, doubled, corrupt } = findPromises(dataFolder, lines, all);
  const integrity = readServer(dataFolder, 'pragma integrity_check').map((row) => row['integrity_check']);
  const epoch = readServer(dataFolder, `select value from fact where name = 'feed-epoch'`)[0]?.['value'];
  const given = new Map(
    readServer(dataFolder, 'select seq, body from change').map((row) => [row['seq'], row['body']]),
  );
  const renumbered = told.filter((change) => change.epoch !== epoch || given.get(change.seq) !== change.body);
  return {
    acknowledged: received,
    pages: pages - corrupt.length,
    changes: told.length,
    integrity: integrity.join('; '),
    problems: [
      ...lost.map((what) => `lost: ${what}`),
      ...doubled.map((what) => `doubled: ${what}`),
      ...corrupt.map((sha) => `page ${sha} is gone or holds other bytes`),
      ...renumbered.map(({ seq }) => `change ${seq}, which the station has, is gone or another`),
      ...(all && received < queued ? [`${queued - received} receipts never came`] : []),
    ],
  };
}

/** Who else on the machine can read what an installation keeps: nobody, from the first byte, and again where somebody loosened it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePrivateFile } from '#config/private-files.ts';
import { agentThatEnds } from '#tests/support/agent-process.ts';
import { startServerProcess } from '#tests/support/server-process.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';
import { connectStation, enrol, makeIdentity, makeSubmission, startTestServer } from './server-support.ts';

let folder = '';
let umask = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'));
  // as most shells have it: what is not asked to be private is not
  umask = process.umask(0o022);
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

/** Paths under the folder that anybody but the owner may use. */
function looseIn(path: string): string[] {
  const own = (lstatSync(path).mode & 0o077) === 0 ? [] : [path];
  if (!lstatSync(path).isDirectory()) return own;
  return [...own, ...readdirSync(path).flatMap((name) => looseIn(join(path, name)))];
}
function loosen(path: string): void {
  const isFolder = lstatSync(path).isDirectory();
  if (isFolder) for (const name of readdirSync(path)) loosen(join(path, name));
  chmodSync(path, isFolder ? 0o755 : 0o644);
}
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a server', () => {
  it('makes database, log, lock, key, code, pages and unfinished pages for its own account alone', async () => {
    const data = join(folder, 'data');
    // an administrator made the folder with the usual mode
    mkdirSync(data);
    const server = await startTestServer(data, {
      enrolment: undefined,
      database: undefined,
      blobs: undefined,
    });
    try {
      expect(looseIn(data)).toEqual([]);
      expect(readdirSync(data)).toEqual(
        expect.arrayContaining([
          'server.sqlite',
          'server.sqlite-wal',
          'server.lock',
          'server-key.pem',
          'enrolment-code',
        ]),
      );
    } finally {
      await server.close();
    }
  });

  it('tightens all that somebody loosened, with the settings it reads, and says so', async () => {
    const first = await startServerProcess(folder, { database: undefined, blobs: undefined });
    const identity = makeIdentity();
    await enrol(first.url, identity, 'enrolment-for-tests');
    const station = await connectStation(first.url, identity);
    const item = makeSubmission(identity.stationId, 1, { blobBytes: 1000 });
    await station.upload(item);
    await station.commit(item.commit);
    station.close();
    await first.kill('SIGTERM');
    const data = join(folder, 'data');
    loosen(folder);
    const outside = join(folder, 'outside');
    writeFileSync(outside, 'not ours to change');
    symlinkSync(outside, join(data, 'link'));
    await first.start();
    try {
      expect(looseIn(data).filter((path) => !path.endsWith('link'))).toEqual([]);
      expect(modeOf(outside)).toBe(0o644);
      expect(modeOf(join(folder, 'server.yaml'))).toBe(0o600);
      expect(first.output()).toContain('权限已收紧');
    } finally {
      await first.kill();
    }
  });
});

describe('a station', () => {
  it('makes its store, lock and key for its own account alone', () => {
    const data = join(folder, 'station');
    mkdirSync(data);
    const { store } = openStore({ folder: data, ballastBytes: 1000 });
    expect(looseIn(data)).toEqual([]);
    store.close();
  });

  it('tightens its store and a profile that holds a code, and says so', async () => {
    const data = join(folder, 'station');
    openStore({ folder: data, ballastBytes: 1000 }).store.close();
    const profile = join(folder, 'station.yaml');
    writeFileSync(
      profile,
      JSON.stringify({
        stationId: 'S-1',
        stationName: '测试采集站',
        programme: 'liaoning-subject-library',
        server: { url: 'http://192.0.2.1', enrolmentCode: 'a-code-for-tests' },
      }),
    );
    loosen(folder);
    // it ends by itself: such a server is not spoken to in the open
    const { output } = await agentThatEnds({ LUDENG_DATA: data, LUDENG_STATION_PROFILE: profile });
    expect(output).toContain('https://');
    expect(output).toContain('权限已收紧');
    expect([...looseIn(data), ...looseIn(profile)]).toEqual([]);
  });

  it('writes what it read on certificates for whoever asked alone, also over a file that was open to all', () => {
    const file = join(folder, 'out.json');
    writeFileSync(file, 'old');
    const cli = new URL('../../scanner-agent/cli/main.ts', import.meta.url).pathname;
    const run = spawnSync(process.execPath, [cli, 'read', join(folder, 'none.jpg'), '--json', file], {
      encoding: 'utf8',
      env: { ...process.env, LUDENG_DATA: join(folder, 'station') },
    });
    expect(run.stderr).not.toContain('Error:');
    expect(modeOf(file)).toBe(0o600);
    writePrivateFile(join(folder, 'new'), 'x');
    expect(modeOf(join(folder, 'new'))).toBe(0o600);
  });
});

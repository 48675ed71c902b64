/** A PostgreSQL of its own on a free port, as a province would have it but for the fsync. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

export interface TestPostgres {
  /** Of the database `postgres`, as a user who may do anything. */
  url: string;
  stop(): Promise<void>;
}

const debianFolder = '/usr/lib/postgresql';

/** Folder of initdb and postgres, undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  if (!existsSync(debianFolder)) return undefined;
  const newest = readdirSync(debianFolder).toSorted((a, b) => Number(b) - Number(a))[0];
  const folder = newest === undefined ? undefined : join(debianFolder, newest, 'bin');
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/**
 * Throws where PostgreSQL is missing: whoever asks for it must not pass without it. `isDurable`: flushes as a real one does.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  // postgres refuses to run as root, which a container's tests are
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  if (isRoot) {
    const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(folder, idOf('-u'), idOf('-g'));
  }
  const data = join(folder, 'data');
  const command = (name: string, args: string[]): [string, string[]] => {
    const [program = '', ...rest] = [...as, join(programs, name), ...args];
    return [program, rest];
  };
  const options = [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  await promisify(execFile)(...command('initdb', options), { cwd: '/' });

  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: 200,
    shared_buffers: '32MB',
    // the machine is not unplugged during a test, and a commit is 10 times faster
    fsync: isDurable ? 'on' : 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(...command('postgres', ['-D', data, ...args]), {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended: ${said}`);
      return canConnect(url);
    },
    { what: 'a PostgreSQL that answers', timeoutMs: 30_000 },
  );
  return {
    url,
    async stop() {
      const gone = once(child, 'exit');
      // runuser hands SIGTERM on; what is still connected after a smart shutdown would keep it
      child.kill('SIGTERM');
      await promisify(execFile)(...command('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']), {
        cwd: '/',
      }).catch(() => undefined);
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of one question to `url`; `?` stands for a value, counts are numbers. */
export async function askPostgres(url: string, question: string, values: unknown[] = []): Promise<unknown[]> {
  let n = 0;
  const text = question.replaceAll('?', () => `$${(n += 1)}`);
  const client = new pg.Client({
    connectionString: url,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === 20 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  });
  await client.connect();
  try {
    return (await client.query<pg.QueryResultRow>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function canConnect(url: string): Promise<boolean> {
  try {
    await askPostgres(url, 'select 1');
    return true;
  } catch {
    return false;
  }
}

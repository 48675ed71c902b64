/** The real server as a process of its own, so that it can be killed in earnest. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { queryStore, storeSettings } from './server-stores.ts';
import { waitUntil } from './wait-until.ts';

export const enrolmentCode = 'enrolment-for-tests';
const main = fileURLToPath(new URL('../../sync-server/main.ts', import.meta.url));

export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  isRunning(): boolean;
  /** What the last start printed. */
  output(): string;
  /** Starts it again on its old port, unless it runs. */
  start(): Promise<void>;
  /** SIGKILL, or whatever is named; resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** What the server did, one row for each time: a doubled effect shows as 2. */
  effects(kind: string, refId: string): Promise<number>;
  /** Asks its database. */
  query(sql: string, ...values: string[]): Promise<unknown[]>;
}

/** `change`: settings beyond the common ones; processes of one installation name the same stores. */
export async function startServerProcess(
  folder: string,
  change: Partial<ServerSettingsInput> = {},
): Promise<ServerProcess> {
  mkdirSync(folder, { recursive: true });
  const dataFolder = join(folder, 'data');
  const settingsFile = join(folder, 'server.yaml');
  let child: ChildProcess | undefined;
  let port = 0;
  let output = '';

  const isRunning = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    if (isRunning()) return;
    const settings = {
      ...(await storeSettings(dataFolder)),
      dataFolder,
      port,
      minFreeBytes: 0,
      enrolment: { code: enrolmentCode, reusable: true },
      secondReading: { enabled: false },
      logLevel: 'info',
      ...change,
    };
    // JSON is YAML.
    writeFileSync(settingsFile, JSON.stringify(settings));
    const started = spawn(process.execPath, [main], {
      env: { ...process.env, LUDENG_SERVER_SETTINGS: settingsFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    output = '';
    started.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    started.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const url = await waitUntil(
      () => {
        if (started.exitCode !== null) throw new Error(`the server ended: ${output}`);
        return /"url":"http:\/\/[^"]*:(\d+)"/.exec(output)?.[1];
      },
      { what: 'a listening server', timeoutMs: 30_000 },
    );
    port = Number(url);
  }

  await start();
  return {
    get port() {
      return port;
    },
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    isRunning,
    output: () => output,
    start,
    async kill(signal = 'SIGKILL') {
      if (!child || !isRunning()) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
    effects: async (kind, refId) =>
      (await queryStore(dataFolder, 'select id from effect where kind = ? and ref_id = ?', kind, refId))
        .length,
    query: (sql, ...values) => queryStore(dataFolder, sql, ...values),
  };
}

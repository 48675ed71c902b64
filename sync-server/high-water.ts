/**
 * The highest numbers that were given out, noted beside the database (`high-water.json` in the data folder): a database that
 * knows less is an older copy, and would give the same unique code twice. The note is written after the commit it speaks of
 * and never flushed, so that it may say less than the truth (after a power cut), and never more.
 */
import { hash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '#config/private-files.ts';
import type { Log } from './ports/surroundings.ts';
import type { Flush } from './store/durable-sqlite.ts';
import type { Db } from './store/open-store.ts';

const markSchema = z.object({
  /** Of which installation: a digest of the server's public key. */
  installation: z.string(),
  counters: z.record(z.string(), z.int().nonnegative()),
});
export type Mark = z.infer<typeof markSchema>;

const pathOf = (folder: string): string => join(folder, 'high-water.json');
export const installationOf = (publicKeyPem: string): string => hash('sha256', publicKeyPem);

/** Undefined where there is none, or none that can be read: a power cut may have taken its content. */
export function readMark(folder: string): Mark | undefined {
  if (!existsSync(pathOf(folder))) return undefined;
  try {
    return markSchema.parse(JSON.parse(readFileSync(pathOf(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function countersOf(db: Db): Promise<Record<string, number>> {
  const rows = await db.selectFrom('counter').selectAll().execute();
  return Object.fromEntries(rows.map(({ name, value }) => [name, Number(value)]));
}

/** Counters of which the mark knows a higher number than the database does. */
export function behind(
  counters: Readonly<Record<string, number>>,
  mark: Mark,
): { name: string; has: number; given: number }[] {
  return Object.entries(mark.counters)
    .map(([name, given]) => ({ name, has: counters[name] ?? 0, given }))
    .filter(({ has, given }) => has < given);
}

const everyMs = 1_000;

export interface HighWater {
  /** Notes what the database has numbered by now. Resolves when it is noted; a failure is logged and hinders nothing. */
  keep(): Promise<void>;
  stop(): Promise<void>;
}

export function createHighWater({
  db,
  flush,
  folder,
  installation,
  log,
}: {
  db: Db;
  flush: Flush;
  folder: string;
  installation: string;
  log: Pick<Log, 'error'>;
}): HighWater {
  let written = '';
  async function write(): Promise<void> {
    const mark: Mark = { installation, counters: await countersOf(db) };
    const text = `${JSON.stringify(mark)}\n`;
    if (text === written) return;
    // what was read may not be durable yet, and the note must not outlive it
    await flush();
    writePrivateFile(`${pathOf(folder)}.new`, text);
    renameSync(`${pathOf(folder)}.new`, pathOf(folder));
    written = text;
  }
  let running = Promise.resolve();
  const keep = (): Promise<void> =>
    (running = running
      .then(write)
      .catch((error: unknown) => log.error({ error }, 'high-water mark not written')));
  const timer = setInterval(() => void keep(), everyMs);
  return {
    keep,
    stop: () => {
      clearInterval(timer);
      return keep();
    },
  };
}

/** `./ludeng log-heads`: what the server signed of its log, as this station kept it, for `./ludeng verify-log --heads`. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readLogHeads } from '../store/log-heads.ts';

/** Beside a station that runs or not. Exit status 1 where there is none. */
export function writeLogHeads({ dataFolder, output }: { dataFolder: string; output: string }): number {
  const file = join(dataFolder, 'store.db');
  if (!existsSync(file)) {
    process.stderr.write(`${dataFolder} 中没有采集站的数据；数据在别处时用 LUDENG_DATA 指出\n`);
    return 1;
  }
  const db = new Database(file, { readonly: true, timeout: 5_000 });
  try {
    const text = `${JSON.stringify({ heads: readLogHeads(db) }, undefined, 2)}\n`;
    if (output === '-') process.stdout.write(text);
    else writeFileSync(output, text);
    return 0;
  } finally {
    db.close();
  }
}

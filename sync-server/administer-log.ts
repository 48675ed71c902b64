import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { logHeadSchema } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import { checkLog } from './services/logs/check-log.ts';
import { findFact } from './store/facts.ts';
import { createLogRows } from './store/log-rows.ts';
import type { Db } from './store/open-store.ts';

/** `verify-log`: what to print. Throws with the same words where somebody has been at the log, so that the command fails. */
export async function administerLog(
  db: Db,
  headFiles: readonly string[],
  now: () => string,
): Promise<string> {
  const publicKey = await findFact(db, 'server-key');
  if (publicKey === undefined) throw new Error('数据库是空的，没有日志');
  const outside = headFiles.flatMap(readHeads);
  const look = { rows: createLogRows(db), publicKey, clock: { now } };
  const { lines, signedTo, findings } = await checkLog(look, outside);
  const signed = signedTo === 0 ? '还没有签名' : `其中前 ${signedTo} 行与留存的签名一致`;
  const from = outside.length === 0 ? '' : `（含外部留存的 ${outside.length} 个签名）`;
  if (findings.length > 0) throw new Error([`日志被动过：共 ${lines} 行`, ...findings].join('\n'));
  return `日志完好：共 ${lines} 行，${signed}${from}`;
}

/** As `./ludeng log-heads` at a station writes them. */
function readHeads(file: string): LogHead[] {
  try {
    const { heads } = z
      .object({ heads: z.array(logHeadSchema) })
      .parse(JSON.parse(readFileSync(file, 'utf8')));
    return heads;
  } catch (error) {
    throw new Error(`${file} 不是采集站导出的日志签名（./ludeng log-heads）`, { cause: error });
  }
}

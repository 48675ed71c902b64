import { checkLog } from '../services/logs/check-log.ts';
import { createDailyCheck } from '../services/logs/daily-check.ts';
import { createReadLog } from '../services/logs/read-log.ts';
import { createSignLogHeads } from '../services/logs/sign-log-heads.ts';
import { createLogRows } from '../store/log-rows.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';

export type Logs = ReturnType<typeof createLogs>;

/** Before whatever writes a line: what is opened first is closed last, and the last line is signed too. */
export function createLogs(
  { clock, log, opened }: Start,
  { db, serverKey, atomic }: Pick<Stores, 'db' | 'serverKey' | 'atomic'>,
) {
  const rows = createLogRows(db);
  const heads = createSignLogHeads({ rows, serverKey, clock, log });
  opened.defer(heads.stop);
  const look = { rows, publicKey: serverKey.publicKeyPem, clock };
  const daily = createDailyCheck({ atomic, check: () => checkLog(look, []), clock, log });
  opened.defer(daily.stop);
  return { rows, heads, readLog: createReadLog(look) };
}

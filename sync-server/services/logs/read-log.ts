import { demandAtAll, filterFor } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { logPageSize } from '#domain/contracts/desk/logs.ts';
import type { LogPage, LogQueryInput, LogState } from '#domain/contracts/desk/logs.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import { checkLog } from './check-log.ts';

/** 日志查询: lines that the actor may see, and the state of the whole chain. */
export function createReadLog({
  rows,
  publicKey,
  clock,
}: {
  rows: LogRows;
  /** PEM. */
  publicKey: string;
  clock: Pick<Clock, 'now'>;
}) {
  async function stateNow(): Promise<LogState> {
    const [head, signed, checked] = await Promise.all([rows.head(), rows.lastSigned(), rows.lastCheck()]);
    return {
      lines: head?.number ?? 0,
      ...(signed ? { signed } : {}),
      ...(checked ? { checked } : {}),
    };
  }
  return {
    list(actor: Actor, query: LogQueryInput): Promise<LogPage> {
      demandAtAll(actor, 'log.read');
      return rows.list({ ...query, visible: filterFor(actor, 'log.read'), pageSize: logPageSize });
    },
    async state(actor: Actor): Promise<LogState> {
      demandAtAll(actor, 'log.state');
      return stateNow();
    },
    async check(actor: Actor): Promise<LogState> {
      demandAtAll(actor, 'log.state');
      await checkLog({ rows, publicKey, clock }, []);
      return stateNow();
    },
  };
}
export type ReadLog = ReturnType<typeof createReadLog>;

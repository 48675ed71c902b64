import { logRoutes } from '#domain/contracts/desk/logs.ts';
import type { ReadLog } from '../services/logs/read-log.ts';
import type { Serve } from './serve.ts';

/** 日志查询. */
export function addLogRoutes(serve: Serve, { readLog }: { readLog: ReadLog }): void {
  serve(logRoutes.logLines, ({ actor, query }) => readLog.list(actor, query));
  serve(logRoutes.logState, ({ actor }) => readLog.state(actor));
  serve(logRoutes.checkLog, ({ actor }) => readLog.check(actor));
}

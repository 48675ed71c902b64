/** Lines of the log as people read them. */
import type { LogLine } from '#domain/accounts/log-lines.ts';
import { loginWayIds } from '#domain/accounts/login-way-ids.ts';
import { loginWays } from '#domain/accounts/login-ways.ts';
import { errorCodes, errorTable } from '#domain/errors/table.ts';
import { dayMs, startOfChinaDay } from '#domain/primitives.ts';
import { words } from '../locales/zh-CN.ts';

/** What is known by no words stands as the server noted it. */
export const logActionWord = ({ action }: Pick<LogLine, 'action'>): string =>
  words.logs.actions[action] ?? words.accounts.operations.actions[action] ?? action;

export function logResultWord({ result }: Pick<LogLine, 'result'>): string {
  const code = errorCodes.find((one) => one === result);
  return code === undefined ? result : errorTable[code].message;
}

/** Of a login the way that was gone. */
export function logDetailWord({ kind, detail }: Pick<LogLine, 'kind' | 'detail'>): string {
  const way = kind === 'login' ? loginWayIds.find((one) => one === detail) : undefined;
  return way === undefined ? detail : loginWays[way].label;
}

/** The end of a day in China, which is the next one's beginning. */
export const instantAfter = (day: string): string =>
  new Date(Date.parse(startOfChinaDay(day)) + dayMs).toISOString();

/** What lines of the log say, in a unit's own back end. */
import { loginWays } from '#domain/accounts/login-ways.ts';
import { loginWaySchema } from '#domain/accounts/login-way-ids.ts';
import { logDone } from '#domain/accounts/log-lines.ts';
import { errorTable } from '#domain/errors/table.ts';

const actions: Readonly<Record<string, string>> = {
  'sign-in': '登录',
  'sign-out': '退出登录',
  'account-session-ended': '结束登录',
  'record-filed': '提交申请',
  'record-corrected': '修改后重新提交',
  'case-decided': '办理事项',
  'account-handler-mobile': '修改经办人手机号码',
  'account-handler-authorised': '授权',
  'account-frozen': '冻结账号',
  'account-thawed': '解冻账号',
  'unit-keys-synchronised': '获取CA信息',
  'account-own-password': '修改密码',
  'account-main-replaced': '更换主经办人',
};

export const actionWords = (action: string): string => actions[action] ?? action;

/** Systems stand there by their programmes. */
export function detailWords(
  action: string,
  detail: string,
  systems: readonly { programme: string; title: string }[],
): string {
  if (action !== 'account-handler-authorised') return detail;
  const titles = detail
    .split(' ')
    .map((id) => systems.find(({ programme }) => programme === id)?.title ?? id)
    .join('、');
  return titles === '' ? '没有授权任何系统' : titles;
}

export function wayWords(way: string): string {
  const known = loginWaySchema.safeParse(way);
  return known.success ? loginWays[known.data].label : way;
}

/** Done, or the words of the failure. */
export function resultWords(result: string, done: string): string {
  if (result === logDone) return done;
  const entries: Readonly<Record<string, { message: string } | undefined>> = errorTable;
  return entries[result]?.message ?? result;
}

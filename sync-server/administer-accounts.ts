/** `account …`: who may use the desk. Passwords are made here and shown once, so that none stands on a command line. */
import { randomInt } from 'node:crypto';
import { accountViewSchema, fleetPermission } from '#domain/contracts/console-server.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { allDepartments } from './services/desk-cases.ts';
import { hashPassword } from './services/desk-accounts.ts';
import type { ServerSettings } from './settings.ts';
import { createAccountAdministration } from './store/account-administration.ts';
import type { Db } from './store/open-store.ts';

export interface AccountArguments {
  verb: string | undefined;
  id: string | undefined;
  name: string | undefined;
  department: string | undefined;
  /** Joined by commas. */
  permissions: string | undefined;
}

export const accountHelp = `  account list                  列出工作台账号
  account add 账号 --name 姓名 --department 部门 --permissions 权限,权限
                                添加账号，显示一次初始密码
  account permissions 账号 --permissions 权限,权限
                                改变账号的权限
  account password 账号          重设密码，显示一次新密码，原来的登录失效
  account disable|enable 账号    停用（原来的登录立即失效）或恢复账号`;

const now = (): string => new Date().toISOString();

/** Throws with a message for people. */
export async function administerAccounts(
  db: Db,
  settings: Pick<ServerSettings, 'catalogueFolder'>,
  args: AccountArguments,
): Promise<string> {
  const accounts = createAccountAdministration(db);
  const { verb, id } = args;
  if (verb === 'list') {
    const list = await accounts.list();
    if (list.length === 0) return '还没有账号';
    return list
      .map((one) =>
        [
          one.id,
          one.name,
          one.department || '（全部）',
          one.permissions.join(','),
          one.disabledAt ? '已停用' : '',
        ]
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
  if (id === undefined) throw new Error(`请给出账号\n\n${accountHelp}`);
  const found = (isThere: boolean): void => {
    if (!isThere) throw new Error(`没有账号 ${id}`);
  };
  switch (verb) {
    case 'add': {
      const view = accountViewSchema.parse({
        id,
        name: needed(args.name, '--name 姓名'),
        department: args.department ?? '',
        permissions: readPermissions(args.permissions, settings),
      });
      if (!/^[\p{L}\p{N}._-]{1,64}$/u.test(id)) throw new Error('账号只能由文字、数字和 . _ - 组成');
      const password = makePassword();
      if (!(await accounts.add({ ...view, passwordHash: await hashPassword(password) }, now())))
        throw new Error(`账号 ${id} 已经存在`);
      return `已添加账号 ${id}，初始密码 ${password}（只显示这一次）`;
    }
    case 'permissions':
      found(await accounts.setPermissions(id, readPermissions(args.permissions, settings), now()));
      return `已改变账号 ${id} 的权限`;
    case 'password': {
      const password = makePassword();
      found(await accounts.setPassword(id, await hashPassword(password), now()));
      return `账号 ${id} 的新密码 ${password}（只显示这一次），原来的登录已失效`;
    }
    case 'disable':
      found(await accounts.disable(id, now()));
      return `账号 ${id} 已停用`;
    case 'enable':
      found(await accounts.enable(id, now()));
      return `账号 ${id} 已恢复`;
    case undefined:
    default:
      throw new Error(accountHelp);
  }
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`缺少 ${what}`);
  return value;
}

function readPermissions(
  text: string | undefined,
  { catalogueFolder }: Pick<ServerSettings, 'catalogueFolder'>,
): string[] {
  const wanted = [...new Set(needed(text, '--permissions 权限').split(','))];
  const { workflows } = loadCatalogue(catalogueFolder);
  const known = new Set([
    ...workflows.flatMap(({ steps }) => steps.map(({ permission }) => permission)),
    allDepartments,
    fleetPermission,
  ]);
  const unknown = wanted.filter((permission) => !known.has(permission));
  if (unknown.length > 0)
    throw new Error(`没有权限 ${unknown.join('、')}；可用的权限：${[...known].join('、')}`);
  return wanted;
}

/** 75 bits; without letters and digits that look alike. */
function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 15 }, () => letters[randomInt(letters.length)]).join('');
}

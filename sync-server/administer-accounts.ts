/** `account …`: who may use the desk. Passwords are made by the server and shown once, so that none stands on a command line. */
import { serverActor } from '#domain/accounts/schema.ts';
import { accountIdSchema } from '#domain/contracts/desk/accounts.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import { isCreditCode } from '#domain/fields/check-digits.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { issuedPasswordDays } from './services/accounts/issue-password.ts';
import { createMainAccounts } from './services/accounts/main-accounts.ts';
import type { MainAccountsOptions } from './services/accounts/main-accounts.ts';
import { createManageAccounts, permissionsOf } from './services/accounts/manage-accounts.ts';
import { createPasswordHashing } from './services/accounts/password-hashing.ts';
import type { ServerSettings } from './settings.ts';
import { createAccountAdministration } from './store/account-administration.ts';
import { createOperatorRows } from './store/operator-rows.ts';
import type { Db } from './store/open-store.ts';

export interface AccountArguments {
  verb: string | undefined;
  id: string | undefined;
  name: string | undefined;
  department: string | undefined;
  /** Joined by commas. */
  permissions: string | undefined;
  creditCode: string | undefined;
}

export const accountHelp = `  account list                  列出工作台账号
  account add 账号 --name 姓名 --department 部门 --permissions 权限,权限
                                添加账号，显示一次初始密码；权限 accounts 可在工作台管理账号
  account organisation 账号 --name 单位名称 --credit-code 统一社会信用代码
                                添加单位的主账号（管理本单位的操作员），显示一次初始密码
  account permissions 账号 --permissions 权限,权限
                                改变账号的权限
  account password 账号          重设密码，显示一次新密码，原来的登录失效
  account disable|enable 账号    停用（原来的登录立即失效）或恢复账号`;

/** Throws with a message for people. */
export async function administerAccounts(
  db: Db,
  settings: Pick<ServerSettings, 'catalogueFolder'>,
  args: AccountArguments,
): Promise<string> {
  const catalogue = loadCatalogue(settings.catalogueFolder);
  const ports = {
    hashing: createPasswordHashing(),
    clock: { now: () => new Date().toISOString() },
    // the command itself says what it did
    log: { info: () => undefined },
  };
  const accounts = createAccountAdministration(db);
  const manage = createManageAccounts({ accounts, catalogue, ...ports });
  try {
    if (args.verb === 'organisation') return await addOrganisation(db, ports, args);
    return await run(manage, permissionsOf(catalogue), args);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'ACCOUNT_UNKNOWN') throw new Error(`没有账号 ${args.id}`, { cause: error });
    if (error.code === 'ACCOUNT_TAKEN') throw new Error(`账号 ${args.id} 已经存在`, { cause: error });
    const { message, action } = errorTable[error.code];
    throw new Error(`${message}。${action}`, { cause: error });
  }
}

/** The account with which an organisation looks after its own operators. */
async function addOrganisation(
  db: Db,
  ports: Omit<MainAccountsOptions, 'rows'>,
  { id, name, creditCode }: AccountArguments,
): Promise<string> {
  const main = {
    id: needed(id, '账号'),
    name: needed(name, '--name 单位名称'),
    creditCode: needed(creditCode, '--credit-code 统一社会信用代码'),
  };
  if (!accountIdSchema.safeParse(main.id).success) throw new Error('账号只能由文字、数字和 . _ - 组成');
  if (!isCreditCode(main.creditCode)) throw new Error('统一社会信用代码不正确：请核对 18 位代码');
  const { password } = await createMainAccounts({ rows: createOperatorRows(db), ...ports }).open(
    serverActor('administrator'),
    main,
  );
  return `已添加单位账号 ${main.id}，初始密码 ${password}（只显示这一次，${issuedPasswordDays} 天内登录有效，登录后须改为自己的密码）`;
}

async function run(
  manage: ReturnType<typeof createManageAccounts>,
  known: readonly string[],
  { verb, id, name, department = '', permissions }: AccountArguments,
): Promise<string> {
  if (verb === 'list') return listAll(manage);
  if (id === undefined) throw new Error(`请给出账号\n\n${accountHelp}`);
  switch (verb) {
    case 'add': {
      const given = { name: needed(name, '--name 姓名'), permissions: readPermissions(permissions, known) };
      if (!accountIdSchema.safeParse(id).success) throw new Error('账号只能由文字、数字和 . _ - 组成');
      const { password } = await manage.add(serverActor('administrator'), { id, department, ...given });
      return `已添加账号 ${id}，初始密码 ${password}（只显示这一次，${issuedPasswordDays} 天内登录有效，登录后须改为自己的密码）`;
    }
    case 'permissions':
      await manage.change(serverActor('administrator'), id, {
        permissions: readPermissions(permissions, known),
      });
      return `已改变账号 ${id} 的权限`;
    case 'password': {
      const { password } = await manage.resetPassword(serverActor('administrator'), id);
      return `账号 ${id} 的新密码 ${password}（只显示这一次，${issuedPasswordDays} 天内登录有效，登录后须改为自己的密码），原来的登录已失效`;
    }
    case 'disable':
      await manage.disable(serverActor('administrator'), id);
      return `账号 ${id} 已停用`;
    case 'enable':
      await manage.enable(serverActor('administrator'), id);
      return `账号 ${id} 已恢复`;
    case undefined:
    default:
      throw new Error(accountHelp);
  }
}

async function listAll(manage: ReturnType<typeof createManageAccounts>): Promise<string> {
  const { accounts } = await manage.list(serverActor('administrator'));
  if (accounts.length === 0) return '还没有账号';
  return accounts
    .map(({ id, name, department, permissions, disabledAt, passwordIssuedAt }) =>
      [
        id,
        name,
        department || '（全部）',
        permissions.join(','),
        disabledAt ? '已停用' : passwordIssuedAt ? '初始密码未改' : '',
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`缺少 ${what}`);
  return value;
}

function readPermissions(text: string | undefined, known: readonly string[]): string[] {
  const wanted = needed(text, '--permissions 权限').split(',');
  const unknown = wanted.filter((permission) => !known.includes(permission));
  if (unknown.length > 0) throw new Error(`没有权限 ${unknown.join('、')}；可用的权限：${known.join('、')}`);
  return wanted;
}

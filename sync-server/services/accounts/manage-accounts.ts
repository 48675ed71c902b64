import type { Catalogue } from '#domain/catalogue/schema.ts';
import { departmentsNamed, stepPermissions } from '#domain/catalogue/workflow.ts';
import { accountsPermission, allDepartments, fleetPermission } from '#domain/accounts/desk-permissions.ts';
import type { Action } from '#domain/accounts/permissions.ts';
import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type {
  AccountChange,
  AccountList,
  AccountOperation,
  AccountRow,
  IssuedPassword,
  NewAccount,
} from '#domain/contracts/desk/accounts.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountAct, AccountAdministration, Acting } from '../../ports/account-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { issuedUntil, makePassword } from './issue-password.ts';
import type { PasswordHashing } from './password-hashing.ts';

export interface ManageAccountsOptions {
  accounts: AccountAdministration;
  hashing: Pick<PasswordHashing, 'hash'>;
  catalogue: Pick<Catalogue, 'workflows' | 'programmes'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/**
 * Who may use the desk. Every act throws FORBIDDEN for an account without the permission, and ACCOUNT_UNKNOWN; what would
 * leave nobody who may do this throws LAST_ADMINISTRATOR, what would lock oneself out ACCOUNT_OWN, an unknown permission
 * BAD_REQUEST.
 */
export function createManageAccounts({ accounts, hashing, catalogue, clock, log }: ManageAccountsOptions) {
  const known = permissionsOf(catalogue);

  function begin(by: Actor, action: Action): Acting {
    demandAtAll(by, action);
    return { actor: by.account, at: clock.now() };
  }

  async function change(
    by: Actor,
    action: Action,
    id: string,
    decide: (found: AccountRow, acting: Acting) => AccountAct,
  ): Promise<AccountRow> {
    const acting = begin(by, action);
    let actions: readonly string[] = [];
    const changed = await accounts.change(
      id,
      (found, all) => {
        const act = decide(found, acting);
        refuseLockOut(by, { found, all, act });
        refuseOwnGrant(by, found, { ...found, ...act.set });
        actions = act.actions;
        return act;
      },
      acting,
    );
    if (!changed) throw new AppError('ACCOUNT_UNKNOWN', { id });
    log.info({ account: id, by: acting.actor, actions }, 'account changed');
    return changed;
  }

  async function listAll(): Promise<AccountList> {
    const list = await accounts.list();
    const departments = new Set([
      ...catalogue.programmes.flatMap(({ pushFields }) => pushFields.map(({ department }) => department)),
      ...catalogue.workflows.flatMap(departmentsNamed),
      ...list.map(({ department }) => department),
    ]);
    departments.delete('');
    return {
      accounts: list,
      guessing: await accounts.guessing(),
      permissions: known,
      departments: [...departments],
    };
  }

  return {
    async list(by: Actor): Promise<AccountList> {
      begin(by, 'account.list');
      return listAll();
    },

    /** Somebody looked into it. Throws NOT_FOUND where somebody else was first. */
    async acknowledgeGuessing(by: Actor, alarmId: string): Promise<AccountList> {
      if (!(await accounts.acknowledgeGuessing(alarmId, begin(by, 'account.acknowledge'))))
        throw new AppError('NOT_FOUND', { alarmId });
      return listAll();
    },

    /** With its first password. Throws ACCOUNT_TAKEN too. */
    async add(by: Actor, { id, ...rest }: NewAccount): Promise<IssuedPassword> {
      const acting = begin(by, 'account.add');
      const permissions = checkPermissions(rest.permissions, known);
      const password = makePassword();
      const account = { ...rest, id, permissions };
      const passwordHash = await hashing.hash(password);
      const passwordUntil = issuedUntil(acting.at);
      if (!(await accounts.add({ ...account, passwordHash, passwordUntil }, acting)))
        throw new AppError('ACCOUNT_TAKEN', { id });
      log.info({ account: id, by: acting.actor }, 'account added');
      return { account: { ...account, createdAt: acting.at, passwordIssuedAt: acting.at }, password };
    },

    /** Counts at once, also for whoever is signed in. */
    change: (by: Actor, id: string, next: Partial<AccountChange>): Promise<AccountRow> =>
      change(by, 'account.change', id, (found) => {
        const { name = found.name, department = found.department } = next;
        // a permission that the configuration has no more may stay
        const permissions = checkPermissions(next.permissions ?? found.permissions, [
          ...known,
          ...found.permissions,
        ]);
        const differs = {
          'account-name': name !== found.name,
          'account-department': department !== found.department,
          'account-permissions': !isSameSet(permissions, found.permissions),
        };
        const actions = Object.entries(differs).flatMap(([action, isNew]) => (isNew ? [action] : []));
        return { set: { name, department, permissions }, actions, endsSessions: false };
      }),

    /** A new password; the old one and every session of it end. */
    async resetPassword(by: Actor, id: string): Promise<IssuedPassword> {
      const password = makePassword();
      const passwordHash = await hashing.hash(password);
      const account = await change(by, 'account.change', id, (_found, acting) => {
        // one changes one's own knowing the present one (own-password.ts), or another person sees to it
        if (by.account === id) throw new AppError('ACCOUNT_OWN');
        const issuedPassword = { hash: passwordHash, until: issuedUntil(acting.at) };
        return { set: { issuedPassword }, actions: ['account-password'], endsSessions: true };
      });
      return { account, password };
    },

    /** Ends its sessions; the name stays on what was decided. Twice is fine. */
    disable: (by: Actor, id: string): Promise<AccountRow> =>
      change(by, 'account.disable', id, ({ disabledAt }, { at }) => ({
        set: { disabledAt: disabledAt ?? at },
        actions: disabledAt === undefined ? ['account-disabled'] : [],
        endsSessions: true,
      })),

    enable: (by: Actor, id: string): Promise<AccountRow> =>
      change(by, 'account.disable', id, ({ disabledAt }) => ({
        set: { disabledAt: null },
        actions: disabledAt === undefined ? [] : ['account-enabled'],
        endsSessions: false,
      })),

    async operations(by: Actor, id: string): Promise<AccountOperation[]> {
      begin(by, 'account.operations');
      return accounts.operations(id);
    },
  };
}
export type ManageAccounts = ReturnType<typeof createManageAccounts>;

/** Every permission that an account may have: of the workflows' steps, then the desk's own. */
export function permissionsOf({ workflows }: Pick<Catalogue, 'workflows'>): string[] {
  const ofSteps = workflows.flatMap(({ steps }) => steps.flatMap(stepPermissions));
  return [...new Set([...ofSteps, allDepartments, fleetPermission, accountsPermission])];
}

function checkPermissions(wanted: readonly string[], known: readonly string[]): string[] {
  const unknown = wanted.filter((permission) => !known.includes(permission));
  if (unknown.length > 0) throw new AppError('BAD_REQUEST', { at: 'permissions', unknown });
  return [...new Set(wanted)];
}

/** More permissions, or another department's cases, come from another person. */
function refuseOwnGrant(
  by: Actor,
  found: AccountRow,
  next: Pick<AccountRow, 'department' | 'permissions'>,
): void {
  if (by.account !== found.id) return;
  const isMore = next.permissions.some((permission) => !found.permissions.includes(permission));
  if (isMore || next.department !== found.department) throw new AppError('PERMISSION_OWN');
}

/** Whoever could undo it must remain: the one who acts, and at least one in all. */
function refuseLockOut(
  by: Actor,
  { found, all, act }: { found: AccountRow; all: readonly AccountRow[]; act: AccountAct },
): void {
  const isDisabled =
    act.set.disabledAt === undefined ? found.disabledAt !== undefined : act.set.disabledAt !== null;
  const permissions = act.set.permissions ?? found.permissions;
  if (!isAdministrator(found) || (!isDisabled && permissions.includes(accountsPermission))) return;
  if (by.account === found.id) throw new AppError('ACCOUNT_OWN');
  if (!all.some((other) => other.id !== found.id && isAdministrator(other)))
    throw new AppError('LAST_ADMINISTRATOR');
}

const isAdministrator = ({ disabledAt, permissions }: AccountRow): boolean =>
  disabledAt === undefined && permissions.includes(accountsPermission);

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}

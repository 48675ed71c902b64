import type { Catalogue } from '#domain/catalogue/schema.ts';
import { stepPermissions } from '#domain/catalogue/workflow.ts';
import type { AccountRow } from '#domain/contracts/desk/accounts.ts';
import { allDepartments } from '#domain/accounts/desk-permissions.ts';
import { words } from '../locales/zh-CN.ts';

const say = words.accounts;
type Workflows = Pick<Catalogue, 'workflows'> | undefined;

/** 审核（人工形式核验）, 采集站运维; one that nothing asks for any more is shown by its id. */
export function permissionWords(permission: string, catalogue: Workflows): string {
  const own = say.permissions[permission];
  if (own !== undefined) return own;
  const steps = (catalogue?.workflows ?? []).flatMap((workflow) =>
    workflow.steps.filter((step) => stepPermissions(step).includes(permission)).map(({ title }) => title),
  );
  return steps.length === 0 ? permission : say.reviews([...new Set(steps)].join('、'));
}

export const permissionNote = (permission: string): string =>
  say.permissionNotes[permission] ?? say.reviewNote;

/** Whether somebody with these would find no case to work on. */
export function seesNothing({
  department,
  permissions,
}: Pick<AccountRow, 'department' | 'permissions'>): boolean {
  const reviews = permissions.some((permission) => say.permissions[permission] === undefined);
  return reviews && department === '' && !permissions.includes(allDepartments);
}

/** What a person may type into the search. */
export function matchesAccount(account: AccountRow, search: string, catalogue: Workflows): boolean {
  const wanted = search.trim().toLowerCase();
  return [
    account.id,
    account.name,
    account.department,
    account.disabledAt === undefined ? say.active : say.disabled,
    ...account.permissions.map((permission) => permissionWords(permission, catalogue)),
  ].some((text) => text.toLowerCase().includes(wanted));
}

import { expect, it } from 'vitest';
import { nobody, serverActor } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { AccountRow } from '#domain/contracts/desk/accounts.ts';
import type { AccountAdministration } from '../../ports/account-rows.ts';
import { createManageAccounts } from './manage-accounts.ts';

const at = '2026-03-01T08:00:00.000Z';
const catalogue = {
  programmes: [],
  workflows: [
    { id: 'w', title: '核验', steps: [{ id: 's', title: '审核', permission: 'review', decisions: [] }] },
  ],
};

function row(id: string, permissions: string[], change: Partial<AccountRow> = {}): AccountRow {
  return { id, name: `${id}经办`, department: '房建处', permissions, createdAt: at, ...change };
}

const as = ({ id, name, department, permissions }: AccountRow): Actor => ({
  ...nobody,
  ...{ kind: 'staff', account: id, name, department, permissions },
});
const command = serverActor('administrator');

/** Accounts in memory, and what was noted of them: `actor action id`. */
function open(...rows: AccountRow[]) {
  const all = new Map(rows.map((one) => [one.id, one]));
  const noted: string[] = [];
  const ended: string[] = [];
  const accounts: AccountAdministration = {
    list: () => Promise.resolve([...all.values()]),
    add: () => Promise.resolve(false),
    operations: () => Promise.resolve([]),
    guessing: () => Promise.resolve([]),
    acknowledgeGuessing: () => Promise.resolve(true),
    change: async (id, decide, { actor }) => {
      const found = all.get(id);
      if (!found) return undefined;
      const { set, actions, endsSessions } = decide(found, [...all.values()]);
      const { passwordHash: _passwordHash, issuedPassword: _issued, disabledAt, ...plain } = set;
      const next = { ...found, ...plain, disabledAt: disabledAt ?? undefined };
      all.set(id, next);
      noted.push(...actions.map((action) => `${actor} ${action} ${id}`));
      if (endsSessions) ended.push(id);
      return next;
    },
  };
  const manage = createManageAccounts({
    accounts,
    hashing: { hash: () => Promise.resolve('hash') },
    catalogue,
    clock: { now: () => at },
    log: { info: () => undefined },
  });
  return { manage, noted, ended };
}

const chief = row('chief', ['accounts']);
const deputy = row('deputy', ['accounts', 'review']);
const li = row('li', ['review']);
const gone = row('gone', ['accounts'], { disabledAt: at });

it('lets nobody without the permission see or change an account', async () => {
  const { manage, noted } = open(chief, li);
  await expect(manage.list(as(li))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(manage.acknowledgeGuessing(as(li), 'alarm')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(manage.operations(as(li), 'chief')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(manage.enable(as(li), 'li')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(manage.resetPassword(as(li), 'chief')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(manage.change(as(li), 'li', { permissions: ['accounts'] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(noted).toEqual([]);
});

it('lets an administrator neither disable nor demote himself, nor end his own session by a new password', async () => {
  const { manage, noted } = open(row('chief', ['accounts', 'review']), deputy);
  await expect(manage.disable(as(chief), 'chief')).rejects.toMatchObject({ code: 'ACCOUNT_OWN' });
  await expect(manage.change(as(chief), 'chief', { permissions: ['review'] })).rejects.toMatchObject({
    code: 'ACCOUNT_OWN',
  });
  await expect(manage.resetPassword(as(chief), 'chief')).rejects.toMatchObject({ code: 'ACCOUNT_OWN' });
  await manage.change(as(chief), 'chief', { name: '王处', permissions: ['accounts'] });
  expect(noted).toEqual(['chief account-name chief', 'chief account-permissions chief']);
});

it('keeps the last administrator, whoever asks; a disabled one is none', async () => {
  const { manage } = open(chief, deputy, gone);
  await manage.disable(as(chief), 'deputy');
  for (const by of [as(deputy), command]) {
    await expect(manage.disable(by, 'chief')).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    await expect(manage.change(by, 'chief', { permissions: ['review'] })).rejects.toMatchObject({
      code: 'LAST_ADMINISTRATOR',
    });
  }
  await manage.enable(command, 'gone');
  expect(await manage.disable(command, 'chief')).toMatchObject({ disabledAt: at });
});

it('ends the sessions of who is disabled or gets a new password, and of nobody else', async () => {
  const { manage, ended } = open(chief, li, deputy);
  await manage.change(as(chief), 'li', { department: '水利处' });
  await manage.enable(as(chief), 'li');
  expect(ended).toEqual([]);
  expect((await manage.resetPassword(as(chief), 'li')).password).toMatch(/^[a-z2-9]{15}$/);
  await manage.disable(as(chief), 'deputy');
  expect(ended).toEqual(['li', 'deputy']);
});

it('notes what changed and nothing else, and does nothing twice', async () => {
  const { manage, noted } = open(chief, li);
  await manage.change(as(chief), 'li', {
    name: li.name,
    department: '水利处',
    permissions: ['review', 'review'],
  });
  await manage.disable(as(chief), 'li');
  await manage.disable(as(chief), 'li');
  await manage.enable(command, 'li');
  await manage.enable(command, 'li');
  expect(noted).toEqual([
    'chief account-department li',
    'chief account-disabled li',
    'administrator account-enabled li',
  ]);
});

it('refuses a permission that nothing asks for, and lets one stay that the configuration has no more', async () => {
  const { manage } = open(chief, row('old', ['approve']));
  await expect(manage.change(as(chief), 'old', { permissions: ['everything'] })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect(await manage.change(as(chief), 'old', { permissions: ['approve', 'review'] })).toMatchObject({
    permissions: ['approve', 'review'],
  });
  await expect(manage.change(as(chief), 'nobody', {})).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
  expect((await manage.list(as(chief))).permissions).toEqual([
    'review',
    'all-departments',
    'fleet',
    'accounts',
  ]);
});

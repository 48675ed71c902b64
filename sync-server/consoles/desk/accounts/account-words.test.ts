import { expect, it } from 'vitest';
import type { AccountRow } from '#domain/contracts/desk/accounts.ts';
import { matchesAccount, permissionWords, seesNothing } from './account-words.ts';

const step = { id: 's', title: '人工形式核验', permission: 'review', decisions: [] };
const catalogue = { workflows: [{ id: 'w', title: '推送核验', steps: [step] }] };
const account: AccountRow = {
  id: 'li',
  name: '李工',
  department: '房建处',
  permissions: ['review'],
  createdAt: '2026-03-01T08:00:00.000Z',
};

it('names a permission by the steps it is for, the desk’s own by their words, and an unknown one by its id', () => {
  expect(permissionWords('review', catalogue)).toBe('审核（人工形式核验）');
  expect(permissionWords('fleet', catalogue)).toBe('采集站运维');
  expect(permissionWords('approve', catalogue)).toBe('approve');
  expect(permissionWords('review', undefined)).toBe('review');
});

it('finds an account by what stands in its row', () => {
  for (const search of ['LI', '李', '房建', '形式核验', '正常', ' '])
    expect([search, matchesAccount(account, search, catalogue)]).toEqual([search, true]);
  for (const search of ['水利', '停用', '运维'])
    expect([search, matchesAccount(account, search, catalogue)]).toEqual([search, false]);
});

it('knows who would find no case: a reviewer of no department', () => {
  expect(seesNothing({ department: '', permissions: ['review'] })).toBe(true);
  expect(seesNothing({ department: '', permissions: ['review', 'all-departments'] })).toBe(false);
  expect(seesNothing({ department: '', permissions: ['fleet', 'accounts'] })).toBe(false);
  expect(seesNothing(account)).toBe(false);
});

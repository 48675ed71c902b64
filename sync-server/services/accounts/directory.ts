import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Action } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { directoryPageSize } from '#domain/contracts/desk/directory.ts';
import type {
  DirectoryPage,
  DirectoryQuery,
  DirectoryRow,
  PersonalField,
} from '#domain/contracts/desk/directory.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber, maskMobile } from '#domain/text/masking.ts';
import type { Acting } from '../../ports/account-rows.ts';
import type { DirectoryRows } from '../../ports/directory-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { issuedUntil, makePassword } from './issue-password.ts';
import type { PasswordHashing } from './password-hashing.ts';

/** 账号查询, 冻结, 解冻: what whoever looks after accounts does with those of every kind. */
export function createDirectory({
  rows,
  hashing,
  clock,
  log,
}: {
  rows: DirectoryRows;
  hashing: Pick<PasswordHashing, 'hash'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}) {
  function begin(actor: Actor, action: Action): Acting {
    demandAtAll(actor, action);
    return { actor: actor.account, at: clock.now() };
  }

  async function read(id: string): Promise<DirectoryRow> {
    const found = await rows.find(id);
    if (!found) throw new AppError('ACCOUNT_UNKNOWN', { id });
    return masked(found);
  }

  return {
    async search(actor: Actor, query: DirectoryQuery): Promise<DirectoryPage> {
      begin(actor, 'account.search');
      const { accounts, total } = await rows.search({ ...query, pageSize: directoryPageSize });
      return { accounts: accounts.map(masked), total };
    },

    /** Throws ACCOUNT_UNKNOWN, ACCOUNT_OWN. Twice is fine: the first reason stays. */
    async freeze(actor: Actor, id: string, why: { reason: string; note: string }): Promise<DirectoryRow> {
      const acting = begin(actor, 'account.freeze');
      if (actor.account === id) throw new AppError('ACCOUNT_OWN');
      await read(id);
      if (await rows.freeze(id, why, acting)) log.info({ account: id, by: acting.actor }, 'account frozen');
      return read(id);
    },

    /** Throws ACCOUNT_UNKNOWN. Twice is fine. */
    async thaw(actor: Actor, id: string, why: { reason: string }): Promise<DirectoryRow> {
      const acting = begin(actor, 'account.thaw');
      await read(id);
      if (await rows.thaw(id, why, acting)) log.info({ account: id, by: acting.actor }, 'account thawed');
      return read(id);
    },

    /** Shown once; good for choosing another one within some days. Throws ACCOUNT_UNKNOWN for any but a registrant's. */
    async resetPassword(
      actor: Actor,
      id: string,
      { reason }: { reason: string },
    ): Promise<{ password: string }> {
      const acting = begin(actor, 'account.reset-password');
      const password = makePassword();
      const issued = { hash: await hashing.hash(password), until: issuedUntil(acting.at), reason };
      if (!(await rows.issuePassword(id, issued, acting))) throw new AppError('ACCOUNT_UNKNOWN', { id });
      log.info({ account: id, by: acting.actor }, 'password of a registrant reset');
      return { password };
    },

    /** One value, whole, and a line of the log that says who saw it and why. Throws NOT_FOUND where there is none. */
    async unmask(
      actor: Actor,
      id: string,
      { field, reason }: { field: PersonalField; reason: string },
    ): Promise<{ value: string }> {
      const value = await rows.unmask(id, field, { reason }, begin(actor, 'account.unmask'));
      if (value === undefined) throw new AppError('NOT_FOUND', { account: id, field });
      return { value };
    },
  };
}
export type Directory = ReturnType<typeof createDirectory>;

const masked = ({ idNumber, mobile, ...row }: DirectoryRow): DirectoryRow => ({
  ...row,
  ...(idNumber === undefined ? {} : { idNumber: maskIdNumber(idNumber) }),
  ...(mobile === undefined ? {} : { mobile: maskMobile(mobile) }),
});

import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { isCreditCode } from '#domain/fields/check-digits.ts';
import type { OperatorRows } from '../../ports/operator-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { issuedUntil, makePassword } from './issue-password.ts';
import type { PasswordHashing } from './password-hashing.ts';

export interface MainAccountsOptions {
  rows: Pick<OperatorRows, 'addMain'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** Organisations' own accounts, which look after their operators. */
export function createMainAccounts({ rows, hashing, clock, log }: MainAccountsOptions) {
  return {
    /** With the first password. Throws FIELD_INVALID for a wrong code; ACCOUNT_TAKEN for the id, or where it has such an account. */
    async open(
      actor: Actor,
      { id, name, creditCode }: { id: string; name: string; creditCode: string },
    ): Promise<{ password: string }> {
      demandAtAll(actor, 'organisation.open');
      if (!isCreditCode(creditCode)) throw new AppError('FIELD_INVALID', { at: 'creditCode' });
      const password = makePassword();
      const at = clock.now();
      const secret = { passwordHash: await hashing.hash(password), passwordUntil: issuedUntil(at) };
      if (!(await rows.addMain({ id, name, creditCode, ...secret }, { actor: actor.account, at })))
        throw new AppError('ACCOUNT_TAKEN', { id });
      log.info({ account: id, by: actor.account }, 'account of an organisation added');
      return { password };
    },
  };
}

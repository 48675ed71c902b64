import { accountRoutes } from '#domain/contracts/desk/accounts.ts';
import type { Announcements } from '../services/announcements.ts';
import type { ManageAccounts } from '../services/accounts/manage-accounts.ts';
import type { Serve } from './serve.ts';

/** 账号管理. */
export function addAccountRoutes(
  serve: Serve,
  { manage, announcements }: { manage: ManageAccounts; announcements: Pick<Announcements, 'announce'> },
): void {
  /** Whoever is signed in as that account and may not any more, or has other rights now, hears no further events by the old ones. */
  const told = async <T>(accountId: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    announcements.announce({ type: 'account', accountId });
    return done;
  };

  serve(accountRoutes.accounts, ({ actor }) => manage.list(actor));
  serve(accountRoutes.addAccount, ({ actor, body }) => told(body.id, manage.add(actor, body)));
  serve(accountRoutes.changeAccount, ({ actor, params: { id }, body }) =>
    told(id, manage.change(actor, id, body)),
  );
  serve(accountRoutes.resetPassword, ({ actor, params: { id } }) =>
    told(id, manage.resetPassword(actor, id)),
  );
  serve(accountRoutes.disableAccount, ({ actor, params: { id }, body }) =>
    told(id, body.isDisabled ? manage.disable(actor, id) : manage.enable(actor, id)),
  );
  serve(accountRoutes.acknowledgeGuessing, ({ actor, params }) =>
    manage.acknowledgeGuessing(actor, params.id),
  );
  serve(accountRoutes.accountOperations, ({ actor, params }) => manage.operations(actor, params.id));
}

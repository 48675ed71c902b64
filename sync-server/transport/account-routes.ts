import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { accountRoutes } from '#domain/contracts/desk/accounts.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { DeskAccounts } from '../services/desk-accounts.ts';
import type { Announcements } from '../services/announcements.ts';
import type { ManageAccounts } from '../services/manage-accounts.ts';
import { readToken } from './desk-routes.ts';
import { parseInput } from './http-server.ts';

/** The command took any id once: what is there must remain within reach. */
const idSchema = z.object({ id: z.string().min(1).max(64) });

/** 账号管理, as domain/contracts/desk/accounts.ts has it. */
export function addAccountRoutes(
  app: FastifyInstance,
  {
    accounts,
    manage,
    announcements,
  }: {
    accounts: DeskAccounts;
    manage: ManageAccounts;
    announcements: Pick<Announcements, 'announce'>;
  },
): void {
  const routes = accountRoutes;
  const whoIs = (request: FastifyRequest): Promise<Actor> => accounts.whoIs(readToken(request));
  /** Whoever is signed in as that account and may not any more, or has other rights now, hears no further events by the old ones. */
  const told = async <T>(id: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    announcements.announce({ type: 'account', accountId: id });
    return done;
  };
  const idOf = (request: FastifyRequest): string => parseInput(idSchema, request.params).id;

  app.get(routes.accounts.path, async (request) => manage.list(await whoIs(request)));
  app.post(routes.addAccount.path, async (request) =>
    manage.add(await whoIs(request), parseInput(routes.addAccount.request, request.body)),
  );
  app.put(routes.changeAccount.path, async (request) =>
    told(
      idOf(request),
      manage.change(
        await whoIs(request),
        idOf(request),
        parseInput(routes.changeAccount.request, request.body),
      ),
    ),
  );
  app.post(routes.resetPassword.path, async (request) =>
    told(idOf(request), manage.resetPassword(await whoIs(request), idOf(request))),
  );
  app.put(routes.disableAccount.path, async (request) => {
    const by = await whoIs(request);
    const { isDisabled } = parseInput(routes.disableAccount.request, request.body);
    const id = idOf(request);
    return told(id, isDisabled ? manage.disable(by, id) : manage.enable(by, id));
  });
  app.put(routes.acknowledgeGuessing.path, async (request) =>
    manage.acknowledgeGuessing(await whoIs(request), idOf(request)),
  );
  app.get(routes.accountOperations.path, async (request) =>
    manage.operations(await whoIs(request), idOf(request)),
  );
}

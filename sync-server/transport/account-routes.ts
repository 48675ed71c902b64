import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { accountRoutes } from '#domain/contracts/console-accounts.ts';
import type { AccountView } from '#domain/contracts/console-server.ts';
import type { DeskAccounts } from '../services/desk-accounts.ts';
import type { ManageAccounts } from '../services/manage-accounts.ts';
import { readToken } from './desk-routes.ts';
import { parseInput } from './http-server.ts';

/** The command took any id once: what is there must remain within reach. */
const idSchema = z.object({ id: z.string().min(1).max(64) });

/** 账号管理, as domain/contracts/console-accounts.ts has it. */
export function addAccountRoutes(
  app: FastifyInstance,
  { accounts, manage }: { accounts: DeskAccounts; manage: ManageAccounts },
): void {
  const routes = accountRoutes;
  const whoIs = (request: FastifyRequest): Promise<AccountView> => accounts.whoIs(readToken(request));
  const idOf = (request: FastifyRequest): string => parseInput(idSchema, request.params).id;

  app.get(routes.accounts.path, async (request) => manage.list(await whoIs(request)));
  app.post(routes.addAccount.path, async (request) =>
    manage.add(await whoIs(request), parseInput(routes.addAccount.request, request.body)),
  );
  app.put(routes.changeAccount.path, async (request) =>
    manage.change(
      await whoIs(request),
      idOf(request),
      parseInput(routes.changeAccount.request, request.body),
    ),
  );
  app.post(routes.resetPassword.path, async (request) =>
    manage.resetPassword(await whoIs(request), idOf(request)),
  );
  app.put(routes.disableAccount.path, async (request) => {
    const by = await whoIs(request);
    const { isDisabled } = parseInput(routes.disableAccount.request, request.body);
    return isDisabled ? manage.disable(by, idOf(request)) : manage.enable(by, idOf(request));
  });
  app.put(routes.acknowledgeGuessing.path, async (request) =>
    manage.acknowledgeGuessing(await whoIs(request), idOf(request)),
  );
  app.get(routes.accountOperations.path, async (request) =>
    manage.operations(await whoIs(request), idOf(request)),
  );
}

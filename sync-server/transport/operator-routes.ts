import { operatorRoutes } from '#domain/contracts/desk/operators.ts';
import type { Operators } from '../services/accounts/operators.ts';
import type { Sessions } from '../services/accounts/sessions.ts';
import type { Announcements } from '../services/announcements.ts';
import { readToken } from './cookies.ts';
import type { Serve } from './serve.ts';

export interface OperatorServices {
  operators: Operators;
  sessions: Pick<Sessions, 'find' | 'list' | 'end'>;
  announcements: Pick<Announcements, 'announce'>;
}

/** 操作员管理, and the sessions of whoever is signed in. */
export function addOperatorRoutes(
  serve: Serve,
  { operators, sessions, announcements }: OperatorServices,
): void {
  /** Streams that are open look again at once whether they may go on. */
  const tell = (accountId: string): void => announcements.announce({ type: 'account', accountId });

  serve(operatorRoutes.operators, ({ actor }) => operators.list(actor));
  serve(operatorRoutes.addOperator, ({ actor, body }) => operators.add(actor, body));
  serve(operatorRoutes.operator, ({ actor, params }) => operators.read(actor, params.id));
  serve(operatorRoutes.changeOperator, async ({ actor, params, body }) => {
    const changed = await operators.change(actor, params.id, body);
    tell(changed.id);
    return changed;
  });
  serve(operatorRoutes.removeOperator, async ({ actor, params }) => {
    const removed = await operators.remove(actor, params.id);
    tell(removed.id);
    return removed;
  });
  serve(operatorRoutes.renewOperatorPassword, async ({ actor, params, body }) => {
    const renewed = await operators.renewPassword(actor, params.id, body.programme);
    tell(renewed.id);
    return renewed;
  });

  serve(operatorRoutes.sessions, async ({ actor, request }) => {
    const { id } = await sessions.find(readToken(request));
    return sessions.list(actor, { own: id, account: actor.account });
  });
  serve(operatorRoutes.accountSessions, async ({ actor, request, params }) => {
    const { id } = await sessions.find(readToken(request));
    return sessions.list(actor, { own: id, account: params.id });
  });
  serve(operatorRoutes.endSession, async ({ actor, params }) => {
    tell(await sessions.end(actor, params.id));
    return {};
  });
}

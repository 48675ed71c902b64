import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#domain/accounts/schema.ts';
import type { DeskAccounts } from '../services/accounts/desk-accounts.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { putCookie, readToken, sessionCookie } from './cookies.ts';

/** By the cookie; whoever's rights have changed gets another one with the answer. */
export const createWhoAsks =
  ({ accounts }: { accounts: Pick<DeskAccounts, 'whoAsks'> }) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<Actor> => {
    const answer = request.routeOptions.config.contract?.answer ?? {};
    // a stream writes its own head: a cookie would be lost with it, and the session
    const { actor, token } = await accounts.whoAsks(readToken(request), { mayRenew: !('events' in answer) });
    if (token !== undefined) putCookie(reply, sessionCookie, token, sessionMs / 1000);
    return actor;
  };

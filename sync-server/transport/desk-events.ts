import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { serverRoutes } from '#domain/contracts/console-server.ts';
import type { AccountView } from '#domain/contracts/console-server.ts';
import type { Announcements } from '../services/announcements.ts';
import type { DeskAccounts } from '../services/desk-accounts.ts';
import { readToken } from './desk-routes.ts';

export interface DeskEventsOptions {
  accounts: DeskAccounts;
  announcements: Announcements;
  maySee: (account: AccountView, department: string) => boolean;
}

const heartbeatMs = 20_000;

/** Server-sent events to the desks: hints to refresh. The session is asked again with every heartbeat. */
export function addDeskEvents(
  app: FastifyInstance,
  { accounts, announcements, maySee }: DeskEventsOptions,
): void {
  const streams = new Set<ServerResponse>();

  app.get(serverRoutes.events.path, async (request, reply) => {
    const token = readToken(request);
    const account = await accounts.whoIs(token);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    stream.write(': here\n\n');
    streams.add(stream);

    const stopListening = announcements.listen((announcement) => {
      if (!('caseId' in announcement) || !maySee(account, announcement.department)) return;
      const { type, caseId } = announcement;
      stream.write(`event: ${type}\ndata: ${JSON.stringify({ type, caseId })}\n\n`);
    });
    const heartbeat = setInterval(() => {
      accounts.whoIs(token).then(
        () => stream.write(': here\n\n'),
        () => stream.end(),
      );
    }, heartbeatMs);
    stream.on('close', () => {
      clearInterval(heartbeat);
      stopListening();
      streams.delete(stream);
    });
  });

  // an open stream would keep the server from closing
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });
}

import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Announcements } from '../services/announcements.ts';
import type { DeskAccounts } from '../services/accounts/desk-accounts.ts';
import { readToken } from './cookies.ts';
import type { Serve } from './serve.ts';

export interface DeskEventsOptions {
  accounts: Pick<DeskAccounts, 'whoIs'>;
  announcements: Announcements;
  maySee: (actor: Actor, department: string) => boolean;
}

const heartbeatMs = 5_000;

/** Server-sent events to the desks: hints to refresh. The session is asked again before every hint and with every heartbeat, and a stream ends with it. */
export function addDeskEvents(
  app: FastifyInstance,
  serve: Serve,
  { accounts, announcements, maySee }: DeskEventsOptions,
): void {
  const streams = new Set<ServerResponse>();

  serve(deskRoutes.events, ({ actor: account, request, reply }) => {
    const token = readToken(request);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    stream.write(': here\n\n');
    streams.add(stream);

    const ask = async (): Promise<Actor | undefined> => {
      try {
        return await accounts.whoIs(token);
      } catch {
        stream.end();
        return undefined;
      }
    };
    const stopListening = announcements.listen((announcement) => {
      if (announcement.type === 'account' && announcement.accountId === account.account) void ask();
      if (!('caseId' in announcement)) return;
      const { type, caseId, department } = announcement;
      // asked again each time: a session may have been ended, or rights changed, by a command or another process
      void ask().then((now) => {
        if (now && maySee(now, department) && !stream.writableEnded)
          stream.write(`event: ${type}\ndata: ${JSON.stringify({ type, caseId })}\n\n`);
      });
    });
    const heartbeat = setInterval(() => {
      void ask().then((now) => now && !stream.writableEnded && stream.write(': here\n\n'));
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

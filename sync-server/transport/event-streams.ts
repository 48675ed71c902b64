import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#domain/accounts/schema.ts';
import type { DeskAccounts } from '../services/accounts/desk-accounts.ts';
import type { Announcement, Announcements } from '../services/announcements.ts';
import { readToken } from './cookies.ts';

const heartbeatMs = 5_000;
/** Of a hundred changes in a moment a page hears once. */
const gatherMs = 100;

export interface EventStreamsOptions {
  accounts: Pick<DeskAccounts, 'whoIs'>;
  announcements: Pick<Announcements, 'listen'>;
}

export interface OpeningStream {
  actor: Actor;
  request: FastifyRequest;
  reply: FastifyReply;
  /** What of an announcement may be for this page; undefined: nothing. */
  eventOf: (announcement: Announcement) => { type: string } | undefined;
  /** Whether whoever is signed in now may hear of it. */
  mayHear: (now: Actor, announcement: Announcement) => boolean | Promise<boolean>;
}

/** Server-sent events to pages: hints to refresh. The session is asked again before every hint and with every heartbeat, and a stream ends with it. */
export function createEventStreams(
  app: FastifyInstance,
  { accounts, announcements }: EventStreamsOptions,
): (opening: OpeningStream) => void {
  const streams = new Set<ServerResponse>();
  // an open stream would keep the server from closing
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  return ({ actor, request, reply, eventOf, mayHear }) => {
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
    const gathered = new Map<string, { event: { type: string }; of: Announcement[] }>();
    const hint = async (key: string): Promise<void> => {
      const { event, of } = gathered.get(key) ?? { of: [] };
      gathered.delete(key);
      if (!event) return;
      // asked again each time: a session may have been ended, or rights changed, by a command or another process
      const now = await ask();
      if (!now) return;
      for (const announcement of of) {
        if (!(await mayHear(now, announcement))) continue;
        if (!stream.writableEnded) stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        return;
      }
    };
    const stopListening = announcements.listen((announcement) => {
      if (announcement.type === 'account' && announcement.accountId === actor.account) void ask();
      const event = eventOf(announcement);
      if (!event) return;
      const key = JSON.stringify(event);
      const waiting = gathered.get(key);
      if (waiting) {
        waiting.of.push(announcement);
        return;
      }
      gathered.set(key, { event, of: [announcement] });
      setTimeout(() => void hint(key).catch(() => stream.end()), gatherMs);
    });
    const heartbeat = setInterval(() => {
      void ask().then((now) => now && !stream.writableEnded && stream.write(': here\n\n'));
    }, heartbeatMs);
    stream.on('close', () => {
      clearInterval(heartbeat);
      stopListening();
      streams.delete(stream);
    });
  };
}
export type OpenEventStream = ReturnType<typeof createEventStreams>;

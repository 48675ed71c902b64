import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import type { StoredRegistration } from '../ports/registration-rows.ts';
import type { Announcements } from '../services/announcements.ts';
import type { RegistrationView } from '../services/registrations/registration-view.ts';
import type { Serve } from './serve.ts';

export interface RegistrationEventsOptions {
  /** Throws REGISTRATION_GONE. */
  find: (request: FastifyRequest) => Promise<StoredRegistration>;
  views: Pick<RegistrationView, 'caseOf'>;
  announcements: Pick<Announcements, 'listen'>;
}

const heartbeatMs = 5_000;
/** Browsers open one each; more are somebody who holds connections. */
const maxStreamsOfOne = 8;

/** A hint to the page that waits: its registration went on. The token is asked again with each, and a stream ends with it. */
export function addRegistrationEvents(
  app: FastifyInstance,
  serve: Serve,
  { find, views, announcements }: RegistrationEventsOptions,
): void {
  const streams = new Map<ServerResponse, string>();

  serve(registrationRoutes.registrationEvents, async ({ request, reply }) => {
    const { id } = await find(request);
    const own = [...streams].filter(([, one]) => one === id);
    if (own.length >= maxStreamsOfOne) own[0]?.[0].end();
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    stream.write(': here\n\n');
    streams.set(stream, id);

    const ask = async (): Promise<StoredRegistration | undefined> => {
      try {
        const found = await find(request);
        return found.id === id && !stream.writableEnded ? found : undefined;
      } catch {
        stream.end();
        return undefined;
      }
    };
    const tellOf = async (caseId: string): Promise<void> => {
      const found = await ask();
      if (found?.recordId === undefined) return;
      if ((await views.caseOf(found.recordId))?.case.id !== caseId) return;
      stream.write(
        `event: registration-changed\ndata: ${JSON.stringify({ type: 'registration-changed' })}\n\n`,
      );
    };
    const stopListening = announcements.listen((announcement) => {
      if ('caseId' in announcement) void tellOf(announcement.caseId).catch(() => stream.end());
    });
    const heartbeat = setInterval(() => {
      void ask().then((found) => found && stream.write(': here\n\n'));
    }, heartbeatMs);
    stream.on('close', () => {
      clearInterval(heartbeat);
      stopListening();
      streams.delete(stream);
    });
  });

  // an open stream would keep the server from closing
  app.addHook('preClose', async () => {
    for (const stream of streams.keys()) stream.end();
  });
}

import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { Events } from '../services/events.ts';
import type { Sessions } from '../services/login/session.ts';
import type { Serve } from './serve.ts';

export interface EventServices {
  events: Pick<Events, 'subscribe'>;
  sessions: Pick<Sessions, 'current'>;
}

const heartbeatMs = 15_000;

/** Server-sent events. What is about a subject goes only to the page where that one is logged in. */
export function addEventRoute(serve: Serve, { events, sessions }: EventServices): void {
  serve(agentRoutes.events, ({ request, reply }) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    raw.write(': open\n\n');
    const heartbeat = setInterval(() => raw.write(': alive\n\n'), heartbeatMs);
    const stop = events.subscribe((event, of) => {
      if (of === undefined || of === sessions.current()?.subject.creditCode)
        raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    });
    request.raw.socket.once('close', () => {
      clearInterval(heartbeat);
      stop();
      raw.end();
    });
  });
}

import type { FastifyInstance } from 'fastify';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { cookieOf } from './page-sessions.ts';
import type { PageSessions } from './page-sessions.ts';

/** The one route that a page without a session may call. */
export function addOpeningRoute(
  app: FastifyInstance,
  { pages, port }: { pages: PageSessions; port: () => number },
): void {
  app.post(agentRoutes.open.path, { bodyLimit: 1024 }, async (request, reply) => {
    const token = pages.exchange(agentRoutes.open.request.parse(request.body).code);
    if (token === undefined) throw new AppError('PAGE_NOT_OPENED');
    void reply.header('set-cookie', cookieOf(port(), token));
    return {};
  });
}

import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { cookieOf } from './page-sessions.ts';
import type { PageSessions } from './page-sessions.ts';
import type { Serve } from './serve.ts';

/** The one route that a page without a session may call. */
export function addOpeningRoute(
  serve: Serve,
  { pages, port }: { pages: PageSessions; port: () => number },
): void {
  serve(agentRoutes.open, ({ body, reply }) => {
    const token = pages.exchange(body.code);
    if (token === undefined) throw new AppError('PAGE_NOT_OPENED');
    void reply.header('set-cookie', cookieOf(port(), token));
    return {};
  });
}

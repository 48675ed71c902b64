import type { Catalogue } from '#domain/catalogue/schema.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import type { PeopleLogins } from '../services/login/people.ts';
import type { Sessions } from '../services/login/session.ts';
import type { Serve } from './serve.ts';

export interface SessionServices {
  sessions: Pick<Sessions, 'tokens' | 'login' | 'changePin' | 'proveAgain' | 'chooseRole' | 'logout'>;
  people: PeopleLogins;
  station: () => Station;
  catalogue: Catalogue;
  /** When the first of the drafts of who is logged in will be deleted; undefined where there is none. */
  draftsKeptUntil: () => string | undefined;
}

export function addSessionRoutes(
  serve: Serve,
  { sessions, people, station, catalogue, draftsKeptUntil }: SessionServices,
): void {
  serve(agentRoutes.station, () => station());
  serve(agentRoutes.catalogue, () => catalogue);
  serve(agentRoutes.tokens, ({ signal }) => sessions.tokens(signal));
  serve(agentRoutes.login, ({ body, signal }) => sessions.login({ ...body, signal }));
  serve(agentRoutes.loginByCard, ({ body, signal }) => people.loginByCard({ ...body, signal }));
  serve(agentRoutes.presentAssistant, ({ body, signal }) => people.presentAssistant({ ...body, signal }));
  serve(agentRoutes.loginAssisted, ({ body, signal }) => people.loginAssisted({ ...body, signal }));
  serve(agentRoutes.proveSubject, ({ body }) => {
    sessions.proveAgain(body.pin);
    return {};
  });
  serve(agentRoutes.changePin, async ({ body, signal }) => {
    await sessions.changePin({ ...body, signal });
    return {};
  });
  serve(agentRoutes.role, ({ body }) => sessions.chooseRole(body.role));
  serve(agentRoutes.logout, () => {
    const until = draftsKeptUntil();
    sessions.logout('logout');
    return until === undefined ? {} : { draftsKeptUntil: until };
  });
}

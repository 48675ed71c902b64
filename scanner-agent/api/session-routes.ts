import type { FastifyInstance, FastifyRequest } from 'fastify';
import { agentRoutes, loginRequestSchema, roleRequestSchema } from '#domain/contracts/kiosk-agent.ts';
import type { Services } from './services.ts';

export function addSessionRoutes(app: FastifyInstance, { sessions, station, catalogue }: Services): void {
  app.get(agentRoutes.station.path, async () => station());
  app.get(agentRoutes.catalogue.path, async () => catalogue);
  app.get(agentRoutes.tokens.path, async (request) => sessions.tokens(hungUp(request)));
  app.post(agentRoutes.login.path, async (request) =>
    sessions.login({ ...loginRequestSchema.parse(request.body), signal: hungUp(request) }),
  );
  app.put(agentRoutes.role.path, async (request) =>
    sessions.chooseRole(roleRequestSchema.parse(request.body).role),
  );
  app.delete(agentRoutes.logout.path, async () => {
    sessions.logout('logout');
    return {};
  });
}

/** Aborted when the page goes away before it is answered. */
export function hungUp(request: FastifyRequest): AbortSignal {
  const abort = new AbortController();
  request.raw.socket.once('close', () => abort.abort());
  return abort.signal;
}

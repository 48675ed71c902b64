import type { FastifyInstance, FastifyReply } from 'fastify';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import {
  changePinRequestSchema,
  loginRequestSchema,
  roleRequestSchema,
} from '#domain/contracts/kiosk/session.ts';
import type { Services } from './services.ts';

export function addSessionRoutes(
  app: FastifyInstance,
  { sessions, station, catalogue, draftsKeptUntil }: Services,
): void {
  app.get(agentRoutes.station.path, async () => station());
  app.get(agentRoutes.catalogue.path, async () => catalogue);
  app.get(agentRoutes.tokens.path, async (_request, reply) => sessions.tokens(hungUp(reply)));
  app.post(agentRoutes.login.path, async (request, reply) =>
    sessions.login({ ...loginRequestSchema.parse(request.body), signal: hungUp(reply) }),
  );
  app.put(agentRoutes.changePin.path, async (request, reply) => {
    await sessions.changePin({ ...changePinRequestSchema.parse(request.body), signal: hungUp(reply) });
    return {};
  });
  app.put(agentRoutes.role.path, async (request) =>
    sessions.chooseRole(roleRequestSchema.parse(request.body).role),
  );
  app.delete(agentRoutes.logout.path, async () => {
    const until = draftsKeptUntil();
    sessions.logout('logout');
    return until === undefined ? {} : { draftsKeptUntil: until };
  });
}

/** Aborted when the page goes away before it is answered (after the answer it no longer matters). */
export function hungUp(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort());
  return abort.signal;
}

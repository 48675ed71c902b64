/**
 * How a route of the contracts is answered: who may is asked before a byte of the body is read, what came is parsed, the handler
 * runs, its answer leaves. Nothing else registers a route but the console's files; the guard refuses to start with one.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#domain/accounts/schema.ts';
import { readRequest } from '#domain/contracts/read-request.ts';
import type { Answer, Request, Route, ServerPermission } from '#domain/contracts/route.ts';
import { asking } from '../ports/asking.ts';
import { actorOf } from './route-access.ts';

type ServerRoute = Route<ServerPermission>;

export type Asked<R extends ServerRoute> = Request<R> & {
  /** `nobody` where the route is for whoever comes and nobody is signed in. */
  readonly actor: Actor;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

export type Serve = <R extends ServerRoute>(
  route: R,
  handle: (asked: Asked<R>) => Promise<Answer<R>> | Answer<R>,
) => void;

/** After `demandPermission`, which asks. */
export function createServe(app: FastifyInstance): Serve {
  return (route, handle) => {
    app.route({
      method: route.method,
      url: route.path,
      config: { contract: route },
      exposeHeadRoute: !('events' in route.answer),
      handler: async (request, reply) => {
        const actor = actorOf(request);
        const from = { address: request.ip, device: request.headers['user-agent'] ?? '' };
        const asked = { ...readRequest(route, request), actor, request, reply };
        const answer: unknown = await asking.run({ actor, ...from }, async () => handle(asked));
        if (reply.sent) return reply;
        if (!('bytes' in route.answer)) return answer;
        if (!(answer instanceof Uint8Array)) throw new TypeError(`${route.path} answers bytes`);
        if (!reply.hasHeader('content-type')) void reply.header('content-type', route.answer.bytes);
        return reply
          .header('content-disposition', 'inline')
          .header('cross-origin-resource-policy', 'same-origin')
          .header('content-security-policy', "frame-ancestors 'self'")
          .send(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
      },
    });
  };
}

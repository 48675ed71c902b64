/**
 * How a route of the contracts is answered: who may is asked before a byte of the body is read, what came is parsed, the handler
 * runs, its answer leaves. Nothing else registers a route but the page's files; the guard refuses to start with one.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readParams, readRequest } from '#domain/contracts/read-request.ts';
import { isFileBody } from '#domain/contracts/route.ts';
import type { Answer, KioskPermission, Request, Route } from '#domain/contracts/route.ts';

type KioskRoute = Route<KioskPermission>;

export type Asked<R extends KioskRoute> = Request<R> & {
  /** Aborted when the page goes away before it is answered; after the answer it no longer matters. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** Throws what the request would be refused with, before its body is read. */
export type Before<R extends KioskRoute> = (
  asked: Pick<Request<R>, 'params'> & Pick<Asked<R>, 'request' | 'reply'>,
) => void;

export type Serve = <R extends KioskRoute>(
  route: R,
  handle: (asked: Asked<R>) => Promise<Answer<R>> | Answer<R>,
  options?: { before?: Before<R> },
) => void;

/** `ask` throws where the caller has not what the permission asks for; the guard has made sure of the page before. */
export function createServe(app: FastifyInstance, ask: (permission: KioskPermission) => void): Serve {
  return (route, handle, { before } = {}) => {
    app.route({
      method: route.method,
      url: route.path,
      config: { contract: route },
      exposeHeadRoute: !('events' in route.answer),
      ...(isFileBody(route.body) ? { bodyLimit: route.body.maxBytes } : {}),
      onRequest: async (request, reply) => {
        ask(route.permission);
        before?.({ params: readParams(route, request.params), request, reply });
      },
      handler: async (request, reply) => {
        const signal = hungUp(reply);
        const answer: unknown = await handle({ ...readRequest(route, request), signal, request, reply });
        if (reply.sent) return reply;
        if (!('bytes' in route.answer)) return answer;
        if (!(answer instanceof Uint8Array)) throw new TypeError(`${route.path} answers bytes`);
        const { buffer, byteOffset, byteLength } = answer;
        return reply.type(route.answer.bytes).send(Buffer.from(buffer, byteOffset, byteLength));
      },
    });
  };
}

function hungUp(reply: FastifyReply): AbortSignal {
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort());
  return abort.signal;
}

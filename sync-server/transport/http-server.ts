import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ulid } from 'ulid';
import type { z } from 'zod';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { Log } from '../ports/surroundings.ts';
import type { CallerAddresses } from './caller-address.ts';

const bodyLimit = 256 * 1024;

export interface HttpOptions {
  log: Log;
  host: string;
  /** PEM; without it plain HTTP. */
  tls: { cert: string; key: string } | undefined;
  /** Origin (scheme, name, port) that browsers use; undefined: the listening address itself. */
  publicOrigin: string | undefined;
  /** Proxies of ours: of what they tell of the caller the first address that is none of them counts. */
  callers: Pick<CallerAddresses, 'isTrusted'>;
}

/** A Fastify that speaks the error table and refuses what other pages send. */
export function createHttpServer({ log, host, tls, publicOrigin, callers }: HttpOptions): FastifyInstance {
  const boot = ulid();
  let requests = 0;
  const app = Fastify({
    logger: false,
    serverFactory: (handler) =>
      tls ? createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, handler) : createPlainServer(handler),
    bodyLimit,
    forceCloseConnections: true,
    // made for every page that comes: one of chance and a count, not a new one each
    genReqId: () => `${boot}-${(requests += 1)}`,
    // behind a proxy every caller would look like one: its header is believed only where the proxy is declared
    trustProxy: (address) => callers.isTrusted(address),
  });

  app.addHook('onRequest', async (request) =>
    checkOrigin(request, { host, publicOrigin, scheme: tls ? 'https' : 'http' }),
  );
  app.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error, request, reply) => {
    const expected = asExpected(error);
    const traceId = request.id;
    if (expected)
      log.warn({ traceId, code: expected.code, route: request.routeOptions.url }, 'request refused');
    else log.error({ traceId, error, route: request.routeOptions.url }, 'request failed');
    const wire = toWireError(expected ?? error, traceId);
    const retryAfterMs = expected?.details['retryAfterMs'];
    if (typeof retryAfterMs === 'number')
      void reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    return reply.status(errorTable[wire.code].status).send(wire);
  });
  return app;
}

/** The parsed body, query or parameters. Throws BAD_REQUEST with the path of the first fault, VALUE_TOO_LONG with the limit. */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.') ?? '';
    if (issue?.code === 'too_big' && issue.origin === 'string')
      throw new AppError('VALUE_TOO_LONG', { at, maxLength: issue.maximum });
    throw new AppError('BAD_REQUEST', { at });
  }
  return parsed.data;
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * A browser names the page that asks in Origin. A page of another origin may not ask, and on loopback a foreign name in
 * Host is refused too: DNS rebinding would make such a page look like our own.
 */
function checkOrigin(
  request: FastifyRequest,
  { host, publicOrigin, scheme }: Pick<HttpOptions, 'host' | 'publicOrigin'> & { scheme: string },
): void {
  const own = publicOrigin ?? `${scheme}://${request.headers.host ?? ''}`;
  if (publicOrigin === undefined && isLoopback(host)) {
    const { hostname } = parseUrl(own) ?? {};
    if (hostname === undefined || !loopbackNames.has(hostname)) throw new AppError('FOREIGN_ORIGIN');
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== own) throw new AppError('FOREIGN_ORIGIN');
}

export const isLoopback = (host: string): boolean => loopbackNames.has(host) || host === '::1';

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Fastify's own refusals, in the words of the table. */
function asExpected(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status >= 500) return undefined;
  const code: ErrorCode = status === 413 ? 'FILE_TOO_LARGE' : status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST';
  return new AppError(code, {}, { cause: error });
}

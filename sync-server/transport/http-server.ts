import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ulid } from 'ulid';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { uploadPath } from '#domain/sync/schema.ts';
import type { Log } from '../ports/surroundings.ts';
import { databaseFailure } from '../services/database-failure.ts';
import { limitKeyOf, withoutMapping } from '../services/accounts/limit-key.ts';
import { createRefusalLog } from '../services/refusal-log.ts';
import { addFront } from './front.ts';
import type { CallerAddresses } from './caller-address.ts';

const bodyLimit = 256 * 1024;

/** Whoever connects says something soon, and says it to the end; a page may take as long as the slowest line needs. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 20 * 60_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
} as const;
const handshakeTimeout = 10_000;
const connectionLimit = 10_000;
/** Of one address that is no proxy of ours: a hall of stations and its clerks. */
const maxOfOneAddress = 1_000;
/** A body has so long, and its length at the slowest rate. */
const bodyMs = 20_000;
const minBytesPerMs = 4;

export interface HttpOptions {
  log: Log;
  host: string;
  /** PEM; without it plain HTTP. */
  tls: { cert: string; key: string } | undefined;
  /** Origin (scheme, name, port) that browsers use; undefined: the listening address itself. */
  publicOrigin: string | undefined;
  /** Browsers reach it over TLS, its own or a proxy's. */
  isSecure: boolean;
  /** Where the station program of a caller's own computer listens. */
  stationProgram: string;
  /** Proxies of ours: of what they tell of the caller the first address that is none of them counts. */
  callers: Pick<CallerAddresses, 'isTrusted'>;
}

/** A Fastify that speaks the error table and refuses what other pages send. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { log, host, tls, publicOrigin, isSecure, stationProgram, callers } = options;
  const refusals = createRefusalLog(log);
  const boot = ulid();
  let requests = 0;
  const app = Fastify({
    logger: false,
    serverFactory: (handler) =>
      tls
        ? createTlsServer({ ...tls, ...timeouts, handshakeTimeout, minVersion: 'TLSv1.2' }, handler)
        : createPlainServer(timeouts, handler),
    requestTimeout: timeouts.requestTimeout,
    keepAliveTimeout: timeouts.keepAliveTimeout,
    bodyLimit,
    forceCloseConnections: true,
    // made for every page that comes: one of chance and a count, not a new one each
    genReqId: () => `${boot}-${(requests += 1)}`,
    // behind a proxy every caller would look like one: its header is believed only where the proxy is declared
    trustProxy: (address) => callers.isTrusted(address),
  });

  limitConnections(app.server, callers);
  await addFront(app, { isSecure, stationProgram });
  app.addHook('onRequest', async ({ raw }) => limitBody(raw));
  app.addHook('onRequest', async (request) =>
    checkOrigin(request, { host, publicOrigin, scheme: tls ? 'https' : 'http' }),
  );
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
  app.addHook('onClose', async () => refusals.flush());
  app.setErrorHandler((error, request, reply) => {
    const expected = asExpected(error, request.url);
    const traceId = request.id;
    if (expected)
      refusals.refused(
        'request refused',
        { code: expected.code, route: request.routeOptions.url },
        { traceId },
      );
    else log.error({ traceId, error, route: request.routeOptions.url }, 'request failed');
    const wire = toWireError(expected ?? error, traceId);
    const retryAfterMs = expected?.details['retryAfterMs'];
    if (typeof retryAfterMs === 'number')
      void reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)));
    return reply.status(errorTable[wire.code].status).send(wire);
  });
  return app;
}

/** A body that comes drop by drop holds its connection no longer than the slowest line would. */
function limitBody(raw: IncomingMessage): void {
  const { 'content-length': length, 'transfer-encoding': coding } = raw.headers;
  if (length === undefined && coding === undefined) return;
  const patience = bodyMs + Math.min(Number(length ?? 0) || 0, 8 * 1024 * 1024) / minBytesPerMs;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, patience);
  raw.once('close', () => clearTimeout(timer));
}

/** Nobody alone takes all connections; on this machine and behind our proxies one address stands for many. */
function limitConnections(server: NetServer, { isTrusted }: HttpOptions['callers']): void {
  server.maxConnections = connectionLimit;
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isTrusted(address) || isLoopback(withoutMapping(address))) return;
    const key = limitKeyOf(address);
    const count = (counts.get(key) ?? 0) + 1;
    if (count > maxOfOneAddress) {
      socket.destroy();
      return;
    }
    counts.set(key, count);
    socket.once('close', () => {
      const left = (counts.get(key) ?? 1) - 1;
      if (left === 0) counts.delete(key);
      else counts.set(key, left);
    });
  });
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
function asExpected(error: unknown, url: string): AppError | undefined {
  if (error instanceof AppError) return error;
  const ofDatabase = databaseFailure(error);
  // stations of every version know this one, and wait
  if (ofDatabase && url.startsWith(uploadPath)) return new AppError('SERVER_BUSY', ofDatabase.details);
  if (ofDatabase) return ofDatabase;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status >= 500) return undefined;
  const code: ErrorCode = status === 413 ? 'FILE_TOO_LARGE' : status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST';
  return new AppError(code, {}, { cause: error });
}

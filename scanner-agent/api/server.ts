/** The agent's HTTP face: the routes of domain/contracts/kiosk, events, and the kiosk's page itself. */
import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import { maxUploadBytes } from '#domain/contracts/kiosk/pages.ts';
import type { LogError } from '../ports/log.ts';
import { guard, serveFiles } from './guard.ts';
import type { RegisteredRoute } from './guard.ts';
import { addBrowserLoginRoutes } from './browser-login-routes.ts';
import { addDeviceRoutes } from './device-routes.ts';
import { addEventRoute } from './event-route.ts';
import { addOpeningRoute } from './opening-route.ts';
import { tokenOf } from './page-sessions.ts';
import type { PageSessions } from './page-sessions.ts';
import { addAttachmentRoutes } from './attachment-routes.ts';
import { addPageRoutes, addRecordRoutes, addSealRoutes } from './record-routes.ts';
import { createRefusalLog } from './refusal-log.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { createServe } from './serve.ts';
import { addSessionRoutes } from './session-routes.ts';
import type { Services } from './services.ts';
import { createUploadDoor } from './upload-door.ts';

export interface ApiOptions {
  services: Services;
  pages: PageSessions;
  /** The port listened at; the page may be opened under 127.0.0.1 and localhost. */
  port: () => number;
  /** Folder of the built kiosk page. */
  pageFolder: string;
  logError: LogError;
  logWarning: (message: string, context: Record<string, unknown>) => void;
}

const maxJsonBytes = 1 << 20;

const pageHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

export interface Api {
  app: FastifyInstance;
  routes: () => RegisteredRoute[];
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const { pages, port } = options;
  const app = Fastify({
    logger: false,
    // of what is no file: the largest form is far below it, and parsing much JSON takes many times its size
    bodyLimit: maxJsonBytes,
    requestTimeout: 120_000,
    forceCloseConnections: true,
  });
  const refusals = createRefusalLog(options.logWarning);
  app.addHook('onClose', async () => refusals.close());
  const routes = guard(app, {
    hosts: () => [`127.0.0.1:${port()}`, `localhost:${port()}`],
    isPage: (request) => {
      const token = tokenOf(request, port());
      return token !== undefined && pages.isToken(token);
    },
    serverOrigins: options.services.browserLogin.serverOrigins,
    onRefused: refusals.refused,
  });
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(pageHeaders))
      if (!reply.hasHeader(name)) reply.header(name, value);
  });
  app.setErrorHandler(async (error, request, reply) => {
    const traceId = randomUUID();
    const expected = asExpected(error, request.routeOptions.bodyLimit);
    if (!expected) options.logError(error, { traceId });
    const wire = toWireError(expected ?? error, traceId);
    return reply.status(errorTable[wire.code].status).send(wire);
  });
  // Files come as they are, whatever type the browser gives them; JSON keeps its own parser.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const { services } = options;
  const serve = createServe(app, (permission) => {
    // of the page itself the guard has made sure
    if (permission === 'subject' && !services.isLoggedIn()) throw new AppError('UNAUTHENTICATED');
  });
  const door = createUploadDoor({ inWork: services.filesInWork });
  addOpeningRoute(serve, { pages, port });
  addSessionRoutes(serve, services.session);
  addRecordRoutes(serve, services.records);
  addPageRoutes(serve, { ...services.pages, door });
  addAttachmentRoutes(serve, { ...services.attachments, door });
  addSealRoutes(serve, services.seals);
  addDeviceRoutes(serve, services.devices);
  addBatchRoutes(serve, { ...services.batches, door });
  addEventRoute(serve, services.events);
  addBrowserLoginRoutes(serve, services.browserLogin);
  // A route for each file that is there, and none for anything else.
  if (existsSync(options.pageFolder))
    await serveFiles(app, async (scope) => {
      await scope.register(fastifyStatic, { root: options.pageFolder, wildcard: false });
    });
  app.setNotFoundHandler(async () => {
    throw new AppError('NOT_FOUND');
  });
  return { app, routes };
}

/** Failures of the framework, in the words of the table. */
function asExpected(error: unknown, bodyLimit: number | undefined): AppError | undefined {
  if (error instanceof AppError) return error;
  // The page left before it was answered.
  if (error instanceof Error && error.name === 'AbortError') return new AppError('CANCELLED');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return bodyLimit === maxUploadBytes
      ? new AppError('FILE_TOO_LARGE', { maxBytes: maxUploadBytes })
      : new AppError('VALUE_TOO_LONG', { maxBytes: bodyLimit });
  if (typeof code === 'string' && (code.startsWith('FST_ERR_CTP') || code === 'FST_ERR_BAD_URL'))
    return new AppError('BAD_REQUEST', { code });
  return undefined;
}

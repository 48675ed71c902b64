/**
 * Who may talk to the agent: only its own page, with the token of its session. A route's contract says who may call it, never
 * its text: what the router makes of an address is the router's affair alone. What no route answers needs the token too.
 *
 * The agent listens on loopback alone; the Host check keeps a page of the wide net from reaching it under another name
 * (DNS rebinding), the checks of Origin and Sec-Fetch-Site keep pages of other ports on this machine out: to a browser
 * they are the same site, so that it sends them our cookie.
 */
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from 'fastify';
import { isOfKiosk } from '#domain/contracts/route.ts';
import type { KioskPermission, Route } from '#domain/contracts/route.ts';
import { AppError } from '#domain/errors/app-error.ts';

/** Without a contract only the page itself is served, which has no secret in it. */
export type RouteAccess = 'file' | KioskPermission;

declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: Route;
    isFile?: true;
  }
}

export interface RegisteredRoute {
  method: string;
  path: string;
  access: RouteAccess | undefined;
}

export interface GuardOptions {
  /** Hosts under which the page may be opened, e.g. `127.0.0.1:8710`. Read at each request: port 0 is known late. */
  hosts: () => readonly string[];
  /** The request carries the token of a session that was opened with a code. */
  isPage: (request: FastifyRequest) => boolean;
  /** Where pages of the server at which this station is enrolled come from; none while it is not. */
  serverOrigins: () => readonly string[];
  onRefused: (details: { reason: string; origin: string }) => void;
}

/** Before any route. Answers a list of all that is registered by then; a route without a contract that is no file fails the start. */
export function guard(app: FastifyInstance, options: GuardOptions): () => RegisteredRoute[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', async () => {
    for (const { method, url, config } of routes)
      if (!accessOf(config)) throw new Error(`${String(method)} ${url} has no contract`);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (isOfBrowserLogin(request)) return letBrowserIn(request, reply, options);
    const reason = whyRefused(request, options);
    if (!reason) return;
    options.onRefused({ reason, origin: request.headers.origin ?? '' });
    throw new AppError(reason === 'token' ? 'PAGE_NOT_OPENED' : 'FOREIGN_ORIGIN');
  });
  return () =>
    routes.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({ method: one, path: url, access: accessOf(config) })),
    );
}

/** What `add` registers are the files of the page. */
export async function serveFiles(
  app: FastifyInstance,
  add: (scope: FastifyInstance) => Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, isFile: true };
    });
    await add(scope);
  });
}

function accessOf(config: FastifyContextConfig | undefined): RouteAccess | undefined {
  if (config?.isFile) return 'file';
  const permission = config?.contract?.permission;
  return permission !== undefined && isOfKiosk(permission) ? permission : undefined;
}

type Refusal = 'host' | 'origin' | 'token';

function whyRefused(request: FastifyRequest, { hosts, isPage }: GuardOptions): Refusal | undefined {
  const own = hosts();
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  if (!own.includes(host ?? '')) return 'host';
  if (origin !== undefined && origin !== `http://${host}`) return 'origin';
  const access = request.is404 ? undefined : accessOf(request.routeOptions.config);
  if (access === 'file') return undefined;
  // Only what a browser adds says so: a picture or a link in a page of another port has no Origin.
  if (site !== undefined && site !== 'same-origin') return 'origin';
  if (access === 'opening' || isPage(request)) return undefined;
  return 'token';
}

/** By its contract; or the browser's question whether it may ask, which no route answers. */
const isOfBrowserLogin = ({ method, url, is404, routeOptions }: FastifyRequest): boolean =>
  is404
    ? method === 'OPTIONS' && url.startsWith('/api/browser-login/')
    : accessOf(routeOptions.config) === 'browser-login';

/**
 * A page of the server in a browser of this computer: of exactly one of its origins, which the browser itself names, and no session of
 * ours. A browser asks first whether a page of the net may speak to this machine (Private Network Access, CORS).
 */
function letBrowserIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { hosts, serverOrigins, onRefused }: GuardOptions,
): FastifyReply | undefined {
  const { host = '', origin } = request.headers;
  if (!hosts().includes(host) || origin === undefined || !serverOrigins().includes(origin)) {
    onRefused({ reason: 'origin', origin: origin ?? '' });
    throw new AppError('FOREIGN_ORIGIN');
  }
  void reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
  if (request.method !== 'OPTIONS') return undefined;
  return reply
    .header('access-control-allow-methods', 'GET, POST')
    .header('access-control-allow-headers', 'content-type')
    .header('access-control-allow-private-network', 'true')
    .header('access-control-max-age', '60')
    .status(204)
    .send();
}

/**
 * Who may call a route is said where it is registered; a route that says nothing needs somebody who is signed in. How an
 * address is spelt decides nothing: the router has found the route by then.
 */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';

/** public: whoever comes. session: who is signed in, also with a password that must be changed first. bearer: a program with a secret of its own, which the route itself asks for. */
export type RouteAccess = 'public' | 'account' | 'session' | 'bearer';

declare module 'fastify' {
  interface FastifyContextConfig {
    callers?: RouteAccess;
  }
}

export interface RegisteredRoute {
  method: string;
  path: string;
  access: RouteAccess;
}

/** For the options of a route. */
export const forPublic: { config: { callers: RouteAccess } } = { config: { callers: 'public' } };
export const forSession: { config: { callers: RouteAccess } } = { config: { callers: 'session' } };
export const forBearer: { config: { callers: RouteAccess } } = { config: { callers: 'bearer' } };

/** Before any route. Answers a list of what is registered by then. */
export function demandSession(
  app: FastifyInstance,
  options: Record<'askAccount' | 'askSession', (request: FastifyRequest) => Promise<unknown>>,
): () => RegisteredRoute[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onRequest', async (request) => {
    // what no route answers has nothing to give
    const { callers = 'account' } = request.routeOptions.config;
    if (request.is404 || (callers !== 'account' && callers !== 'session')) return;
    refuseOtherSites(request);
    await (callers === 'session' ? options.askSession(request) : options.askAccount(request));
  });
  return () =>
    routes.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({ method: one, path: url, access: config?.callers ?? 'account' })),
    );
}

/**
 * A picture or a link in a page of another port or subdomain has no Origin, and a browser sends our cookie with it: to it they
 * are the same site. It says itself where the request comes from; `none` is the address line.
 */
function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('FOREIGN_ORIGIN');
}

/** All routes that `add` registers are for whoever comes. */
export async function openToPublic(
  app: FastifyInstance,
  add: (scope: FastifyInstance) => Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...forPublic.config };
    });
    await add(scope);
  });
}

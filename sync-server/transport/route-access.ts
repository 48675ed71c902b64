/**
 * Who may call a route is said by its contract, and asked here before its body is read. How an address is spelt decides nothing:
 * the router has found the route by then. What may be done with a certain thing is asked where the thing is at hand.
 */
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteOptions,
} from 'fastify';
import { mayAtAll } from '#domain/accounts/permissions.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { isOfServer, serverPermissions } from '#domain/contracts/route.ts';
import type { Route, ServerPermission } from '#domain/contracts/route.ts';
import { AppError } from '#domain/errors/app-error.ts';

/** Without a contract only the console's files are served. */
export type RouteAccess = 'file' | ServerPermission;

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

const actors = new WeakMap<FastifyRequest, Actor>();

/** Who asks, as `demandPermission` found: `nobody` where nobody is signed in. */
export const actorOf = (request: FastifyRequest): Actor => actors.get(request) ?? nobody;

export interface PermissionOptions {
  /** `nobody` where nobody is signed in. */
  whoAsks: (request: FastifyRequest, reply: FastifyReply) => Promise<Actor>;
  /** Throws where the caller does not show what the permission asks for. */
  askOfNoAccount: Record<OfNoAccount, (request: FastifyRequest) => Promise<void>>;
}

/** Before any route. Answers a list of what is registered by then; a route without a contract that is no file fails the start. */
export function demandPermission(app: FastifyInstance, options: PermissionOptions): () => RegisteredRoute[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', async () => {
    for (const { method, url, config } of routes)
      if (!accessOf(config)) throw new Error(`${String(method)} ${url} has no contract`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const permission = accessOf(request.routeOptions.config);
    // what no route answers has nothing to give
    if (request.is404 || permission === undefined || permission === 'file' || permission === 'public') return;
    if (isOfNoAccount(permission)) return options.askOfNoAccount[permission](request);
    if (!isPublic(permission)) refuseOtherSites(request);
    const actor = await options.whoAsks(request, reply);
    actors.set(request, actor);
    const answer = mayAtAll(actor, permission);
    // whether a thing is there for this actor is said where the thing is at hand
    if (!answer.allowed && answer.reason !== 'NOT_FOUND') throw new AppError(answer.reason);
  });
  return () =>
    routes.flatMap(({ method, url, config }) =>
      [method].flat().map((one) => ({ method: one, path: url, access: accessOf(config) })),
    );
}

/** Whoever comes may. */
export const isPublic = (permission: ServerPermission): boolean =>
  permission === 'public' || (!isOfNoAccount(permission) && mayAtAll(nobody, permission).allowed);

type OfNoAccount = Exclude<(typeof serverPermissions)[number], 'public'>;
const isOfNoAccount = (permission: ServerPermission): permission is OfNoAccount =>
  permission !== 'public' && serverPermissions.some((one) => one === permission);

function accessOf(config: FastifyContextConfig | undefined): RouteAccess | undefined {
  if (config?.isFile) return 'file';
  const permission = config?.contract?.permission;
  return permission !== undefined && isOfServer(permission) ? permission : undefined;
}

/**
 * A picture or a link in a page of another port or subdomain has no Origin, and a browser sends our cookie with it: to it they
 * are the same site. It says itself where the request comes from; `none` is the address line.
 */
function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('FOREIGN_ORIGIN');
}

/** What `add` registers are files of the console. */
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

/** What stands before every route: the headers of every answer, the cookies of every request, and how often one address may ask. */
import type { IncomingMessage } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';
import { isOfServer } from '#domain/contracts/route.ts';
import { withoutMapping } from '../services/accounts/limit-key.ts';
import { isPublic } from './route-access.ts';

/** Nothing is inlined, nothing comes from elsewhere, and no other page shows ours. Answers that are no page have no use of it. */
const directives = {
  'default-src': ["'none'"],
  'script-src': ["'self'", ofCodePage],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'font-src': ["'self'", 'data:'],
  // a spoken code, fetched by the page
  'media-src': ['blob:'],
  'frame-src': ["'self'"],
  'worker-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** The page that finds codes in pictures does so in WebAssembly, and no other page may. */
function ofCodePage({ url = '' }: IncomingMessage): string {
  return /^\/m\/scan(\/|$|\?)/.test(url) ? "'wasm-unsafe-eval'" : '';
}

const windowMs = 60_000;
/** Of one address in that time: a hall of clerks, with pages that refresh themselves. */
const maxRequests = 3_000;
/** What whoever comes may send: to sign in, to register with what is saved while it is typed, to enrol a station. */
const maxPublicWrites = 300;
const maxAddresses = 20_000;

/** Before any route and any other hook. Behind proxies of ours the caller's address counts; this machine itself has no limit. */
export async function addFront(
  app: FastifyInstance,
  { isSecure, stationProgram }: { isSecure: boolean; stationProgram: string },
): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        ...directives,
        // pages with CA登录 reach the key through the station program of their computer
        'connect-src': [
          "'self'",
          ({ url = '' }: IncomingMessage) =>
            /^\/(user-centre|portal)(\/|$|\?)/.test(url) ? stationProgram : '',
        ],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // pages of ours show files of ours
    xFrameOptions: { action: 'sameorigin' },
    // a plain line must not promise it
    strictTransportSecurity: isSecure ? { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false } : false,
  });
  app.decorate('hasSecureCookies', isSecure);
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, { global: false, cache: maxAddresses });
  const all = app.createRateLimit({ max: maxRequests, timeWindow: windowMs });
  const publicWrites = app.createRateLimit({ max: maxPublicWrites, timeWindow: windowMs });
  app.addHook('onRequest', async (request) => {
    if (isOfThisMachine(request.ip)) return;
    refuseTooMany(await all(request));
    if (isPublicWrite(request)) refuseTooMany(await publicWrites(request));
  });
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function refuseTooMany(counted: Counted): void {
  if (!counted.isAllowed && counted.isExceeded)
    throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: counted.ttl });
}

function isPublicWrite({ method, routeOptions }: FastifyRequest): boolean {
  const permission = routeOptions.config.contract?.permission;
  const isWrite = method !== 'GET' && method !== 'HEAD';
  return isWrite && permission !== undefined && isOfServer(permission) && isPublic(permission);
}

const isOfThisMachine = (address: string): boolean => /^(127\.|::1$)/.test(withoutMapping(address));

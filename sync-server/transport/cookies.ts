/** Cookies of the pages: no script reads them, and no page of another site makes the browser send them. */
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The pages are reached over TLS: cookies go over nothing else. */
    hasSecureCookies: boolean;
  }
}

/** Of whoever is signed in. */
export const sessionCookie = 'ludeng-desk';

export const readToken = (request: FastifyRequest): string | undefined => readCookie(request, sessionCookie);

export function readCookie(request: FastifyRequest, name: string): string | undefined {
  const value = request.cookies[fullName(request.server, name)];
  return value === '' ? undefined : value;
}

/** Empty and with no time to live: it is taken away. */
export function putCookie(reply: FastifyReply, name: string, value: string, maxAgeS: number): void {
  void reply.setCookie(fullName(reply.server, name), value, {
    ...{ path: '/', httpOnly: true, sameSite: 'strict', maxAge: maxAgeS },
    secure: reply.server.hasSecureCookies,
  });
}

/**
 * RFC 6265bis 4.1.3.2: a browser takes a cookie of that name over TLS and for this host alone, so that no other host of the domain
 * and nobody on a plain line plants a session.
 */
const fullName = ({ hasSecureCookies }: { hasSecureCookies: boolean }, name: string): string =>
  hasSecureCookies ? `__Host-${name}` : name;

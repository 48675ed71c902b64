import type { FastifyRequest } from 'fastify';

/** Of the desk's session. */
export const sessionCookie = 'ludeng-desk';

export const readToken = (request: FastifyRequest): string | undefined => readCookie(request, sessionCookie);

export function readCookie(request: FastifyRequest, wanted: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === wanted && value) return value;
  }
  return undefined;
}

/** No script reads it, and no page of another site makes the browser send it; `isSecure`: over TLS only. */
export function makeCookie(name: string, value: string, maxAgeS: number, isSecure: boolean): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeS}`];
  if (isSecure) attributes.push('Secure');
  return [`${name}=${value}`, ...attributes].join('; ');
}

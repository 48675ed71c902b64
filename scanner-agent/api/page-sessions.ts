/**
 * The page is opened with a code that works once; it is exchanged for the token of a session, which the browser keeps where
 * no script and no other program's command line shows it. Both are kept here as digests only, and end with the agent.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** More windows than a counter has; the ones opened first are forgotten. */
const maxCodes = 20;
const maxSessions = 50;

export interface PageSessions {
  /** `livesMs`: without it the code stays good until it is used. */
  makeCode(options?: { livesMs?: number }): string;
  /** The token of a new session; undefined when the code is unknown, was used, or is too old. */
  exchange(code: string): string | undefined;
  isToken(token: string): boolean;
}

export function createPageSessions(options: { nowMs: () => number }): PageSessions {
  const codes = new Map<string, { untilMs: number }>();
  const tokens = new Set<string>();
  return {
    makeCode({ livesMs = Infinity } = {}) {
      const code = randomBytes(24).toString('base64url');
      codes.set(digestOf(code), { untilMs: options.nowMs() + livesMs });
      forgetFirst(codes, maxCodes);
      return code;
    },
    exchange(code) {
      const digest = digestOf(code);
      const made = codes.get(digest);
      codes.delete(digest);
      if (!made || made.untilMs < options.nowMs()) return undefined;
      const token = randomBytes(32).toString('base64url');
      tokens.add(digestOf(token));
      forgetFirst(tokens, maxSessions);
      return token;
    },
    isToken: (token) => tokens.has(digestOf(token)),
  };
}

/** A cookie belongs to a host whatever the port: two stations of one machine must not take each other's away. */
export const cookieName = (port: number): string => `ludeng-page-${port}`;

/** Gone with the browser; no script reads it, and no page of another site makes the browser send it. */
export function cookieOf(port: number, token: string): string {
  return `${cookieName(port)}=${token}; Path=/api; HttpOnly; SameSite=Strict`;
}

export function tokenOf(request: FastifyRequest, port: number): string | undefined {
  const prefix = `${cookieName(port)}=`;
  return (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix))
    ?.slice(prefix.length);
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64');

function forgetFirst(kept: Map<string, unknown> | Set<string>, max: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= max) return;
    kept.delete(key);
  }
}

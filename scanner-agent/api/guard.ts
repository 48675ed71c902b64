/**
 * Who may talk to the agent: only its own page, with the token of this start. The agent listens on loopback alone;
 * the Host check keeps a page of the wide net from reaching it under another name (DNS rebinding).
 */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';

export interface GuardOptions {
  token: string;
  /** Hosts under which the page may be opened, e.g. `127.0.0.1:8710`. Read at each request: port 0 is known late. */
  hosts: () => readonly string[];
  onRefused: (details: { reason: string; origin: string }) => void;
}

export function guard(app: FastifyInstance, options: GuardOptions): void {
  app.addHook('onRequest', async (request) => {
    const hosts = options.hosts();
    const origin = request.headers.origin;
    if (!hosts.includes(request.headers.host ?? '')) {
      options.onRefused({ reason: 'host', origin: origin ?? '' });
      throw new AppError('FOREIGN_ORIGIN');
    }
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      options.onRefused({ reason: 'origin', origin });
      throw new AppError('FOREIGN_ORIGIN');
    }
    if (isApi(request) && !matches(offeredToken(request), options.token)) {
      options.onRefused({ reason: 'token', origin: origin ?? '' });
      throw new AppError('FOREIGN_ORIGIN');
    }
  });
}

function isApi(request: FastifyRequest): boolean {
  return new URL(request.url, 'http://agent').pathname.startsWith('/api/');
}

/** An EventSource and an <img> cannot set headers, so that GET may carry the token in its query. */
function offeredToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header?.startsWith('Bearer ')) return header.slice('Bearer '.length);
  const query = new URL(request.url, 'http://agent').searchParams.get('token');
  return request.method === 'GET' ? (query ?? '') : '';
}

function matches(offered: string, expected: string): boolean {
  const left = Buffer.from(offered);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

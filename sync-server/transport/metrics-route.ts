import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { healthRoutes } from '#domain/contracts/public/health.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Metrics } from '../metrics.ts';
import type { Serve } from './serve.ts';

export function addMetricsRoute(serve: Serve, metrics: Pick<Metrics, 'contentType' | 'page'>): void {
  serve(healthRoutes.metrics, async ({ reply }) => {
    void reply.header('content-type', metrics.contentType);
    return Buffer.from(await metrics.page());
  });
}

/** Who shows the token; otherwise UNAUTHENTICATED. Without a token in the settings nobody does. */
export function askToken(token: string | undefined): (request: FastifyRequest) => Promise<void> {
  const expected = token === undefined ? undefined : digestOf(`Bearer ${token}`);
  return async ({ headers }) => {
    if (!expected || !timingSafeEqual(digestOf(headers.authorization ?? ''), expected))
      throw new AppError('UNAUTHENTICATED');
  };
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

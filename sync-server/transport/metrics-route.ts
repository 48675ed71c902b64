import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';
import { forBearer } from './route-access.ts';
import type { Metrics } from '../metrics.ts';

/** GET /metrics in Prometheus' text format, for the bearer of `token`. Otherwise UNAUTHENTICATED. */
export function addMetricsRoute(
  app: FastifyInstance,
  { metrics, token }: { metrics: Pick<Metrics, 'contentType' | 'page'>; token: string },
): void {
  const expected = digestOf(`Bearer ${token}`);
  app.get('/metrics', forBearer, async (request, reply) => {
    if (!timingSafeEqual(digestOf(request.headers.authorization ?? ''), expected))
      throw new AppError('UNAUTHENTICATED');
    return reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.page());
  });
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

import type { FastifyInstance } from 'fastify';
import { forPublic } from './route-access.ts';
import type { Log } from '../ports/surroundings.ts';

export interface HealthOptions {
  /** By name; each throws when its part cannot serve now. */
  checks: Record<string, () => Promise<unknown>>;
  isDraining: () => boolean;
  log: Log;
}

const maxMs = 5_000;

/** /healthz: the process lives. /readyz: it can serve; 503 while a store does not answer, and from the moment it is to stop. */
export function addHealthRoutes(app: FastifyInstance, { checks, isDraining, log }: HealthOptions): void {
  app.get('/healthz', forPublic, () => ({ ok: true }));

  app.get('/readyz', forPublic, async (_request, reply) => {
    const failed: string[] = isDraining() ? ['draining'] : [];
    await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const late = AbortSignal.timeout(maxMs);
        try {
          await Promise.race([
            check(),
            new Promise((_resolve, reject) =>
              late.addEventListener('abort', () => reject(new Error('no answer'))),
            ),
          ]);
        } catch (error) {
          failed.push(name);
          log.error({ error, part: name }, 'not ready');
        }
      }),
    );
    return reply.status(failed.length === 0 ? 200 : 503).send({ ok: failed.length === 0, failed });
  });
}

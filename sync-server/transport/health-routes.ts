import { healthRoutes } from '#domain/contracts/public/health.ts';
import type { Log } from '../ports/surroundings.ts';
import type { Serve } from './serve.ts';

export interface HealthOptions {
  /** By name; each throws when its part cannot serve now. */
  checks: Record<string, () => Promise<unknown>>;
  isDraining: () => boolean;
  log: Log;
}

const maxMs = 5_000;

/** /healthz: the process lives. /readyz: it can serve; 503 while a store does not answer, and from the moment it is to stop. */
export function addHealthRoutes(serve: Serve, { checks, isDraining, log }: HealthOptions): void {
  serve(healthRoutes.health, () => ({ ok: true }));

  serve(healthRoutes.readiness, async ({ reply }) => {
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
    void reply.status(failed.length === 0 ? 200 : 503);
    return { ok: failed.length === 0, failed };
  });
}

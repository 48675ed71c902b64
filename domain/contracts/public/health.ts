/** What the machines around the server ask. */
import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import type { ServerRoutes } from '../route.ts';

export const healthRoutes = {
  /** The process lives. */
  health: { method: 'GET', path: '/healthz', permission: 'public', answer: z.object({ ok: z.boolean() }) },
  /** It can serve; 503 while a store does not answer, and from the moment it is to stop. */
  readiness: {
    method: 'GET',
    path: '/readyz',
    permission: 'public',
    answer: z.object({
      ok: z.boolean(),
      failed: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
    }),
  },
  /** In Prometheus' text format. */
  metrics: {
    method: 'GET',
    path: '/metrics',
    permission: 'metrics',
    answer: { bytes: 'text/plain; version=0.0.4; charset=utf-8' },
  },
} as const satisfies ServerRoutes;

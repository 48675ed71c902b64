/** Pages of version 2 of the line: streamed, for a session that was opened over /ctl; see domain/sync/schema.ts. */
import { z } from 'zod';
import { sha256Schema } from '../../primitives.ts';
import { chunkAnswerSchema, uploadPath } from '../../sync/schema.ts';
import type { ServerRoutes } from '../route.ts';

export const uploadRoutes = {
  upload: {
    method: 'PUT',
    path: `${uploadPath}/:sha`,
    permission: 'station',
    params: z.object({ sha: sha256Schema }),
    query: z.object({
      off: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    }),
    body: { stream: 'application/octet-stream' },
    answer: chunkAnswerSchema,
  },
} as const satisfies ServerRoutes;

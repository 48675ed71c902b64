/** A draft that was begun at a portal: opened here by its code, and given back. */
import { z } from 'zod';
import { draftCodeSchema } from '../../record/draft-code.ts';
import { recordSchema } from '../../record/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { recordParams } from './params.ts';

/** A still of the camera, as small as a code needs. */
export const maxStillBytes = 4 * 1024 * 1024;

export const carriedDraftRoutes = {
  /** As it was typed, by a person or by a scanner. The person acts as what the draft was begun as from then on. */
  openDraft: {
    method: 'POST',
    path: '/api/drafts',
    permission: 'subject',
    body: z.object({ code: z.string().min(1).max(100) }),
    answer: recordSchema,
  },
  /** The code in a picture of the camera; none where it shows none. */
  readDraftCode: {
    method: 'POST',
    path: '/api/drafts/code-picture',
    permission: 'subject',
    body: { file: true, maxBytes: maxStillBytes },
    answer: z.object({ code: draftCodeSchema.exactOptional() }),
  },
  /** It is the portal's again, and nothing of it stays here. `left`: pages that found no place there. */
  giveDraftBack: {
    method: 'POST',
    path: '/api/records/:id/giving-back',
    permission: 'subject',
    params: recordParams,
    body: z.object({ revision: z.int().nonnegative() }),
    answer: z.object({ left: z.int().nonnegative() }),
  },
} as const satisfies KioskRoutes;

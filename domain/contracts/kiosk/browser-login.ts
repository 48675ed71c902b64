/**
 * What the station program answers to pages of its server in this computer's browsers, and to no other page: which keys are
 * plugged in, and a signed statement that the holder signs in at that server. Nothing else of the station is open to them.
 */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { keyProofSchema } from '../../sync/subject-feed.ts';
import { browserChallengeSchema } from '../public/ca-login.ts';
import type { KioskRoutes } from '../route.ts';

const text = z.string().max(maxLength.name);

export const browserKeySchema = z.object({
  tokenId: text,
  certificateId: text,
  holderName: text,
  /** Of the holder, where the certificate names it. */
  creditCode: text.exactOptional(),
  /** An earlier station program does not say. */
  validUntil: instantSchema.exactOptional(),
  isLocked: z.boolean(),
  remainingTries: z.int().nonnegative().exactOptional(),
  simulated: z.boolean(),
});
export type BrowserKey = z.infer<typeof browserKeySchema>;

export const browserLoginRoutes = {
  browserKeys: {
    method: 'GET',
    path: '/api/browser-login/keys',
    permission: 'browser-login',
    answer: z.array(browserKeySchema).max(maxCount.parts),
  },
  signForBrowser: {
    method: 'POST',
    path: '/api/browser-login/proof',
    permission: 'browser-login',
    body: z.strictObject({
      tokenId: text,
      certificateId: text,
      pin: z.string().min(1).max(64),
      challenge: browserChallengeSchema,
    }),
    answer: keyProofSchema,
  },
} as const satisfies KioskRoutes;

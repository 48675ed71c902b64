/** 选择人员 at a portal: persons of the visitor's own unit, and whoever of them was chosen. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { ulidSchema } from '../../primitives.ts';
import { portalParams } from '../public/portals.ts';
import type { ServerRoutes } from '../route.ts';
import { choiceSchema, portalDraftSchema } from './records.ts';

const name = z.string().max(maxLength.name);
const wanted = z.string().min(1).max(64);

const candidateSchema = z.object({
  /** By which he is chosen: says nothing by itself. */
  id: wanted,
  name,
  /** Masked. */
  idNumber: name,
  post: name.exactOptional(),
  workName: name.exactOptional(),
});
export type ShownCandidate = z.infer<typeof candidateSchema>;

export const portalPickRoutes = {
  /** `text`: in the name. Throws NOT_FOUND for a choice that the kind does not have, FORBIDDEN for another's role. */
  portalCandidates: {
    method: 'GET',
    path: '/api/portals/:programme/candidates',
    permission: 'portal-record.fill-in',
    params: portalParams,
    query: z.object({ kind: wanted, pick: wanted, role: wanted, text: z.string().max(100).exactOptional() }),
    answer: z.object({ candidates: z.array(candidateSchema).max(maxCount.parts), isMore: z.boolean() }),
  },
  /** Throws CANDIDATE_GONE where the person is not to be chosen any more. */
  choosePortalCandidate: {
    method: 'POST',
    path: '/api/portals/:programme/drafts/:id/choices',
    permission: 'portal-record.fill-in',
    params: portalParams.extend({ id: ulidSchema }),
    body: choiceSchema,
    answer: portalDraftSchema,
  },
} as const satisfies ServerRoutes;

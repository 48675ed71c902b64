/** 报监工程 at a portal: those of the visitor's own unit. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { registeredWorkSchema, workChangeSchema } from '../../registers/schema.ts';
import { portalParams } from '../public/portals.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);

export const portalWorkSchema = z.object({
  work: registeredWorkSchema,
  /** Who holds a post there now; `idNumber` is masked. */
  staff: z.array(z.object({ post: name, name, idNumber: name, from: instantSchema })).max(maxCount.parts),
  /** What altered it, newest first; id numbers in it are masked. */
  changes: z.array(workChangeSchema).max(maxCount.parts),
});
export type PortalWork = z.infer<typeof portalWorkSchema>;

export const portalWorkRoutes = {
  /** `text`: in the name or one of the numbers. */
  portalWorks: {
    method: 'GET',
    path: '/api/portals/:programme/works',
    permission: 'portal-record.read',
    params: portalParams,
    query: z.object({ text: z.string().max(100).exactOptional() }),
    answer: z.array(registeredWorkSchema).max(maxCount.parts),
  },
  /** Throws WORK_UNKNOWN, also for another's. */
  portalWork: {
    method: 'GET',
    path: '/api/portals/:programme/works/:id',
    permission: 'portal-record.read',
    params: portalParams.extend({ id: z.string().min(1).max(64) }),
    answer: portalWorkSchema,
  },
} as const satisfies ServerRoutes;

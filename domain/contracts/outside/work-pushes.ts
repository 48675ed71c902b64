/** 工改系统: the project approval system sends works to this server, with its token. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { valuesSchema } from '../../primitives.ts';
import { portalParams } from '../public/portals.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().trim().min(1).max(maxLength.name);
const code = z.string().trim().min(1).max(64);

export const workPushSchema = z.strictObject({
  /** Of the sender: a later state of the work has a greater one. */
  version: z.int().min(1).max(1e12),
  work: z.strictObject({
    id: code,
    name,
    contractNumber: code.exactOptional(),
    permitNumber: code.exactOptional(),
    /** 建设单位, by its credit code. */
    unit: code,
    /** 主管部门 and 监督机构, as they are called at the desk. */
    authority: name,
    supervisor: name,
    units: z.array(z.strictObject({ role: code, code, name })).max(100),
    details: valuesSchema,
  }),
  /** Who holds which post; `person`: id number. */
  staff: z.array(z.strictObject({ person: code, name, post: code })).max(200),
});
export type WorkPush = z.infer<typeof workPushSchema>;

export const workPushRoutes = {
  /**
   * accepted: it stands as it was sent. repeated: it stood so before. superseded: a later version stands, nothing was changed.
   * Throws WORK_PUSH_REFUSED (details.problems), WORK_PUSH_DIFFERS, WORK_PERMIT_TAKEN; BAD_REQUEST for half a work.
   */
  pushWork: {
    method: 'POST',
    path: '/api/programmes/:programme/works',
    permission: 'approval-system',
    params: portalParams,
    body: workPushSchema,
    answer: z.object({
      result: z.enum(['accepted', 'repeated', 'superseded']),
      /** That stands. */
      version: z.int(),
    }),
  },
} as const satisfies ServerRoutes;

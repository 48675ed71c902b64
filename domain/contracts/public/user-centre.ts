/** What anybody may read of the user centres: who may register, what is needed, what is agreed to. */
import { z } from 'zod';
import type { Programme, RecordKind } from '../../catalogue/schema.ts';
import type { UserCentre } from '../../catalogue/user-centre.ts';
import { maxCount, maxLength } from '../../limits.ts';
import type { ServerRoutes } from '../route.ts';

/** As it is configured, with the kinds of record that it names. */
export type UserCentreView = Pick<Programme, 'id' | 'name' | 'region' | 'contacts'> & {
  userCentre: UserCentre;
  recordKinds: readonly RecordKind[];
};

/** Checked whole where it was loaded, by the process that serves it; a page makes sure that it received one. */
const userCentreAnswer = z.custom<UserCentreView>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'userCentre' in value &&
    Array.isArray(Reflect.get(value, 'recordKinds')),
);

export const userCentreRoutes = {
  /** Programmes that have one. */
  userCentres: {
    method: 'GET',
    path: '/api/user-centres',
    permission: 'user-centre.read',
    answer: z
      .array(z.object({ id: z.string().max(maxLength.name), name: z.string().max(maxLength.name) }))
      .max(maxCount.parts),
  },
  userCentre: {
    method: 'GET',
    path: '/api/user-centres/:programme',
    permission: 'user-centre.read',
    params: z.object({ programme: z.string().min(1).max(64) }),
    answer: userCentreAnswer,
  },
} as const satisfies ServerRoutes;

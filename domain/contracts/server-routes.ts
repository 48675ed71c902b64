/** Every route of the sync server, whoever calls it: its tests try each of them. */
import { deskRoutes } from './desk/routes.ts';
import { publicRoutes } from './public/credentials.ts';
import { healthRoutes } from './public/health.ts';
import { userCentreRoutes } from './public/user-centre.ts';
import type { ServerRoutes } from './route.ts';
import { enrolmentRoutes } from './station/enrolment.ts';
import { uploadRoutes } from './station/pages.ts';

export const serverRoutes = {
  ...deskRoutes,
  ...publicRoutes,
  ...healthRoutes,
  ...userCentreRoutes,
  ...enrolmentRoutes,
  ...uploadRoutes,
} as const satisfies ServerRoutes;

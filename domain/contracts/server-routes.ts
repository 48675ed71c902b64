/** Every route of the sync server, whoever calls it: its tests try each of them. */
import { deskRoutes } from './desk/routes.ts';
import { mobileRoutes } from './mobile/routes.ts';
import { publicRoutes } from './public/credentials.ts';
import { healthRoutes } from './public/health.ts';
import { caLoginRoutes } from './public/ca-login.ts';
import { loginTicketRoutes } from './public/login-tickets.ts';
import { portalRecordRoutes } from './portal/records.ts';
import { portalRoutes } from './public/portals.ts';
import { mobileAccountRoutes } from './public/mobile-accounts.ts';
import { openidLoginRoutes } from './public/openid-login.ts';
import { ownSystemRoutes } from './public/own-systems.ts';
import { registrationRoutes } from './public/registration.ts';
import { operatorLoginRoutes } from './public/operator-login.ts';
import { userCentreRoutes } from './public/user-centre.ts';
import { institutionRoutes } from './portal/institutions.ts';
import { ownRegistrantRoutes } from './portal/own-account.ts';
import { portalPickRoutes } from './portal/picks.ts';
import { workPushRoutes } from './outside/work-pushes.ts';
import { portalWorkRoutes } from './portal/works.ts';
import { portalRegistrationRoutes } from './portal/registration.ts';
import type { ServerRoutes } from './route.ts';
import { enrolmentRoutes } from './station/enrolment.ts';
import { uploadRoutes } from './station/pages.ts';
import { handlerRoutes } from './unit/handlers.ts';
import { nameApplicationRoutes } from './unit/name-applications.ts';
import { unitRoutes } from './unit/unit.ts';

export const serverRoutes = {
  ...deskRoutes,
  ...publicRoutes,
  ...healthRoutes,
  ...userCentreRoutes,
  ...loginTicketRoutes,
  ...caLoginRoutes,
  ...operatorLoginRoutes,
  ...openidLoginRoutes,
  ...mobileAccountRoutes,
  ...ownSystemRoutes,
  ...portalRoutes,
  ...portalRecordRoutes,
  ...portalPickRoutes,
  ...portalWorkRoutes,
  ...workPushRoutes,
  ...portalRegistrationRoutes,
  ...ownRegistrantRoutes,
  ...registrationRoutes,
  ...institutionRoutes,
  ...mobileRoutes,
  ...enrolmentRoutes,
  ...uploadRoutes,
  ...unitRoutes,
  ...handlerRoutes,
  ...nameApplicationRoutes,
} as const satisfies ServerRoutes;

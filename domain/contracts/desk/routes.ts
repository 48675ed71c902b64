/** Every message between the desk's console and the server, once. HTTP, JSON; a session cookie (HttpOnly, SameSite=Strict). */
import { catalogueAnswer } from '../catalogue-answer.ts';
import type { ServerRoutes } from '../route.ts';
import { accountRoutes } from './accounts.ts';
import { caseRoutes } from './cases.ts';
import { consoleEventSchema } from './events.ts';
import { directoryRoutes } from './directory.ts';
import { fleetRoutes } from './fleet.ts';
import { logRoutes } from './logs.ts';
import { operatorRoutes } from './operators.ts';
import { deskSessionRoutes } from './session.ts';
import { usableRecordRoutes } from './usable-records.ts';

export const deskRoutes = {
  ...deskSessionRoutes,
  ...caseRoutes,
  ...fleetRoutes,
  ...accountRoutes,
  ...operatorRoutes,
  ...directoryRoutes,
  ...logRoutes,
  ...usableRecordRoutes,
  catalogue: { method: 'GET', path: '/api/catalogue', permission: 'catalogue.read', answer: catalogueAnswer },
  events: {
    method: 'GET',
    path: '/api/events',
    permission: 'catalogue.read',
    answer: { events: consoleEventSchema },
  },
} as const satisfies ServerRoutes;

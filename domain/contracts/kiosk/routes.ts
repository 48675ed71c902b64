/**
 * Every message between the kiosk's page and the station's agent, once.
 * HTTP on loopback, JSON unless said otherwise; foreign Origins are refused. The page is opened with a code that works once
 * (`http://127.0.0.1:PORT/#code=…`), which `open` exchanges for a cookie; every other route needs that cookie.
 * The kiosk never calls the server: everything here works with no line.
 *
 * A long action (reading a document, sealing) answers at once with a job; its progress and end come as events
 * (server-sent events at GET /api/events), and GET /api/jobs/:id gives the same.
 */
import { z } from 'zod';
import { catalogueAnswer } from '../catalogue-answer.ts';
import type { KioskRoutes } from '../route.ts';
import { attachmentRoutes } from './attachments.ts';
import { browserLoginRoutes } from './browser-login.ts';
import { carriedDraftRoutes } from './carried-drafts.ts';
import { deviceRoutes } from './devices.ts';
import { agentEventSchema } from './events.ts';
import { jobRoutes } from './jobs.ts';
import { pageRoutes } from './pages.ts';
import { nothing } from './params.ts';
import { recordRoutes } from './records.ts';
import { sealRoutes } from './seal.ts';
import { sessionRoutes } from './session.ts';
import { synchroniseRoutes } from './synchronise.ts';
import { batchRoutes } from './batches.ts';
import { stationSchema } from './station.ts';

const openingRoutes = {
  /** Takes the code of the page's address and sets the session's cookie. PAGE_NOT_OPENED when it was used or is unknown. */
  open: {
    method: 'POST',
    path: '/api/page-session',
    permission: 'opening',
    body: z.object({ code: z.string().max(100) }),
    answer: nothing,
  },
  station: { method: 'GET', path: '/api/station', permission: 'page', answer: stationSchema },
  catalogue: { method: 'GET', path: '/api/catalogue', permission: 'page', answer: catalogueAnswer },
  events: { method: 'GET', path: '/api/events', permission: 'page', answer: { events: agentEventSchema } },
} as const satisfies KioskRoutes;

/** Failures: WireError with the status of the error table. */
export const agentRoutes = {
  ...openingRoutes,
  ...sessionRoutes,
  ...recordRoutes,
  ...carriedDraftRoutes,
  ...attachmentRoutes,
  ...pageRoutes,
  ...synchroniseRoutes,
  ...sealRoutes,
  ...jobRoutes,
  ...deviceRoutes,
  ...batchRoutes,
  ...browserLoginRoutes,
} as const satisfies KioskRoutes;

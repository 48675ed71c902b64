/** Every message between the desk's console and the server, once. HTTP, JSON; a session cookie (HttpOnly, SameSite=Strict). */
import { z } from 'zod';
import { maxCount } from '../../limits.ts';
import { stationSettingsSchema } from '../../sync/fleet.ts';
import { caseDetailSchema, caseListSchema, decideRequestSchema, overruleRequestSchema } from './cases.ts';
import {
  acknowledgeRequestSchema,
  auditFindingsSchema,
  fleetSchema,
  fleetStationSchema,
  stationRowSchema,
} from './fleet.ts';
import { changePasswordSchema, signInSchema, signedInSchema } from './session.ts';

export const serverRoutes = {
  signIn: { method: 'POST', path: '/api/session', request: signInSchema, response: signedInSchema },
  me: { method: 'GET', path: '/api/session', response: signedInSchema },
  /** One's own; other sessions of the account end. The only thing, beside `me` and `signOut`, with a password that somebody else made. */
  changePassword: {
    method: 'PUT',
    path: '/api/session/password',
    request: changePasswordSchema,
    response: signedInSchema,
  },
  signOut: { method: 'DELETE', path: '/api/session', response: z.object({}) },
  catalogue: { method: 'GET', path: '/api/catalogue', response: z.unknown() },
  /** Query: state=open|closed|all, search, page (1 first), pageSize. */
  cases: { method: 'GET', path: '/api/cases', response: caseListSchema },
  case: { method: 'GET', path: '/api/cases/:id', response: caseDetailSchema },
  decide: {
    method: 'POST',
    path: '/api/cases/:id/decisions',
    request: decideRequestSchema,
    response: caseDetailSchema,
  },
  overrule: {
    method: 'POST',
    path: '/api/cases/:id/overrules',
    request: overruleRequestSchema,
    response: caseDetailSchema,
  },
  /** image/jpeg of a page, application/pdf of a sealed material. */
  page: { method: 'GET', path: '/api/records/:id/materials/:slot/pages/:page' },
  /** image/jpeg: the field's marks, cut out of the sealed page by the server. */
  crop: { method: 'GET', path: '/api/records/:id/materials/:slot/crops/:field' },
  pdf: { method: 'GET', path: '/api/records/:id/materials/:slot/pdf' },
  /** text/html: the verification report of a material's seals, for reading and printing. */
  sealReport: { method: 'GET', path: '/api/records/:id/materials/:slot/seal-report' },
  stations: { method: 'GET', path: '/api/stations', response: z.array(stationRowSchema).max(maxCount.list) },
  /** For `fleetPermission`; the worst station first. */
  fleet: { method: 'GET', path: '/api/fleet', response: fleetSchema },
  changeStation: {
    method: 'PUT',
    path: '/api/fleet/:id/settings',
    request: stationSettingsSchema,
    response: fleetStationSchema,
  },
  findings: { method: 'GET', path: '/api/fleet/:id/findings', response: auditFindingsSchema },
  acknowledge: {
    method: 'POST',
    path: '/api/fleet/:id/acknowledgements',
    request: acknowledgeRequestSchema,
    response: fleetStationSchema,
  },
  /**
   * Public: what a digital certificate's unique code stands for, with the server's signature. Query: verificationCode. A wrong
   * or missing one and an unknown unique code are answered alike: NOT_FOUND.
   */
  credential: { method: 'GET', path: '/api/certificates/:uniqueCode' },
  events: { method: 'GET', path: '/api/events' },
} as const;

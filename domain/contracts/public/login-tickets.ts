/**
 * Signing a browser in with a phone. The browser shows a code, whose ticket a person who is signed in on a phone scans; what he
 * chooses there lets that one browser in, which holds the other half of the ticket in a cookie.
 */
import { z } from 'zod';
import { accountKindSchema } from '../../accounts/schema.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

const text = z.string().max(maxLength.name);

/** sign-in: into an account. registration: a person goes on with a registration in that browser. */
export const ticketPurposeSchema = z.enum(['sign-in', 'registration']);
export type TicketPurpose = z.infer<typeof ticketPurposeSchema>;

/** scanned: a person has it on the phone. chosen: he has said yes. used: the browser has gone in. */
export const ticketStateSchema = z.enum(['waiting', 'scanned', 'chosen', 'used', 'expired', 'refused']);
export type TicketState = z.infer<typeof ticketStateSchema>;

/** 256 bits, base64url. */
const ticketSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const programmeSchema = z.string().min(1).max(64);

/** A system that an account may be let into. `isAllowed`: it has the tick. */
export const systemSchema = z.object({
  programme: programmeSchema,
  title: text,
  isAllowed: z.boolean(),
});
export type SystemView = z.infer<typeof systemSchema>;

/** Why an account cannot be used now. */
export const accountHindranceSchema = z.enum(['pending', 'frozen', 'disabled']);

export const ticketAccountSchema = z.object({
  id: text,
  kind: accountKindSchema,
  /** The unit for which it acts. */
  unit: text,
  /** 主账号, or the title of the type. */
  title: text,
  hindrance: accountHindranceSchema.exactOptional(),
  systems: z.array(systemSchema).max(maxCount.parts),
});
export type TicketAccount = z.infer<typeof ticketAccountSchema>;

export const scannedTicketSchema = z.object({
  purpose: ticketPurposeSchema,
  programme: programmeSchema,
  /** Of the computer that shows the code, so that whoever was shown another's code sees it. */
  device: text,
  address: text,
  shownAt: instantSchema,
  expiresAt: instantSchema,
  /** For a sign-in: all of the person, those that cannot be used last. */
  accounts: z.array(ticketAccountSchema).max(maxCount.parts),
});
export type ScannedTicket = z.infer<typeof scannedTicketSchema>;

export const ticketEventSchema = z.object({ state: ticketStateSchema, expiresAt: instantSchema });
export type TicketEvent = z.infer<typeof ticketEventSchema>;

export const loginTicketRoutes = {
  /** A code for this browser; the one it showed before is good no longer. */
  makeTicket: {
    method: 'POST',
    path: '/api/login-tickets',
    permission: 'session.open',
    body: z.strictObject({ programme: programmeSchema, purpose: ticketPurposeSchema }),
    /** `path`: of this server, what the code says behind the server's name. */
    answer: z.object({ path: text, expiresAt: instantSchema }),
  },
  /** How it stands with the ticket of this browser; ends with the ticket. `event: ticket`. */
  ticketEvents: {
    method: 'GET',
    path: '/api/login-tickets/events',
    permission: 'session.open',
    answer: { events: ticketEventSchema },
  },
  /** The browser goes in, once. */
  signInByTicket: {
    method: 'POST',
    path: '/api/session/phone-scan',
    permission: 'session.open',
    answer: z.object({ destination: text }),
  },

  scanTicket: {
    method: 'POST',
    path: '/api/scanned-tickets',
    permission: 'login-ticket.scan',
    body: z.strictObject({ ticket: ticketSchema }),
    answer: scannedTicketSchema,
  },
  /** Yes: into which account and system. For a registration there is nothing to choose. */
  chooseByTicket: {
    method: 'POST',
    path: '/api/scanned-tickets/choice',
    permission: 'login-ticket.scan',
    body: z.strictObject({
      ticket: ticketSchema,
      account: z.string().min(1).max(64).exactOptional(),
      system: programmeSchema.exactOptional(),
    }),
    answer: z.object({}),
  },
  /** No: it was not I, or nobody. */
  refuseTicket: {
    method: 'POST',
    path: '/api/scanned-tickets/refusal',
    permission: 'login-ticket.scan',
    body: z.strictObject({ ticket: ticketSchema }),
    answer: z.object({}),
  },
} as const satisfies ServerRoutes;

import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import { ownSystemRoutes } from '#domain/contracts/public/own-systems.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PhoneScan } from '../services/accounts/login/phone-scan.ts';
import type { OwnSystems } from '../services/accounts/own-systems.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import { createEventStreams } from './event-stream.ts';
import type { Serve } from './serve.ts';

const ticketCookie = 'ludeng-ticket';
/** Longer than any ticket lives: what has run out is told as such. */
const cookieS = 15 * 60;

export interface LoginTicketServices {
  phoneScan: PhoneScan;
  systems: OwnSystems;
}

/** What the browser that shows a code holds: only it can go in by it. */
export const ticketHalfOf = (request: FastifyRequest): string | undefined =>
  readCookie(request, ticketCookie);

const placeOf = (request: FastifyRequest) => ({
  address: request.ip,
  device: request.headers['user-agent'] ?? '',
});

/** 扫码登录, at the computer and on the phone. */
export function addLoginTicketRoutes(
  app: FastifyInstance,
  serve: Serve,
  { phoneScan, systems }: LoginTicketServices,
): void {
  const openStream = createEventStreams(app);

  serve(loginTicketRoutes.makeTicket, async ({ body, request, reply }) => {
    const made = await phoneScan.make(body, placeOf(request), ticketHalfOf(request));
    putCookie(reply, ticketCookie, made.browser, cookieS);
    return { path: `/m/scan?t=${made.ticket}`, expiresAt: made.expiresAt };
  });
  serve(loginTicketRoutes.ticketEvents, async ({ request, reply }) => {
    const browser = ticketHalfOf(request);
    const { id } = await phoneScan.stateOf(browser);
    const stream = openStream(reply);
    let timer: NodeJS.Timeout | undefined;
    const show = async (): Promise<void> => {
      clearTimeout(timer);
      // gone where the browser has asked for another one
      const found = await phoneScan.stateOf(browser).catch(() => undefined);
      if (!found) return stream.end();
      const { state, expiresAt } = found;
      stream.send('ticket', { state, expiresAt });
      if (state === 'used' || state === 'expired' || state === 'refused') return stream.end();
      timer = setTimeout(() => void show(), Math.max(0, Date.parse(expiresAt) - Date.now()) + 1);
    };
    const stop = phoneScan.listen((one) => {
      if (one.type === 'login-ticket' && one.ticketId === id) void show();
    });
    stream.onClose(() => {
      stop();
      clearTimeout(timer);
    });
    await show();
  });
  serve(loginTicketRoutes.signInByTicket, async ({ request, reply }) => {
    const place = placeOf(request);
    const { token, destination } = await phoneScan.signIn(ticketHalfOf(request), {
      ...{ place, earlierToken: readToken(request) },
    });
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    putCookie(reply, ticketCookie, '', 0);
    return { destination };
  });

  serve(loginTicketRoutes.scanTicket, ({ actor, body, request }) =>
    phoneScan.scan(actor, body.ticket, request.ip),
  );
  serve(loginTicketRoutes.chooseByTicket, async ({ actor, body, request }) => {
    await phoneScan.choose(actor, body, request.ip);
    return {};
  });
  serve(loginTicketRoutes.refuseTicket, async ({ actor, body, request }) => {
    await phoneScan.refuse(actor, body.ticket, request.ip);
    return {};
  });

  serve(ownSystemRoutes.ownSystems, ({ actor }) => systems.list(actor));
  serve(ownSystemRoutes.ownSystem, ({ actor, params }) => systems.page(actor, params.programme));
  serve(ownSystemRoutes.ownSection, ({ actor, params }) =>
    systems.section(actor, params.programme, params.section),
  );
}

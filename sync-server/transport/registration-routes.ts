import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import { dayMs } from '#domain/primitives.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import type { Announcements } from '../services/announcements.ts';
import type { EnterByTicket } from '../services/registrations/enter-by-ticket.ts';
import type { FileRegistration } from '../services/registrations/file-registration.ts';
import type { FollowRegistration } from '../services/registrations/follow-registration.ts';
import type { RegistrationView } from '../services/registrations/registration-view.ts';
import type { Registrations } from '../services/registrations/registrations.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import { ticketHalfOf } from './login-ticket-routes.ts';
import { addRegistrationEvents } from './registration-events.ts';
import { createServe } from './serve.ts';
import { takeStrangerBodies } from './stranger-bodies.ts';

/** Of the browser that fills a registration in; it is good for that one alone. */
const registrationCookie = 'ludeng-registration';
/** Its registration says by itself when it is over. */
const cookieDays = 180;

export interface RegistrationServices {
  registrations: Registrations;
  file: FileRegistration;
  follow: FollowRegistration;
  views: Pick<RegistrationView, 'caseOf'>;
  announcements: Pick<Announcements, 'listen'>;
  enter: EnterByTicket;
  signOut: (token: string | undefined) => Promise<void>;
}

export const readRegistrationToken = (request: FastifyRequest): string | undefined =>
  readCookie(request, registrationCookie);

/** Registration of a main account in a browser. */
export function addRegistrationRoutes(app: FastifyInstance, services: RegistrationServices): void {
  const { registrations, file, follow, views, announcements, enter, signOut } = services;
  const routes = registrationRoutes;
  const tokenOf = readRegistrationToken;
  const give = (reply: FastifyReply, token: string): void =>
    putCookie(reply, registrationCookie, token, token === '' ? 0 : (cookieDays * dayMs) / 1000);
  const from = (request: FastifyRequest) => ({ address: request.ip });

  void app.register(async (scope) => {
    takeStrangerBodies(scope);
    const serve = createServe(scope);
    serve(routes.beginRegistration, async ({ body, request, reply }) => {
      const { token, registration } = await registrations.begin(body, from(request));
      give(reply, token);
      return registration;
    });
    serve(routes.ownRegistration, ({ request }) => registrations.own(tokenOf(request)));
    serve(routes.saveRegistration, ({ body, request }) => registrations.save(tokenOf(request), body));
    serve(routes.dropRegistration, async ({ request, reply }) => {
      await registrations.drop(tokenOf(request));
      give(reply, '');
      return {};
    });
    serve(routes.addRegistrationFile, ({ params, query, body, request }) =>
      registrations.addFile(tokenOf(request), { ...params, ...query, bytes: body }, from(request)),
    );
    serve(routes.removeRegistrationFile, ({ params, request }) =>
      registrations.removeFile(tokenOf(request), params),
    );
    serve(routes.registrationFile, async ({ params, request, reply }) => {
      const { mime, bytes } = await registrations.readFile(tokenOf(request), params);
      void reply.header('content-type', mime);
      return bytes;
    });
    serve(routes.fileRegistration, ({ request }) => file(tokenOf(request), from(request)));
    serve(routes.withdrawRegistration, ({ request }) => follow.withdraw(tokenOf(request)));
    serve(routes.reopenRegistration, ({ request }) => follow.reopen(tokenOf(request)));
    serve(routes.remindConfirmer, async ({ request }) => {
      await follow.remind(tokenOf(request));
      return {};
    });
    serve(routes.registrationsOfPerson, ({ actor }) => follow.ofPerson(actor));
    serve(routes.enterByTicket, async ({ request, reply }) => {
      const place = { address: request.ip, device: request.headers['user-agent'] ?? '' };
      const { session, registrations: own } = await enter(ticketHalfOf(request), {
        ...{ place, earlierToken: readToken(request) },
      });
      putCookie(reply, sessionCookie, session, sessionMs / 1000);
      return own;
    });
    serve(routes.takeUpRegistration, async ({ actor, params, request, reply }) => {
      const { token, registration } = await follow.takeUp(actor, params.id);
      give(reply, token);
      if (actor.kind === 'person') {
        // a person's own session was for this alone: nobody finds it open at a computer
        await signOut(readToken(request));
        putCookie(reply, sessionCookie, '', 0);
      }
      return registration;
    });
    addRegistrationEvents(scope, serve, {
      ...{ views, announcements },
      find: (request) => registrations.find(tokenOf(request)),
    });
  });
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownRegistrantRoutes } from '#domain/contracts/portal/own-account.ts';
import { portalRegistrationRoutes } from '#domain/contracts/portal/registration.ts';
import type { Announcements } from '../services/announcements.ts';
import { knownBrowserMs } from '../services/accounts/known-browsers.ts';
import type { KnownBrowsers } from '../services/accounts/known-browsers.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import type { Sessions } from '../services/accounts/sessions.ts';
import type { PortalKeyLogin } from '../services/portals/key-login.ts';
import type { KeyApplications } from '../services/registrants/key-application.ts';
import type { OwnRegistrant } from '../services/registrants/own-registrant.ts';
import type { Register } from '../services/registrants/register.ts';
import type { RegistrantLogin } from '../services/registrants/registrant-login.ts';
import { challengeCookie } from './ca-login-routes.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

export interface RegistrantServices {
  register: Register;
  registrantLogin: Pick<RegistrantLogin, 'byPassword'>;
  keyLogin: PortalKeyLogin;
  ownRegistrant: OwnRegistrant;
  keyApplications: KeyApplications;
  sessions: Pick<Sessions, 'find'>;
  browsers: Pick<KnownBrowsers, 'cookieName'>;
  announcements: Pick<Announcements, 'announce'>;
  /** Of this server, as its pages have it. */
  originOf: (request: FastifyRequest) => string;
}

/** Opening an account at a portal by oneself, signing in to it, and what one finds of it. */
export function addRegistrantRoutes(serve: Serve, services: RegistrantServices): void {
  const { register, registrantLogin, keyLogin, ownRegistrant, keyApplications } = services;
  const { sessions, browsers } = services;
  const placeOf = (request: FastifyRequest) => ({
    address: request.ip,
    device: request.headers['user-agent'] ?? '',
  });
  async function enter(reply: FastifyReply, token: string): Promise<{ isPasswordDue: boolean }> {
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    return { isPasswordDue: (await sessions.find(token)).actor.mustChangePassword };
  }

  serve(portalRegistrationRoutes.isNumberKnown, async ({ params, body, request }) => ({
    isKnown: await register.isKnown(params.programme, body, request.ip),
  }));
  serve(portalRegistrationRoutes.registerAtPortal, async ({ params, body, request, reply }) => {
    const from = { ...placeOf(request), earlierToken: readToken(request) };
    const { token, loginName } = await register.register(params.programme, body, from);
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    return { loginName };
  });
  serve(portalRegistrationRoutes.signInAtPortal, async ({ params, body, request, reply }) => {
    const { token, account, browser } = await registrantLogin.byPassword(params.programme, body, {
      ...{ ...placeOf(request), earlierToken: readToken(request) },
      cookieOf: (id) => readCookie(request, browsers.cookieName(id)),
    });
    putCookie(reply, browsers.cookieName(account), browser, knownBrowserMs / 1000);
    return enter(reply, token);
  });
  serve(portalRegistrationRoutes.signInAtPortalByKey, async ({ params, body, request, reply }) => {
    const { token } = await keyLogin(params.programme, body, {
      ...{ browser: readCookie(request, challengeCookie), origin: services.originOf(request) },
      ...{ place: placeOf(request), earlierToken: readToken(request) },
    });
    putCookie(reply, challengeCookie, '', 0);
    return enter(reply, token);
  });

  serve(ownRegistrantRoutes.ownRegistrant, ({ actor }) => ownRegistrant.view(actor));
  serve(ownRegistrantRoutes.choosePasswordByKey, async ({ actor, body, request, reply }) => {
    const session = await sessions.find(readToken(request));
    putCookie(
      reply,
      sessionCookie,
      await ownRegistrant.choosePassword(session, body.password),
      sessionMs / 1000,
    );
    services.announcements.announce({ type: 'account', accountId: actor.account });
    return {};
  });
  serve(ownRegistrantRoutes.boundCertificates, ({ actor }) => ownRegistrant.certificates(actor));
  serve(ownRegistrantRoutes.keyApplication, ({ actor }) => keyApplications.view(actor));
  serve(ownRegistrantRoutes.applyForKey, ({ actor }) => keyApplications.apply(actor));
}

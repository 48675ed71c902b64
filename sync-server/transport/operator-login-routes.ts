import type { FastifyRequest } from 'fastify';
import { operatorLoginRoutes } from '#domain/contracts/public/operator-login.ts';
import { knownBrowserMs } from '../services/accounts/known-browsers.ts';
import type { KnownBrowsers } from '../services/accounts/known-browsers.ts';
import type { SignInPlace } from '../services/accounts/login/password.ts';
import type { OperatorLogin } from '../services/accounts/login/password-sms.ts';
import type { OwnPassword } from '../services/accounts/own-password.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

export interface OperatorLoginServices {
  operatorLogin: OperatorLogin;
  ownPassword: Pick<OwnPassword, 'me'>;
  browsers: Pick<KnownBrowsers, 'cookieName'>;
}

/** Signing in of a company's operators. */
export function addOperatorLoginRoutes(serve: Serve, services: OperatorLoginServices): void {
  const { operatorLogin, ownPassword, browsers } = services;
  const placeOf = (request: FastifyRequest, mobile: string): SignInPlace => ({
    address: request.ip,
    cookie: readCookie(request, browsers.cookieName(mobile)),
    device: request.headers['user-agent'] ?? '',
    earlierToken: readToken(request),
  });

  serve(operatorLoginRoutes.sendOperatorCode, ({ body, request }) =>
    operatorLogin.sendCode(body, placeOf(request, body.mobile)),
  );
  serve(operatorLoginRoutes.operatorSignIn, async ({ body, request, reply }) => {
    const { token, browser } = await operatorLogin.signIn(body, placeOf(request, body.mobile));
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    putCookie(reply, browsers.cookieName(body.mobile), browser, knownBrowserMs / 1000);
    return ownPassword.me(token);
  });
}

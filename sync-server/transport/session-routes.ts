import { deskSessionRoutes } from '#domain/contracts/desk/session.ts';
import type { Announcements } from '../services/announcements.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import type { DeskAccounts } from '../services/accounts/desk-accounts.ts';
import { knownBrowserMs } from '../services/accounts/known-browsers.ts';
import type { KnownBrowsers } from '../services/accounts/known-browsers.ts';
import type { OwnPassword } from '../services/accounts/own-password.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

export interface SessionServices {
  accounts: Pick<DeskAccounts, 'signIn' | 'signOut'>;
  ownPassword: OwnPassword;
  browsers: Pick<KnownBrowsers, 'cookieName'>;
  announcements: Pick<Announcements, 'announce'>;
}

/** Signing in and out, and one's own password. */
export function addSessionRoutes(serve: Serve, services: SessionServices): void {
  const { accounts, ownPassword, browsers, announcements } = services;
  /** The other sessions' streams end at once. */
  const tell = (accountId: string): void => announcements.announce({ type: 'account', accountId });

  serve(deskSessionRoutes.signIn, async ({ body, request, reply }) => {
    const known = browsers.cookieName(body.account);
    const { token, browser } = await accounts.signIn(body, {
      address: request.ip,
      cookie: readCookie(request, known),
      device: request.headers['user-agent'] ?? '',
      earlierToken: readToken(request),
    });
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    putCookie(reply, known, browser, knownBrowserMs / 1000);
    return ownPassword.me(token);
  });
  serve(deskSessionRoutes.me, ({ request }) => ownPassword.me(readToken(request)));
  serve(deskSessionRoutes.changePassword, async ({ body, request, reply }) => {
    const { account, token } = await ownPassword.change(readToken(request), body);
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    tell(account.id);
    return account;
  });
  serve(deskSessionRoutes.signOut, async ({ actor, request, reply }) => {
    await accounts.signOut(readToken(request));
    tell(actor.account);
    putCookie(reply, sessionCookie, '', 0);
    return {};
  });
}

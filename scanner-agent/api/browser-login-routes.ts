import { browserLoginRoutes } from '#domain/contracts/kiosk/browser-login.ts';
import type { BrowserLogin } from '../services/login/browser-login.ts';
import type { Serve } from './serve.ts';

/** For pages of the server, which the guard has made sure of. */
export function addBrowserLoginRoutes(serve: Serve, { keys, sign }: BrowserLogin): void {
  serve(browserLoginRoutes.browserKeys, ({ signal }) => keys(signal));
  serve(browserLoginRoutes.signForBrowser, ({ body, request, signal }) =>
    sign({ ...body, origin: request.headers.origin }, signal),
  );
}

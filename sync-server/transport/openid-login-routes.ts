import type { FastifyRequest } from 'fastify';
import { openidLoginRoutes } from '#domain/contracts/public/openid-login.ts';
import type { OpenidLogin } from '../services/accounts/login/openid.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

/** Of the browser that went to the provider: only it can come back. */
const browserCookie = 'ludeng-openid';
const browserS = 15 * 60;

/** 统一身份认证登录. `originOf`: this server, as browsers name it. */
export function addOpenidLoginRoutes(
  serve: Serve,
  { openidLogin, originOf }: { openidLogin: OpenidLogin; originOf: (request: FastifyRequest) => string },
): void {
  serve(openidLoginRoutes.beginOpenid, async ({ params: { programme }, request, reply }) => {
    const secret = openidLogin.makeSecret(readCookie(request, browserCookie));
    const url = await openidLogin.begin(programme, { secret, origin: originOf(request) });
    putCookie(reply, browserCookie, secret, browserS);
    return { url };
  });
  serve(openidLoginRoutes.signInByOpenid, async ({ params: { programme }, body, request, reply }) => {
    const secret = readCookie(request, browserCookie);
    const { token } = await openidLogin.signIn(
      { programme, query: body.query },
      {
        browser: secret === undefined ? undefined : { secret, origin: originOf(request) },
        place: { address: request.ip, device: request.headers['user-agent'] ?? '' },
        earlierToken: readToken(request),
      },
    );
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    putCookie(reply, browserCookie, '', 0);
    return {};
  });
}

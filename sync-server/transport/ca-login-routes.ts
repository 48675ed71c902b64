import type { FastifyRequest } from 'fastify';
import type { SigningTokensFile } from '#domain/catalogue/token-drivers.ts';
import { caLoginRoutes } from '#domain/contracts/public/ca-login.ts';
import type { CaLoginView } from '#domain/contracts/public/ca-login.ts';
import type { UkeyLogin } from '../services/accounts/login/ukey.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

/** Of the browser that asked for a challenge: only it can go in by the answer. */
export const challengeCookie = 'ludeng-ca';
const challengeS = 5 * 60;

export interface CaLoginServices {
  ukeyLogin: UkeyLogin;
  drivers: SigningTokensFile['drivers'];
  /** Where the station program of a computer listens. */
  station: string;
  /** Of this server, as its pages have it. */
  originOf: (request: FastifyRequest) => string;
}

/** CA登录. */
export function addCaLoginRoutes(
  serve: Serve,
  { ukeyLogin, drivers, station, originOf }: CaLoginServices,
): void {
  const view: CaLoginView = {
    station,
    drivers: drivers
      .filter(({ simulated }) => !simulated)
      .map(({ id, name, libraries, download }) => ({
        ...{ id, name },
        systems: [...new Set(libraries.map(({ platform, arch }) => `${systemNames[platform]} ${arch}`))],
        ...(download?.version === undefined ? {} : { version: download.version }),
        ...(download === undefined ? {} : { url: download.url }),
      })),
  };

  serve(caLoginRoutes.caLogin, () => view);
  serve(caLoginRoutes.makeCaptcha, () => ukeyLogin.makeCaptcha());
  serve(caLoginRoutes.soundOfCaptcha, ({ params }) => ukeyLogin.soundOfCaptcha(params.id));
  serve(caLoginRoutes.makeChallenge, async ({ body, request, reply }) => {
    const { challenge, browser } = await ukeyLogin.challenge(body.captcha, request.ip);
    putCookie(reply, challengeCookie, browser, challengeS);
    return challenge;
  });
  serve(caLoginRoutes.signInByKey, async ({ body, request, reply }) => {
    const { token, destination } = await ukeyLogin.signIn(body, {
      browser: readCookie(request, challengeCookie),
      origin: originOf(request),
      place: { address: request.ip, device: request.headers['user-agent'] ?? '' },
      earlierToken: readToken(request),
    });
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    putCookie(reply, challengeCookie, '', 0);
    return { destination };
  });
}

const systemNames = { linux: 'Linux（麒麟、统信）', win32: 'Windows', darwin: 'macOS' } as const;

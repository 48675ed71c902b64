/** A browser in which somebody once signed in to an account: guesses from elsewhere do not slow it down. */
import { dayMs } from '#domain/primitives.ts';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ServerKey } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';

export const knownBrowserMs = 180 * dayMs;

export interface KnownBrowsers {
  /** Name of the cookie for an account; others of the same browser have their own. */
  cookieName(account: string): string;
  /** What the cookie shall hold after a sign-in; the browser keeps its name. */
  issue(account: string, earlier: string | undefined): string;
  /** The browser's name, where the cookie is ours, for this account and not too old. */
  recognise(account: string, cookie: string | undefined): string | undefined;
}

/** Signed with the server's key, whose signature of a text is always the same: every process knows what any of them gave. */
export function createKnownBrowsers({
  serverKey,
  nowMs,
}: {
  serverKey: Pick<ServerKey, 'sign'>;
  nowMs: () => number;
}): KnownBrowsers {
  const signed = (account: string, browser: string, untilMs: string): string =>
    Buffer.from(
      serverKey.sign(JSON.stringify(['known-browser', account, browser, untilMs])),
      'base64',
    ).toString('base64url');

  function recognise(account: string, cookie: string | undefined): string | undefined {
    const [browser, untilMs, signature, ...rest] = cookie?.split('.') ?? [];
    if (browser === undefined || untilMs === undefined || signature === undefined || rest.length > 0)
      return undefined;
    if (!/^[\w-]{16,32}$/.test(browser) || !/^\d{13}$/.test(untilMs) || Number(untilMs) <= nowMs())
      return undefined;
    const [actual, expected] = [Buffer.from(signature), Buffer.from(signed(account, browser, untilMs))];
    return actual.length === expected.length && timingSafeEqual(actual, expected) ? browser : undefined;
  }

  return {
    cookieName: (account) => `ludeng-known-${sha256(account).slice(0, 12)}`,
    issue(account, earlier) {
      const browser = recognise(account, earlier) ?? randomBytes(15).toString('base64url');
      const untilMs = String(nowMs() + knownBrowserMs);
      return [browser, untilMs, signed(account, browser, untilMs)].join('.');
    },
    recognise,
  };
}

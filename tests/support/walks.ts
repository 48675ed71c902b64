/**
 * What a test does to the running product, told by the support code that does it: `npm run requirements` knows by it which
 * tests walk a row and which only read the configuration. Nothing is noted outside a test's own body (walk-runner.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Browser, Page } from 'playwright-core';
import type { RunnerTestCase } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** `PUT /api/session/role`, `page /#/login`, `line commit`: each once, in order. */
    walks?: string[];
  }
}

/** Kept where every copy of this module finds it; tests of a file may run beside each other. */
const place = globalThis as { ludengTestBody?: AsyncLocalStorage<RunnerTestCase | undefined> };
place.ludengTestBody ??= new AsyncLocalStorage();
const body = place.ludengTestBody;
const maxNoted = 40;

export const withWalksNoted = (test: RunnerTestCase, work: () => unknown): Promise<void> =>
  body.run(test, async () => {
    await work();
  });

/** What fixtures do for a test, which is as little its own as what hooks do. */
export const unnoted = <T>(work: () => Promise<T>): Promise<T> => body.run(undefined, work);

/** Tells that the product was asked or touched. */
export function noteWalk(what: string): void {
  const test = body.getStore();
  if (!test) return;
  const walks = (test.meta.walks ??= []);
  if (walks.length < maxNoted && !walks.includes(what)) walks.push(what);
}

/** From now on every request to a process of this machine, whoever sends it. */
export function noteRequests(): void {
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const { hostname, pathname } = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    if (hostname === '127.0.0.1' || hostname === 'localhost') noteWalk(`${method} ${withoutIds(pathname)}`);
    return send(input, init);
  };
}

/** From now on whatever is done or looked at on the browser's pages. */
export function noteTouches(browser: Browser): Browser {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (...options) => {
    const context = await newContext(...options);
    context.on('page', (page) => {
      for (const one of [page, page.locator('html'), page.keyboard, page.mouse]) noteCalls(one);
    });
    return context;
  };
  return browser;
}

const noted = new WeakSet<object>();

/** Of all objects of this kind: every method that waits for the browser. */
function noteCalls(example: object): void {
  const kind = Object.getPrototypeOf(example) as Record<string, unknown>;
  if (noted.has(kind)) return;
  noted.add(kind);
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(kind))) {
    if (typeof value !== 'function' || name === 'constructor' || name.startsWith('_')) continue;
    kind[name] = function (this: Touched, ...args: unknown[]): unknown {
      const answer = (value as (...args: unknown[]) => unknown).apply(this, args);
      if (answer instanceof Promise) noteWalk(`page ${routeOf(this)}`.trim());
      return answer;
    };
  }
}

/** A page, a locator that knows its page, or a keyboard or mouse that does not. */
type Touched = { url?: () => string; page?: () => Page };

function routeOf(touched: Touched): string {
  const url = (touched.url?.() ?? touched.page?.().url()) || '';
  if (!URL.canParse(url)) return '';
  const { pathname, hash } = new URL(url);
  return withoutIds(pathname + hash.replace(/[?].*/, ''));
}

const withoutIds = (path: string): string =>
  path.replace(/\/(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{64}|[0-9a-f-]{36}|\d+)(?=\/|$)/g, '/:id');

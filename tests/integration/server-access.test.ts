/** Who may ask the server: every route that it has, in every spelling. A new route is walked without being added here. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import { rawRequest, spellings } from '#tests/support/raw-http.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { isPublic } from '../../sync-server/transport/route-access.ts';
import type { RouteAccess } from '../../sync-server/transport/route-access.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const data = makeDataFolder();
const pages = makeDataFolder();
const account = { id: 'keeper', name: '管理员', department: '', permissions: ['accounts', 'stations'] };
const password = 'a long password of the test';
let server: RunningServer;
beforeAll(async () => {
  mkdirSync(join(pages.folder, 'desk'));
  writeFileSync(join(pages.folder, 'desk', 'index.html'), '<!doctype html><title>desk</title>');
  writeFileSync(join(pages.folder, 'app.js'), 'export {};');
  server = await startTestServer(data.folder, {
    accounts: [{ ...account, password }],
    consoleFolder: pages.folder,
    metrics: { token: 'a token of the metrics' },
  });
});
afterAll(async () => {
  await server?.close();
  data.remove();
  pages.remove();
});

const host = (): string => `127.0.0.1:${server.port}`;
const filled = (path: string): string => path.replace(/:\w+\??|\*/gu, '1');
const isForAll = ({ access }: { access: RouteAccess | undefined }): boolean =>
  access === 'file' || (access !== undefined && isPublic(access));
const guarded = () => server.routes.filter((route) => !isForAll(route));

const bytes = { 'content-type': 'application/octet-stream' };

interface Asked {
  method: string;
  target: string;
  headers: Record<string, string>;
}

/** Answers those that were neither refused nor unknown. */
async function notRefused(requests: Asked[]): Promise<string[]> {
  const wrong: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let request = requests.pop(); request; request = requests.pop()) {
        const { status, body } = await rawRequest(server.port, { ...request, body: '{}' });
        const code = wireErrorSchema.safeParse(parseJson(body)).data?.code;
        const isPage = status === 200 && body.includes('<title>desk</title>');
        if (![400, 401, 403, 404].includes(status) && !isPage)
          wrong.push(`${request.method} ${request.target}: ${status} ${code ?? body.slice(0, 100)}`);
      }
    }),
  );
  return wrong;
}

test('only these are for whoever comes; every other route asks who it is', () => {
  const open = server.routes
    .filter((route) => isForAll(route) && route.method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`);
  expect(open.sort()).toEqual([
    'DELETE /api/portals/:programme/key-entry',
    'DELETE /api/registrations/own',
    'DELETE /api/registrations/own/attachments/:attachment/:sha',
    'GET /api/ca-login',
    'GET /api/captchas/:id/sound',
    'GET /api/certificates/:uniqueCode',
    'GET /api/credential-key.pem',
    'GET /api/credentials/:identifier',
    'GET /api/credentials/:identifier/file.json',
    'GET /api/credentials/:identifier/file.pdf',
    'GET /api/login-tickets/events',
    'GET /api/portals',
    'GET /api/portals/:programme',
    'GET /api/portals/:programme/institutions/accounts',
    'GET /api/portals/:programme/key-entry',
    'GET /api/registrations/own',
    'GET /api/registrations/own/attachments/:attachment/:sha',
    'GET /api/registrations/own/events',
    'GET /api/user-centres',
    'GET /api/user-centres/:programme',
    'GET /app.js',
    'GET /desk/',
    'GET /desk/index.html',
    'GET /healthz',
    'GET /readyz',
    'POST /api/ca-login/challenges',
    'POST /api/captchas',
    'POST /api/credential-checks',
    'POST /api/enrolments',
    'POST /api/login-tickets',
    'POST /api/mobile/codes',
    'POST /api/mobile/session',
    'POST /api/operator-session',
    'POST /api/operator-session/code',
    'POST /api/portals/:programme/institutions',
    'POST /api/portals/:programme/institutions/bindings',
    'POST /api/portals/:programme/institutions/session',
    'POST /api/portals/:programme/key-entry',
    'POST /api/portals/:programme/mobile-accounts',
    'POST /api/portals/:programme/mobile-accounts/code',
    'POST /api/portals/:programme/mobile-accounts/password-code',
    'POST /api/portals/:programme/openid',
    'POST /api/portals/:programme/openid/session',
    'POST /api/portals/:programme/registrations',
    'POST /api/portals/:programme/registrations/question',
    'POST /api/portals/:programme/session',
    'POST /api/portals/:programme/session/ukey',
    'POST /api/registrations',
    'POST /api/registrations/own/attachments/:attachment',
    'POST /api/registrations/own/filing',
    'POST /api/registrations/own/reminder',
    'POST /api/registrations/own/reopening',
    'POST /api/registrations/own/withdrawal',
    'POST /api/registrations/scanned',
    'POST /api/session',
    'POST /api/session/phone-scan',
    'POST /api/session/ukey',
    'PUT /api/portals/:programme/mobile-accounts/password',
    'PUT /api/registrations/own',
  ]);
  expect(server.routes.filter(({ access }) => access === 'metrics').map(({ path }) => path)).toContain(
    '/metrics',
  );
  expect(guarded().length).toBeGreaterThan(25);
});

test('every other route refuses, in every spelling and by every method, who is not signed in', async () => {
  const wrong: Record<string, string>[] = [
    {},
    { cookie: 'ludeng-desk=guessed' },
    { authorization: 'Bearer guessed' },
    { cookie: 'ludeng-desk=guessed', 'x-http-method-override': 'GET', 'x-original-url': '/healthz' },
  ];
  expect(
    await notRefused(
      guarded().flatMap(({ method, path }) => [
        ...spellings(filled(path), server.url).map((target, n) => ({
          ...{ method, target },
          headers: { host: host(), ...wrong[n % wrong.length] },
        })),
        ...wrong.map((headers) => ({ method, target: filled(path), headers: { host: host(), ...headers } })),
        ...['HEAD', 'OPTIONS', 'PATCH'].map((other) => ({
          ...{ method: other, target: filled(path) },
          headers: { host: host() },
        })),
      ]),
    ),
  ).toEqual([]);
  // the route itself says so, not the router that it is unknown
  for (const { method, path } of guarded()) {
    const { status } = await rawRequest(server.port, {
      ...{ method, target: filled(path) },
      headers: { host: host(), ...(path.startsWith('/station/') ? bytes : {}) },
      body: '{}',
    });
    expect([`${method} ${path}`, status]).toEqual([`${method} ${path}`, 401]);
  }
});

test('and refuses who is signed in, when a page of another place sends it', async () => {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: account.id, password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const own = { host: host(), cookie };
  const me = await rawRequest(server.port, { method: 'GET', target: '/api/session', headers: own });
  expect(me.status).toBe(200);
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${server.port + 1}` },
    { host: 'evil.example' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const { method, path } of guarded().filter(
    ({ access }) => access !== 'metrics' && access !== 'station' && access !== 'approval-system',
  ))
    for (const headers of foreign) {
      const { status } = await rawRequest(server.port, {
        ...{ method, target: filled(path) },
        headers: { ...own, ...headers },
        body: '{}',
      });
      expect([`${method} ${path}`, headers, status]).toEqual([`${method} ${path}`, headers, 403]);
    }
});

test('what the server tells is kept by no cache, however its address is spelt', async () => {
  for (const path of ['/api/session', '/%61pi/session', '/api/none'])
    expect((await fetch(`${server.url}${path}`)).headers.get('cache-control')).toBe('no-store');
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

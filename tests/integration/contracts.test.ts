/**
 * Contracts and routes, both ways: what agent and server answer is what domain/contracts says, and each route asks for the
 * permission that its contract names. Everything is walked from the contracts and the running processes: a new route is in it
 * without being added here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mayAtAll } from '#domain/accounts/permissions.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { issuedPasswordSchema } from '#domain/contracts/desk/accounts.ts';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import { serverRoutes } from '#domain/contracts/server-routes.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { paramNamesOf } from '#domain/contracts/route.ts';
import type { Route, Routes, ServerPermission } from '#domain/contracts/route.ts';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import { rawRequest } from '#tests/support/raw-http.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { isPublic } from '../../sync-server/transport/route-access.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
const namesOf = (routes: Routes): string[] => Object.values(routes).map(nameOf).sort();
const filled = ({ path }: Route): string => path.replace(/:\w+/gu, '1');

describe.each([
  ['agent', agentRoutes as Routes],
  ['server', serverRoutes as Routes],
])('the contracts of the %s', (_, routes) => {
  test('name every parameter of a path, and each route once', () => {
    for (const route of Object.values(routes))
      expect([nameOf(route), Object.keys(route.params?.shape ?? {}).sort()]).toEqual([
        nameOf(route),
        paramNamesOf(route).sort(),
      ]);
    expect(new Set(namesOf(routes)).size).toBe(Object.keys(routes).length);
  });
});

describe('the agent', () => {
  let whole: WholeStation;
  beforeAll(async () => {
    whole = await startWholeStation({ withServer: false });
  });
  afterAll(() => whole?.close());

  test('answers what the contracts say, with the permission that they name, and nothing else', () => {
    const answered = whole.agent.routes.filter(
      ({ method, access }) => access !== 'file' && method !== 'HEAD',
    );
    expect(answered.map(nameOf).sort()).toEqual(namesOf(agentRoutes));
    const access = new Map(answered.map((route) => [nameOf(route), route.access]));
    for (const route of Object.values<Route>(agentRoutes))
      expect([nameOf(route), access.get(nameOf(route))]).toEqual([nameOf(route), route.permission]);
  });

  test('opens nothing of a subject to a page where nobody is logged in', async () => {
    const { host } = new URL(whole.agent.url);
    const headers = { ...(await whole.station.headers()), host };
    const ofSubjects = Object.values<Route>(agentRoutes).filter(({ permission }) => permission === 'subject');
    expect(ofSubjects.length).toBeGreaterThan(35);
    for (const route of ofSubjects) {
      const { status, body } = await rawRequest(Number(new URL(whole.agent.url).port), {
        ...{ method: route.method, target: filled(route), headers },
        body: '{}',
      });
      expect([nameOf(route), status, codeIn(body)]).toEqual([nameOf(route), 401, 'UNAUTHENTICATED']);
    }
  });
});

describe('the server', () => {
  const data = makeDataFolder();
  const password = 'a long password of the test';
  const account = (id: string, permissions: string[]) => ({ id, name: id, department: '', permissions });
  const keeper = account('keeper', ['accounts']);
  const watcher = account('watcher', ['fleet']);
  let server: RunningServer;
  beforeAll(async () => {
    server = await startTestServer(data.folder, {
      accounts: [keeper, watcher].map((one) => ({ ...one, password })),
      metrics: { token: 'a token of the metrics' },
    });
  });
  afterAll(async () => {
    await server?.close();
    data.remove();
  });

  const signIn = async (id: string, secret: string): Promise<string> => {
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: id, password: secret }),
    });
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const actorOf = ({ id, ...rest }: typeof keeper, mustChangePassword = false): Actor => ({
    ...nobody,
    ...rest,
    kind: 'staff',
    account: id,
    mustChangePassword,
  });
  const ask = async (route: Route, headers: Record<string, string>) => {
    const { status, body } = await rawRequest(server.port, {
      ...{ method: route.method, target: filled(route) },
      headers: { host: `127.0.0.1:${server.port}`, ...headers },
      // too little for every route: who may is asked before what was sent is looked at
      body: '{}',
    });
    return { status, code: codeIn(body) };
  };
  const guarded = Object.values<Route<ServerPermission>>(serverRoutes).filter(
    ({ permission }) => !isPublic(permission),
  );

  test('answers what the contracts say, with the permission that they name, and nothing else', () => {
    const answered = server.routes.filter(({ method, access }) => access !== 'file' && method !== 'HEAD');
    expect(answered.map(nameOf).sort()).toEqual(namesOf(serverRoutes));
    const access = new Map(answered.map((route) => [nameOf(route), route.access]));
    for (const route of Object.values<Route>(serverRoutes))
      expect([nameOf(route), access.get(nameOf(route))]).toEqual([nameOf(route), route.permission]);
  });

  test('is open to whoever comes at these routes alone', () => {
    const open = Object.values<Route<ServerPermission>>(serverRoutes).filter(({ permission }) =>
      isPublic(permission),
    );
    expect(open.map(nameOf).sort()).toEqual([
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
  });

  test('refuses everybody who has not the permission, and only them', async () => {
    const add = await fetch(`${server.url}/api/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: await signIn(keeper.id, password) },
      body: JSON.stringify({ ...account('fresh', ['fleet']), name: '新同事' }),
    });
    const issued = issuedPasswordSchema.parse(await add.json());
    const callers: [Actor, Record<string, string>][] = [
      [nobody, {}],
      [actorOf(keeper), { cookie: await signIn(keeper.id, password) }],
      [actorOf(watcher), { cookie: await signIn(watcher.id, password) }],
      [actorOf(account('fresh', ['fleet']), true), { cookie: await signIn('fresh', issued.password) }],
    ];
    const seen = { refused: 0, let: 0 };
    for (const route of guarded) {
      const { permission } = route;
      // signing out would end the walk
      if (nameOf(route) === nameOf(deskRoutes.signOut) || 'events' in route.answer) continue;
      for (const [actor, headers] of callers) {
        const answer = await ask(route, headers);
        const who = `${nameOf(route)} by ${actor.account || 'nobody'}`;
        const may =
          permission === 'station' || permission === 'metrics' || permission === 'approval-system'
            ? ({ allowed: false, reason: 'UNAUTHENTICATED' } as const)
            : permission === 'public'
              ? ({ allowed: true } as const)
              : mayAtAll(actor, permission);
        if (may.allowed || may.reason === 'NOT_FOUND') {
          seen.let += 1;
          expect([who, ['UNAUTHENTICATED', 'FORBIDDEN'].includes(answer.code ?? '')]).toEqual([who, false]);
        } else {
          seen.refused += 1;
          expect([who, answer.code]).toEqual([who, may.reason]);
        }
      }
    }
    expect(seen.refused).toBeGreaterThan(50);
    expect(seen.let).toBeGreaterThan(20);
  });
});

function codeIn(body: string): string | undefined {
  try {
    return wireErrorSchema.safeParse(JSON.parse(body)).data?.code;
  } catch {
    return undefined;
  }
}

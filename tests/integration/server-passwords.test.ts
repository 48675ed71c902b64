/** Whoever keeps accounts must not work in another's name: passwords that he made are good for choosing another, nothing else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

const chosen = 'kT7-vume-Rado';
let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
beforeEach(async () => {
  data = makeDataFolder();
  server = await startTestServer(data.folder);
});
afterEach(async () => {
  await server.close();
  data.remove();
});

const run = async (...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder))), [
    'account',
    ...args,
  ]);
const passwordIn = (text: string): string => /密码 (\S+?)（/.exec(text)?.[1] ?? '';
const add = async (id: string, permissions: string): Promise<string> =>
  passwordIn(
    await run('add', id, '--name', `${id}经办`, '--department', '房建处', '--permissions', permissions),
  );

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  const session = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: answer.status, told, code: told['code'], cookie: session };
}
const signIn = (account: string, password: string) => ask('POST', '/api/session', '', { account, password });
const change = (cookie: string, current: string, next: string) =>
  ask('PUT', '/api/session/password', cookie, { current, next });

/** Signed in with a password of one's own. */
async function enter(id: string, permissions: string): Promise<string> {
  const first = await add(id, permissions);
  const { cookie } = await signIn(id, first);
  const changed = await change(cookie, first, chosen);
  expect(changed.status).toBe(200);
  return changed.cookie;
}

describe('a password that somebody else made', () => {
  it('opens nothing but choosing another, in every route that asks who somebody is', async () => {
    const first = await add('li', 'review,all-departments,fleet,accounts');
    const { cookie, told, status } = await signIn('li', first);
    expect(status).toBe(200);
    expect(told['mustChangePassword']).toMatchObject({ by: '系统管理员（服务器命令）', isReset: false });
    const id = '01K00000000000000000000000';
    const routes: [string, string, unknown?][] = [
      ['GET', '/api/cases'],
      ['GET', `/api/cases/${id}`],
      ['POST', `/api/cases/${id}/decisions`, { step: 's', decision: 'd', opinion: '' }],
      ['POST', `/api/cases/${id}/overrules`, {}],
      ['GET', `/api/records/${id}/materials/a/pages/0`],
      ['GET', `/api/records/${id}/materials/a/crops/f`],
      ['GET', `/api/records/${id}/materials/a/pdf`],
      ['GET', `/api/records/${id}/materials/a/seal-report`],
      ['GET', '/api/catalogue'],
      ['GET', '/api/stations'],
      ['GET', '/api/fleet'],
      ['GET', '/api/events'],
      ['GET', '/api/accounts'],
      ['POST', '/api/accounts', { id: 'x', name: 'x', department: '', permissions: ['fleet'] }],
      ['POST', '/api/accounts/li/password'],
      ['PUT', '/api/accounts/li/state', { isDisabled: true }],
      ['GET', '/api/accounts/li/operations'],
    ];
    for (const [method, path, body] of routes)
      expect([path, (await ask(method, path, cookie, body)).code]).toEqual([
        path,
        'PASSWORD_CHANGE_REQUIRED',
      ]);
    expect((await ask('GET', '/api/session', cookie)).status).toBe(200);

    expect((await change(cookie, first, chosen)).told).not.toHaveProperty('mustChangePassword');
    expect((await ask('GET', '/api/cases', cookie)).status).toBe(200);
    expect((await signIn('li', first)).status).toBe(401);
    expect((await signIn('li', chosen)).told).not.toHaveProperty('mustChangePassword');
  });

  it('runs out after a week, which only somebody who knows it is told', async () => {
    const first = await add('li', 'review');
    const { db, close } = await openStore({
      folder: data.folder,
      ...(await storeSettings(data.folder)),
      beside: true,
    });
    const row = await db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
    expect(Date.parse(row.password_until ?? '') - Date.parse(row.created_at)).toBe(7 * 86_400_000);
    await db.updateTable('account').set({ password_until: row.created_at }).execute();
    await close();
    expect((await signIn('li', first)).code).toBe('PASSWORD_EXPIRED');
    expect((await signIn('li', 'something else')).code).toBe('SIGN_IN_FAILED');
    const second = passwordIn(await run('password', 'li'));
    expect((await signIn('li', second)).status).toBe(200);
  });

  it('is told to its owner with who reset it, stands in the log, and ends what was signed in', async () => {
    const li = await enter('li', 'review');
    const chief = await enter('chief', 'accounts');
    const reset = await ask('POST', '/api/accounts/li/password', chief);
    expect((await ask('GET', '/api/session', li)).status).toBe(401);
    const { told } = await signIn('li', String(reset.told['password']));
    expect(told['mustChangePassword']).toMatchObject({ by: 'chief经办', isReset: true });
    const log = (await ask('GET', '/api/accounts/li/operations', chief)).told as unknown as {
      actor: string;
      action: string;
    }[];
    expect(log.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'chief account-password',
      'li account-own-password',
      'administrator account-added',
    ]);
  });
});

describe("one's own password", () => {
  it('changes with the present one only, ends the other sessions, and keeps to the rules', async () => {
    const here = await enter('li', 'review');
    const elsewhere = (await signIn('li', chosen)).cookie;
    expect((await change(here, 'not this one', 'another-good-1')).code).toBe('PASSWORD_WRONG');
    for (const weak of ['short', 'password123', 'li经办的密码是这个', chosen]) {
      const refused = await change(here, chosen, weak);
      expect([weak, refused.code]).toEqual([weak, 'PASSWORD_TOO_WEAK']);
    }
    expect((await ask('GET', '/api/session', elsewhere)).status).toBe(200);
    const changed = await change(here, chosen, 'mx9q2w7rhvzt');
    expect(changed.status).toBe(200);
    expect((await ask('GET', '/api/session', changed.cookie)).status).toBe(200);
    expect((await ask('GET', '/api/session', elsewhere)).status).toBe(401);
    expect((await signIn('li', chosen)).status).toBe(401);
    expect((await change('', chosen, 'mx9q2w7rhvzt')).code).toBe('UNAUTHENTICATED');
  });

  it('is not guessed from a session that was left open, one by one or all at once', async () => {
    const left = await enter('li', 'review');
    const codes = await Promise.all(
      Array.from(
        { length: 20 },
        async (_one, n) => (await change(left, `guess number ${n}`, 'mx9q2w7rhvzt')).code,
      ),
    );
    expect(codes.filter((code) => code === 'PASSWORD_WRONG').length).toBeLessThanOrEqual(5);
    expect((await ask('GET', '/api/session', left)).status).toBe(401);
    expect((await signIn('li', chosen)).status).toBe(200);
  });
});

describe('whoever keeps accounts', () => {
  it('grants nothing to himself, neither a permission nor a department, and may give up some', async () => {
    const chief = await enter('chief', 'accounts,fleet');
    const put = (body: object) =>
      ask('PUT', '/api/accounts/chief', chief, {
        name: 'chief经办',
        department: '房建处',
        permissions: ['accounts', 'fleet'],
        ...body,
      });
    expect((await put({ permissions: ['accounts', 'fleet', 'review'] })).code).toBe('PERMISSION_OWN');
    expect((await put({ permissions: ['accounts', 'all-departments'] })).code).toBe('PERMISSION_OWN');
    expect((await put({ department: '市政处' })).code).toBe('PERMISSION_OWN');
    expect((await put({ name: '王处' })).status).toBe(200);
    expect((await put({ permissions: ['accounts'] })).status).toBe(200);
    expect((await put({})).code).toBe('PERMISSION_OWN');
  });
});

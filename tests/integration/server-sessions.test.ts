/** Sessions, by whatever way they were opened: the token alone opens them, and it changes where the rights do. */
import { hash, randomBytes, scryptSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { Db } from '../../sync-server/store/open-store.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
beforeAll(async () => {
  data = makeDataFolder();
  const account = { name: '李审核', department: '房建处', password: 'kT7-vume-Rado' };
  server = await startTestServer(data.folder, {
    accounts: [
      { ...account, id: 'li', permissions: ['review'] },
      { ...account, id: 'old', permissions: ['review'] },
    ],
  });
});
afterAll(async () => {
  await server.close();
  data.remove();
});

const sha256 = (text: string): string => hash('sha256', text);
const tokenOf = (cookie: string): string => cookie.split('=')[1] ?? '';

async function command(...args: string[]): Promise<string> {
  const settings = testSettings(data.folder, await storeSettings(data.folder));
  return administer(serverSettingsSchema.parse(settings), ['account', ...args]);
}

async function beside(work: (db: Db) => Promise<unknown>): Promise<void> {
  const { database } = await storeSettings(data.folder);
  const store = await openStore({ folder: data.folder, database, beside: true });
  await work(store.db);
  await store.close();
}

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const signIn = async (account = 'li', earlier = '') =>
  (await ask('POST', '/api/session', earlier, { account, password: 'kT7-vume-Rado' })).cookie;

describe('the token of a session', () => {
  it('is 256 bits of chance, of which the store has the SHA-256 alone', async () => {
    const cookie = await signIn();
    expect(Buffer.from(tokenOf(cookie), 'base64url')).toHaveLength(32);
    const rows = await queryStore<Record<string, unknown>>(data.folder, 'select * from session');
    expect(rows.map(({ token_sha: sha }) => sha)).toContain(sha256(tokenOf(cookie)));
    expect(JSON.stringify(rows)).not.toContain(tokenOf(cookie));
    // what names the session where it is listed says nothing of the token
    expect(
      rows.every(({ id, token_sha: sha }) => !String(sha).includes(String(id).replaceAll('-', ''))),
    ).toBe(true);
  });

  it('is another one once the rights have changed, and the old one ends soon', async () => {
    const before = await signIn();
    await command('permissions', 'li', '--permissions', 'review,fleet');
    const stream = await fetch(`${server.url}/api/events`, { headers: { cookie: before } });
    // its head is written by itself: a new token would be lost with it
    expect([stream.status, stream.headers.get('set-cookie')]).toEqual([200, null]);
    await stream.body?.cancel();
    const many = await Promise.all([1, 2, 3].map(() => ask('GET', '/api/fleet', before)));
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200]);
    const renewed = many.map(({ cookie }) => cookie).filter((cookie) => cookie !== '');
    expect(renewed).toHaveLength(1);
    const [after = ''] = renewed;
    expect(tokenOf(after)).not.toBe(tokenOf(before));
    expect((await ask('GET', '/api/session', after)).status).toBe(200);
    expect((await ask('GET', '/api/session', before)).status).toBe(200);
    await beside((db) =>
      db
        .updateTable('session')
        .set({ earlier_until: new Date(Date.now() - 1000).toISOString() })
        .where('earlier_sha', '=', sha256(tokenOf(before)))
        .execute(),
    );
    expect((await ask('GET', '/api/session', before)).status).toBe(401);
    expect((await ask('GET', '/api/session', after)).status).toBe(200);
  });

  it('is never one that the browser brought: signing in again ends what was open there', async () => {
    const first = await signIn();
    const second = await signIn('li', first);
    expect(tokenOf(second)).not.toBe(tokenOf(first));
    expect((await ask('GET', '/api/session', first)).status).toBe(401);
    const planted = 'ludeng-desk=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    expect(await signIn('li', planted)).not.toBe(planted);
    expect((await ask('GET', '/api/session', planted)).status).toBe(401);
  });

  it('changes with the own password', async () => {
    const before = await signIn();
    const change = { current: 'kT7-vume-Rado', next: 'Wm4-tule-Sipo' };
    const { cookie: after } = await ask('PUT', '/api/session/password', before, change);
    expect(tokenOf(after)).not.toBe(tokenOf(before));
    expect((await ask('GET', '/api/session', after)).status).toBe(200);
  });
});

describe('a password hash of before', () => {
  const hashOf = async (id: string): Promise<string> => {
    const [row] = await queryStore<{ password_hash: string }>(
      data.folder,
      `select password_hash from account where id = '${id}'`,
    );
    return row?.password_hash ?? '';
  };

  it('rises at the next sign-in, not at a wrong try, and whoever is signed in stays so', async () => {
    const salt = randomBytes(16);
    const key = scryptSync('kT7-vume-Rado', salt, 32, { N: 32_768, r: 8, p: 3, maxmem: 96 * 1024 * 1024 });
    const hash = ['scrypt', 32_768, 8, 3, salt.toString('base64url'), key.toString('base64url')].join('$');
    const earlier = await signIn('old');
    await beside((db) =>
      db.updateTable('account').set({ password_hash: hash }).where('id', '=', 'old').execute(),
    );
    const wrong = { account: 'old', password: 'kT7-vume-Radx' };
    expect((await ask('POST', '/api/session', '', wrong)).status).toBe(401);
    expect(await hashOf('old')).toBe(hash);
    const cookie = await signIn('old');
    expect(await hashOf('old')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await ask('GET', '/api/session', cookie)).status).toBe(200);
    expect((await ask('GET', '/api/session', earlier)).status).toBe(200);
    expect((await ask('GET', '/api/session', await signIn('old'))).status).toBe(200);
  });
});

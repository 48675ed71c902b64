import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { createLogRows } from '../../sync-server/store/log-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
const password = 'kT7-vume-Rado';
beforeAll(async () => {
  data = makeDataFolder();
  const account = { department: '房建处', password };
  server = await startTestServer(data.folder, {
    accounts: [
      { ...account, id: 'li', name: '李审核', permissions: ['review'] },
      { ...account, id: 'chief', name: '王处', permissions: ['accounts'] },
    ],
  });
});
afterAll(async () => {
  await server.close();
  data.remove();
});

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      cookie,
      'user-agent': 'test browser',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const signIn = async (account: string, typed = password) =>
  (await ask('POST', '/api/session', '', { account, password: typed })).cookie;

interface Line {
  number: number;
  kind: string;
  account: string;
  name: string;
  action: string;
  ref: string;
  result: string;
  detail: string;
  place: string;
  device: string;
  before_sha: string;
  sha: string;
}
const linesOf = (where: string): Promise<Line[]> =>
  queryStore<Line>(data.folder, `select * from log_line where ${where} order by number`);

describe('the log', () => {
  it('has every sign-in, also a refused one, every sign-out and every session that somebody ended', async () => {
    const li = await signIn('li');
    await signIn('li', 'wrong');
    await signIn('no-such-account', 'wrong');
    await ask('DELETE', '/api/session', li);
    const other = await signIn('li');
    const chief = await signIn('chief');
    const [session] = await queryStore<{ id: string }>(
      data.folder,
      `select id from session where account_id = 'li'`,
    );
    await ask('DELETE', `/api/sessions/${session?.id ?? ''}`, chief);
    expect((await ask('GET', '/api/session', other)).status).toBe(401);
    await expect
      .poll(async () =>
        (await linesOf(`kind = 'login' and ref = 'li'`))
          .map(({ action, result }) => `${action} ${result}`)
          .toSorted(),
      )
      .toEqual(
        [
          'sign-in done',
          'sign-in SIGN_IN_FAILED',
          'sign-out done',
          'sign-in done',
          'account-session-ended done',
        ].toSorted(),
      );
    const [first] = await linesOf(`kind = 'login' and ref = 'li'`);
    expect(first).toMatchObject({
      account: 'li',
      name: '李审核',
      detail: 'password',
      place: '127.0.0.1',
      device: 'test browser',
    });
    const [ended] = await linesOf(`action = 'account-session-ended'`);
    expect(ended).toMatchObject({ account: 'chief', name: '王处', ref: 'li' });
    expect(await linesOf(`account = 'no-such-account'`)).toEqual([]);
  });

  it('gives each line the next number and the hash of the one before, however many write at once', async () => {
    const { database } = await storeSettings(data.folder);
    const stores = await Promise.all(
      [1, 2, 3].map(() => openStore({ folder: data.folder, database, beside: true })),
    );
    const line = { at: new Date().toISOString(), kind: 'operation', actor: 'li', action: 'tried' } as const;
    await Promise.all(
      stores.flatMap(({ db }, writer) =>
        Array.from({ length: 40 }, (_, n) => createLogRows(db).append({ ...line, refId: `${writer} ${n}` })),
      ),
    );
    await Promise.all(stores.map(({ close }) => close()));
    const all = await linesOf('1 = 1');
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => index + 1));
    expect(all.map(({ before_sha: before }) => before)).toEqual(
      ['', ...all.map(({ sha }) => sha)].slice(0, -1),
    );
    expect(new Set(all.filter(({ action }) => action === 'tried').map(({ ref }) => ref)).size).toBe(120);
  });
});

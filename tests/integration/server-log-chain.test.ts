import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filterFor } from '#domain/accounts/permissions.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { logHeadSchema, logLineText } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { writeLogHeads } from '../../scanner-agent/cli/log-heads.ts';
import { createLink } from '../../scanner-agent/sync/create-link.ts';
import { enrolStation } from '../../scanner-agent/sync/enrol.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { openServerKey } from '../../sync-server/keys/server-key.ts';
import { checkLog } from '../../sync-server/services/logs/check-log.ts';
import { createSignLogHeads } from '../../sync-server/services/logs/sign-log-heads.ts';
import { createLogRows } from '../../sync-server/store/log-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import type { Db, OpenStore } from '../../sync-server/store/open-store.ts';
import { enrolmentCode, makeDataFolder, sha256, startTestServer, testSettings } from './server-support.ts';

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

  it('shows everybody the own lines, a unit’s main account those of the unit, and all of them to whoever looks after accounts', async () => {
    const { database } = await storeSettings(data.folder);
    const { db, close } = await openStore({ folder: data.folder, database, beside: true });
    const rows = createLogRows(db);
    const unit = { kind: 'organisation', scheme: 'credit-code', value: '91A', name: '甲公司' } as const;
    const at = new Date().toISOString();
    await db
      .insertInto('organisation')
      .values({ id: 'A', name: '甲公司', credit_code: '91A', created_at: at })
      .execute();
    for (const [id, kind] of [
      ['jia', 'main'],
      ['jia-handler', 'handler'],
    ] as const) {
      await db
        .insertInto('account')
        .values({
          ...{ id, kind, name: id, department: '', permissions: '[]', organisation_id: 'A', person_id: null },
          ...{ password_hash: '!', created_at: at, disabled_at: null, last_sign_in_at: null },
          ...{ password_issued_at: null, password_issued_by: null, password_until: null },
        })
        .execute();
      await rows.append({ at, kind: 'login', actor: id, action: 'sign-in', refId: id });
    }
    const seenBy = async (actor: Partial<Actor>, query: { account?: string; kind?: 'login' } = {}) => {
      const visible = filterFor({ ...nobody, ...actor }, 'log.read');
      const { lines } = await rows.list({ visible, page: 1, pageSize: 1_000, ...query });
      return [...new Set(lines.map(({ account }) => account))].toSorted();
    };
    expect(await seenBy({ kind: 'main', account: 'jia', organisation: unit })).toEqual([
      'jia',
      'jia-handler',
    ]);
    expect(await seenBy({ kind: 'handler', account: 'jia-handler', organisation: unit })).toEqual([
      'jia-handler',
    ]);
    expect(await seenBy({ kind: 'main', account: 'yi', organisation: { ...unit, value: '91B' } })).toEqual(
      [],
    );
    expect(await seenBy({ kind: 'staff', account: 'li', permissions: ['review'] })).toEqual(['li']);
    const all = await seenBy({ kind: 'staff', account: 'chief', permissions: ['accounts'] });
    expect(all).toEqual(expect.arrayContaining(['jia', 'jia-handler', 'li', 'chief']));
    expect(await seenBy({ kind: 'main', account: 'jia', organisation: unit }, { account: 'li' })).toEqual([]);
    await close();
    const li = await signIn('li');
    expect((await ask('GET', '/api/log', li)).status).toBe(200);
    expect((await ask('GET', '/api/log', '')).status).toBe(401);
    expect((await ask('GET', '/api/log?kind=nothing', li)).status).toBe(400);
    expect((await ask('GET', '/api/log/state', li)).status).toBe(403);
    expect((await ask('POST', '/api/log/checks', li)).status).toBe(403);
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

describe('somebody who has the database in hand', () => {
  const place = makeDataFolder();
  let store: OpenStore;
  let heads: LogHead[];
  let publicKey: string;
  const count = 30;
  const clock = { now: () => new Date().toISOString() };
  beforeAll(async () => {
    store = await openStore({ folder: place.folder, ...(await storeSettings(place.folder)) });
    const serverKey = openServerKey(join(place.folder, 'key.pem'), undefined);
    publicKey = serverKey.publicKeyPem;
    const rows = createLogRows(store.db);
    const signer = createSignLogHeads({ rows, serverKey, clock, log: { error: () => undefined } });
    // the turn with which it begins is over: later it would sign whichever line it found
    await signer.signNow();
    for (let n = 1; n <= count; n += 1) {
      await rows.append({
        at: clock.now(),
        kind: 'operation',
        actor: 'li',
        action: 'did',
        refId: `thing ${n}`,
      });
      if (n % 10 === 0 && n < count) await signer.signNow();
    }
    heads = await rows.signed();
    clearSigner = signer.stop;
  });
  let clearSigner: () => Promise<void>;
  afterAll(async () => {
    await clearSigner();
    await store.close();
    place.remove();
  });

  const look = async (outside: readonly LogHead[] = []): Promise<string[]> =>
    (await checkLog({ rows: createLogRows(store.db), publicKey, clock }, outside)).findings;

  /** What is found after `work`; the log is then put back as it was. */
  async function after(
    work: (db: Db) => Promise<unknown>,
    outside: readonly LogHead[] = [],
  ): Promise<string[]> {
    const { db } = store;
    const lines = await db.selectFrom('log_line').selectAll().execute();
    const [head] = await db.selectFrom('log_head').selectAll().execute();
    const signatures = await db.selectFrom('log_signature').selectAll().execute();
    await work(db);
    const found = await look(outside);
    for (const table of ['log_line', 'log_head', 'log_signature'] as const)
      await db.deleteFrom(table).execute();
    await db.insertInto('log_line').values(lines).execute();
    if (head) await db.insertInto('log_head').values(head).execute();
    await db.insertInto('log_signature').values(signatures).execute();
    return found;
  }
  const move = (db: Db, from: number, to: number) =>
    db.updateTable('log_line').set({ number: to }).where('number', '=', from).execute();

  /** Line `from` and all after it get hashes that fit: whoever can write can do that. */
  async function hashAnew(db: Db, from: number): Promise<void> {
    const all = await db.selectFrom('log_line').selectAll().orderBy('number').execute();
    let before = all.find(({ number }) => number === from - 1)?.sha ?? '';
    for (const { before_sha: _before, sha: _sha, ...line } of all.filter(({ number }) => number >= from)) {
      // read as it was written
      const sha = sha256(logLineText(line, before));
      await db
        .updateTable('log_line')
        .set({ before_sha: before, sha })
        .where('number', '=', line.number)
        .execute();
      before = sha;
    }
    await db.updateTable('log_head').set({ sha: before }).execute();
  }

  it('is not suspected while the log is as it was', async () => {
    expect(heads.map(({ number }) => number).filter((number) => number > 1)).toEqual([10, 20]);
    expect(await look(heads)).toEqual([]);
  });

  it('alters a line: it is named', async () => {
    const change = (db: Db) =>
      db.updateTable('log_line').set({ account: 'zhang' }).where('number', '=', 12).execute();
    expect(await after(change)).toEqual(['第 12 行被改写']);
    const last = (db: Db) =>
      db.updateTable('log_line').set({ result: 'done ' }).where('number', '=', count).execute();
    expect(await after(last)).toEqual([`第 ${count} 行被改写`]);
    const withItsHash = async (db: Db) => {
      await db.updateTable('log_line').set({ account: 'zhang' }).where('number', '=', 12).execute();
      const line = await db
        .selectFrom('log_line')
        .selectAll()
        .where('number', '=', 12)
        .executeTakeFirstOrThrow();
      const { before_sha: before, sha: _sha, ...rest } = line;
      const sha = sha256(logLineText(rest, before));
      await db.updateTable('log_line').set({ sha }).where('number', '=', 12).execute();
    };
    expect(await after(withItsHash)).toEqual(['第 12 行被改写']);
  });

  it('alters a line and makes every hash anew: a head that was signed before tells it', async () => {
    const rewrite = async (db: Db) => {
      await db.updateTable('log_line').set({ account: 'zhang' }).where('number', '=', 12).execute();
      await hashAnew(db, 12);
    };
    const told = ['第 11 至 20 行之间被改写，其后的校验值也重新算过：与当时签名留存的不一致'];
    expect(await after(rewrite)).toEqual(told);
    // also where the store's own signatures went with it: a station has them
    const withoutHeads = async (db: Db) => {
      await rewrite(db);
      await db.deleteFrom('log_signature').execute();
    };
    expect(await after(withoutHeads)).toEqual([]);
    expect(await after(withoutHeads, heads)).toEqual(told);
  });

  it('cuts the end off: the lines are named', async () => {
    const cut = (db: Db) => db.deleteFrom('log_line').where('number', '>', 27).execute();
    expect(await after(cut)).toEqual(['末尾被截：第 28 至 30 行不见了']);
    const withHead = async (db: Db) => {
      await db.deleteFrom('log_line').where('number', '>', 17).execute();
      const { sha } = await db
        .selectFrom('log_line')
        .select('sha')
        .where('number', '=', 17)
        .executeTakeFirstOrThrow();
      await db.updateTable('log_head').set({ number: 17, sha }).execute();
    };
    expect(await after(withHead)).toEqual(['末尾被截：第 18 至 20 行不见了']);
  });

  it('takes lines out of the middle: they are named, also where the rest closes up', async () => {
    const take = (db: Db) => db.deleteFrom('log_line').where('number', 'in', [14, 15]).execute();
    expect(await after(take)).toEqual(['第 14 至 15 行被删除']);
    const closeUp = async (db: Db) => {
      await take(db);
      for (let n = 16; n <= count; n += 1) await move(db, n, n - 2);
      await db
        .updateTable('log_head')
        .set({ number: count - 2 })
        .execute();
    };
    expect(await after(closeUp)).toEqual(['第 14 至 15 行被删除']);
  });

  it('swaps two lines: both are named', async () => {
    const swap = (one: number, other: number) => async (db: Db) => {
      await move(db, one, 1_000);
      await move(db, other, one);
      await move(db, 1_000, other);
    };
    expect(await after(swap(5, 9))).toEqual([
      '顺序被改：现在的第 5 行原是第 9 行',
      '顺序被改：现在的第 9 行原是第 5 行',
    ]);
    expect(await after(swap(21, 22))).toEqual([
      '顺序被改：现在的第 21 行原是第 22 行',
      '顺序被改：现在的第 22 行原是第 21 行',
    ]);
  });

  it('puts a line in between, or behind: it is named', async () => {
    const insert = async (db: Db) => {
      for (let n = count; n >= 8; n -= 1) await move(db, n, n + 1);
      const { number: _number, ...line } = await db
        .selectFrom('log_line')
        .selectAll()
        .where('number', '=', 7)
        .executeTakeFirstOrThrow();
      const { before_sha: _before, sha, ...rest } = { ...line, number: 8, account: 'zhang' };
      const own = sha256(logLineText(rest, sha));
      await db
        .insertInto('log_line')
        .values({ ...rest, before_sha: sha, sha: own })
        .execute();
      await db
        .updateTable('log_head')
        .set({ number: count + 1 })
        .execute();
    };
    expect(await after(insert)).toEqual(['第 8 行是后来插入的']);
    const behind = (db: Db) =>
      sql`insert into log_line select number + 1, at, kind, 'zhang', name, organisation, action, ref, result, detail, place,
        device, sha, sha from log_line where number = ${count}`.execute(db);
    expect(await after(behind)).toEqual([`第 ${count + 1} 行是后来插入的`]);
  });

  it('makes a signature: it is not the server’s', async () => {
    const forge = (db: Db) =>
      db
        .updateTable('log_signature')
        .set({ sha: '0'.repeat(64) })
        .where('number', '=', 20)
        .execute();
    expect(await after(forge)).toEqual(['第 20 行的签名记录不是本服务器签的']);
  });
});

describe('the head of the log', () => {
  it('goes to the stations, and with what they kept the command finds what was done', async () => {
    const { folder, remove } = makeFolder();
    const station = openStation(folder);
    await enrolStation({
      store: station.store,
      ...{ serverUrl: server.url, code: enrolmentCode, stationId: 'S1', stationName: '测试采集站' },
    });
    await signIn('li');
    const restart = async (): Promise<void> => {
      await server.close();
      server = await startTestServer(data.folder);
    };
    // signed at shutdown, and told at the next hello
    await restart();
    station.store.saveEnrolment({
      ...(station.store.identity().enrolment ?? expect.fail('not enrolled')),
      serverUrl: server.url,
    });
    const link = createLink({ ...station, appVersion: '1', catalogueHash: 'x', random: () => 0 });
    link.start();
    const file = join(folder, 'heads.json');
    const kept = async (): Promise<LogHead[]> => {
      expect(writeLogHeads({ dataFolder: folder, output: file })).toBe(0);
      const { heads } = JSON.parse(await readFile(file, 'utf8')) as { heads: unknown[] };
      return heads.map((head) => logHeadSchema.parse(head));
    };
    await waitUntil(async () => (await kept()).length > 0, { what: 'a head at the station' });
    const [last] = await queryStore<{ number: number; sha: string }>(
      data.folder,
      'select number, sha from log_signature order by number desc limit 1',
    );
    expect((await kept()).at(-1)).toMatchObject({ number: last?.number, sha: last?.sha });
    await link.close();
    station.store.close();

    const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
    const command = () => administer(settings, ['verify-log', '--heads', file]);
    expect(await command()).toMatch(/^日志完好：共 \d+ 行/);
    const { db, close } = await openStore({ folder: data.folder, database: settings.database, beside: true });
    await db.deleteFrom('log_signature').execute();
    await db
      .deleteFrom('log_line')
      .where('number', '>=', last?.number ?? 0)
      .execute();
    await db
      .updateTable('log_head')
      .set({ number: (last?.number ?? 0) - 1 })
      .execute();
    await close();
    await expect(command()).rejects.toThrow(/末尾被截：第 \d+ 行不见了/);
    const alarms = await queryStore<{ kind: string }>(data.folder, `select kind from alarm`);
    expect(alarms).toEqual([{ kind: 'log-altered' }]);
    writeFileSync(file, '{}');
    await expect(command()).rejects.toThrow('不是采集站导出的日志签名');
    remove();
  });
});

/**
 * `npm run bench -- accounts [--sessions N] [--seconds S]`: what signing in and being signed in cost beside the bare hash and the
 * bare query of the same run, and what very many sessions take, on SQLite and on PostgreSQL.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verify } from '@node-rs/argon2';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { createDatabase } from '#tests/support/fixture.ts';
import { findPostgres, startPostgres } from '#tests/support/postgres.ts';
import { createAttemptLimit } from '../sync-server/services/accounts/attempt-limit.ts';
import { createPasswordLogin } from '../sync-server/services/accounts/login/password.ts';
import { createPasswordHashing } from '../sync-server/services/accounts/password-hashing.ts';
import { createSessions } from '../sync-server/services/accounts/sessions.ts';
import { sha256 } from '../sync-server/services/hashing.ts';
import { createAccountRows } from '../sync-server/store/account-rows.ts';
import { createAtomicRows } from '../sync-server/store/atomic-rows.ts';
import { openStore } from '../sync-server/store/open-store.ts';
import type { Db } from '../sync-server/store/open-store.ts';
import { createSessionRows } from '../sync-server/store/session-rows.ts';
import { byTurns, rate } from './rate.ts';

const password = 'kT7-vume-Rado';
/** As many hashes as the server runs at a time. */
const atOnce = 2;
/** Who sign in at a time: more than are hashed, so that one's hash is not waited for by another's row. */
const people = 8;

export async function benchAccounts(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sessions: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const options = { sessions: Number(values.sessions), ms: Number(values.seconds) * 1000 };
  const folder = mkdtempSync(join(tmpdir(), 'bench-accounts-'));
  try {
    await onDatabase('SQLite', { folder: join(folder, 'sqlite'), database: undefined }, options);
    if (findPostgres() === undefined) return;
    const postgres = await startPostgres({ isDurable: true });
    try {
      const database = await createDatabase(postgres.url, 'accounts');
      await onDatabase('PostgreSQL', { folder: join(folder, 'postgres'), database }, options);
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onDatabase(
  name: string,
  place: { folder: string; database: string | undefined },
  { sessions: count, ms }: { sessions: number; ms: number },
): Promise<void> {
  const { db, pool, close } = await openStore(place);
  const { ask, end } = askBare(place.folder, pool);
  const clock = { now: () => new Date().toISOString(), nowMs: () => Date.now() };
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const hashing = createPasswordHashing({ atOnce });
  const hash = await hashing.hash(password);
  const accounts = createAccountRows(db);
  const account = { id: 'li', name: '李审核', department: '房建处', permissions: ['review'] };
  await accounts.add({ ...account, passwordHash: hash }, clock.now());
  const sessions = createSessions({ rows: createSessionRows(db), clock, log, rolesOf: () => [] });
  const before = process.memoryUsage.rss();
  const tokens = await fill(db, count);
  const login = createPasswordLogin({
    ...{ accounts, clock, log, hashing },
    attempts: createAttemptLimit({ rows: createAtomicRows(db), nowMs: clock.nowMs }),
    signInLog: { refused: () => undefined },
    isOffered: () => true,
    browsers: { recognise: () => 'known', issue: () => '', cookieName: () => '' },
  });

  const signIn = await byTurns(
    ms * 2,
    {
      bare: () => verify(hash, password),
      engine: async () => {
        const place = { address: '10.0.0.1', device: 'bench' };
        const { proof } = await login({ account: 'li', password }, { ...place, cookie: '' });
        await sessions.open({ account: 'li', way: proof.way, assurance: [proof], place });
      },
    },
    { bare: atOnce, engine: people },
  );
  const any = (): string => tokens[Math.floor(Math.random() * tokens.length)] ?? '';
  const bareRow = await rate(ms / 2, 1, () =>
    db.selectFrom('session').selectAll().where('token_sha', '=', sha256(any())).executeTakeFirst(),
  );
  const bareQuery = await rate(ms / 2, 1, () => ask(sha256(any()), clock.now()));
  const check = await rate(ms / 2, 1, () => sessions.find(any()));
  const grownMb = (process.memoryUsage.rss() - before) / 1e6;
  const figures = [
    `${name}, ${count} sessions:`,
    `  sign-ins ${(1000 / signIn.engineMs).toFixed(1)}/s, bare hash ${(1000 / signIn.bareMs).toFixed(1)}/s: ${percent(1 / signIn.ratio)}`,
    `  session check ${(1000 / check).toFixed(3)} ms, bare query ${(1000 / bareQuery).toFixed(3)} ms: ${(bareQuery / check).toFixed(2)} x`,
    `  (the session's row alone ${(1000 / bareRow).toFixed(3)} ms: ${(bareRow / check).toFixed(2)} x)`,
    `  memory grown by ${grownMb.toFixed(0)} MB, sessions in the store ${(await sizeOf(db)).toFixed(0)} MB`,
  ];
  process.stdout.write(`${figures.join('\n')}\n`);
  end();
  await close();
}

/** The question of a session check as a driver by itself asks it: who that is, where the session is good and so is its account. */
function askBare(folder: string, pool: Pool | undefined) {
  const text = (first: string, second: string): string => `
    select session.id as session_id, session.assurance, session.on_behalf_of, session.last_seen_at, session.is_rotation_due,
      account.id, account.kind, account.type, account.name, account.department, account.permissions,
      account.password_issued_at, organisation.name as organisation_name, organisation.credit_code, organisation.scheme
    from session join account on account.id = session.account_id
      left join organisation on organisation.id = account.organisation_id
    where session.token_sha = ${first} and session.expires_at > ${second} and account.disabled_at is null
      and account.is_pending = 0 and account.frozen_at is null`;
  if (pool) {
    const asked = text('$1', '$2');
    return { ask: (...values: string[]) => pool.query(asked, values), end: () => undefined };
  }
  const sqlite = new Database(join(folder, 'server.sqlite'));
  const statement = sqlite.prepare(text('?', '?'));
  return { ask: async (...values: string[]) => statement.get(...values), end: () => sqlite.close() };
}

/** Live sessions of one account; every tenth token is kept for asking. */
async function fill(db: Db, count: number): Promise<string[]> {
  const tokens: string[] = [];
  const at = new Date().toISOString();
  const expires = new Date(Date.now() + 8 * 3_600_000).toISOString();
  const identity = { kind: 'person', scheme: 'account', value: 'li', name: '李审核' };
  const assurance = JSON.stringify([{ way: 'password', level: 'password', identity, at }]);
  for (let done = 0; done < count; done += 500) {
    const batch = Array.from({ length: Math.min(500, count - done) }, () =>
      randomBytes(32).toString('base64url'),
    );
    tokens.push(...batch.filter((_, index) => index % 10 === 0));
    await db
      .insertInto('session')
      .values(
        batch.map((token) => ({
          ...{ token_sha: sha256(token), id: randomUUID(), account_id: 'li', way: 'password', assurance },
          ...{ on_behalf_of: null, device: 'bench', place: '10.0.0.1', created_at: at, last_seen_at: at },
          ...{ expires_at: expires, is_rotation_due: 0, earlier_sha: null, earlier_until: null },
        })),
      )
      .execute();
  }
  return tokens;
}

async function sizeOf(db: Db): Promise<number> {
  try {
    const { rows } = await sql<{ size: string }>`select pg_total_relation_size('session') as size`.execute(
      db,
    );
    return Number(rows[0]?.size ?? 0) / 1e6;
  } catch {
    const { rows } = await sql<{ size: number }>`select page_count * page_size as size
      from pragma_page_count(), pragma_page_size()`.execute(db);
    return Number(rows[0]?.size ?? 0) / 1e6;
  }
}

const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;

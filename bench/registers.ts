/**
 * `npm run bench -- registers [--persons N] [--persons-sqlite N] [--seconds S] [--rate N]`: what a question about locks and an
 * appointment with its lock cost in full registers beside the bare query and the bare transaction of the same run, and whether
 * so many appointments a second leave a queue, on PostgreSQL and on SQLite.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import type { Pool } from 'pg';
import { createDatabase } from '#tests/support/fixture.ts';
import { findPostgres, startPostgres } from '#tests/support/postgres.ts';
import { openStore } from '../sync-server/store/open-store.ts';
import type { Db } from '../sync-server/store/open-store.ts';
import { prepareLocksOn, renewLocks } from '../sync-server/store/person-locks.ts';
import { beginAppointment, createRegisterRows } from '../sync-server/store/register-rows.ts';
import { BenchError } from './options.ts';
import { byTurns, rate } from './rate.ts';
import { fillRegisters, personId, rules, workId, worksFor } from './registers/fill.ts';

interface Options {
  persons: number;
  ms: number;
  perSecond: number;
}
const at = '2026-12-01T00:00:00.000Z';

export async function benchRegisters(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      persons: { type: 'string', default: '1000000' },
      'persons-sqlite': { type: 'string' },
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '200' },
    },
  });
  const persons = Number(values.persons);
  const common = { ms: Number(values.seconds) * 1000, perSecond: Number(values.rate) };
  const onSqlite = Number(values['persons-sqlite'] ?? Math.ceil(persons / 10));
  const folder = mkdtempSync(join(tmpdir(), 'bench-registers-'));
  try {
    const sqlite = { folder: join(folder, 'sqlite'), database: undefined };
    await onDatabase('SQLite', sqlite, { ...common, persons: onSqlite });
    if (findPostgres() === undefined) return;
    const postgres = await startPostgres({ isDurable: true });
    try {
      const database = await createDatabase(postgres.url, 'registers');
      const place = { folder: join(folder, 'postgres'), database };
      await onDatabase('PostgreSQL', place, { ...common, persons });
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
  { persons, ms, perSecond }: Options,
): Promise<void> {
  const { db, pool, close } = await openStore(place);
  const begun = performance.now();
  await fillRegisters(db, persons);
  const filledS = (performance.now() - begun) / 1000;
  await demandTrueLocks(db, persons);
  const bare = pool ? bareOnPostgres(pool) : bareOnSqlite(place.folder);
  const locksOn = prepareLocksOn(db);
  const registers = createRegisterRows(db, rules);
  const any = (): string => personId(Math.floor(Math.random() * persons));
  const nextFree = peopleWithoutLock(persons);
  const appoint = (): Promise<void> =>
    db
      .transaction()
      .execute((trx) => beginAppointment(trx, nextAppointment(nextFree, persons), { rules, at }));

  const question = await byTurns(ms, { engine: () => locksOn([any()]), bare: () => bare.locksOn(any()) });
  const all = await rate(ms / 2, 1, () => registers.about([any()], at));
  const act = await byTurns(ms, {
    engine: appoint,
    bare: () => bare.appoint(nextAppointment(nextFree, persons)),
  });
  const queue = await atRate(ms, perSecond, appoint);
  const figures = [
    `${name}, ${persons} persons, ${persons * 3} appointments (made in ${filledS.toFixed(0)} s):`,
    `  who is locked ${question.engineMs.toFixed(3)} ms, bare query ${question.bareMs.toFixed(3)} ms: ${question.ratio.toFixed(2)} x (at most 2)`,
    `  (all that the registers say of a person ${(1000 / all).toFixed(3)} ms)`,
    `  appointment with its lock ${act.engineMs.toFixed(3)} ms, bare transaction ${act.bareMs.toFixed(3)} ms: ${act.ratio.toFixed(2)} x (at most 3)`,
    `  at ${perSecond}/s: done ${queue.done}, in the queue on average ${queue.early.toFixed(1)} in the first third and ${queue.late.toFixed(1)} in the last,`,
    `    longest ${queue.longest}, from its moment to its end ${queue.medianMs.toFixed(1)} ms in the middle, ${queue.slowMs.toFixed(1)} ms for the slowest hundredth`,
  ];
  process.stdout.write(`${figures.join('\n')}\n`);
  bare.end();
  await close();
}

/** The rows that were made are those that the engine makes. */
async function demandTrueLocks(db: Db, persons: number): Promise<void> {
  const bodies = async (): Promise<unknown> =>
    db.selectFrom('person_lock').selectAll().where('person', 'in', some).orderBy('person').execute();
  const some = Array.from({ length: 40 }, (_, index) => personId((index * 997) % persons));
  const before = JSON.stringify(await bodies());
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('person_lock').where('person', 'in', some).execute();
    for (const person of new Set(some)) await renewLocks(trx, person, rules);
  });
  if (JSON.stringify(await bodies()) !== before)
    throw new BenchError('the locks made here are not the engine’s');
}

function peopleWithoutLock(persons: number): () => number {
  let next = -1;
  return () => {
    next += 4;
    if (next >= persons) throw new BenchError('too few persons for so many appointments: more --persons');
    return next;
  };
}
interface NewAppointment {
  person: string;
  work: string;
  post: string;
}
function nextAppointment(nextFree: () => number, persons: number): NewAppointment {
  const n = nextFree();
  return { person: personId(n), work: workId((n * 7) % worksFor(persons)), post: 'project-manager' };
}

interface Bare {
  locksOn(person: string): Promise<unknown>;
  appoint(one: NewAppointment): Promise<void>;
  end(): void;
}
const texts = {
  locks: 'select body from person_lock where person = ?',
  held: `select appointment.work, registered_work.contract_number from appointment
    join registered_work on registered_work.id = appointment.work
    where appointment.person = ? and appointment.ended_at is null and registered_work.state = 'under-construction'`,
  appointment:
    'insert into appointment (id, person, work, post, begun_at, ended_at) values (?, ?, ?, ?, ?, null)',
  lock: 'insert into person_lock (person, post, body) values (?, ?, ?)',
};
/** What the driver by itself has to do for an appointment: what the person holds, the row, and the lock's. */
const steps = ({ person, work, post }: NewAppointment) => {
  const body = JSON.stringify({ person, post, since: at, work, counted: [work] });
  return [
    [texts.held, [person]],
    [texts.appointment, [randomUUID(), person, work, post, at]],
    [texts.lock, [person, post, body]],
  ] as const;
};

function bareOnPostgres(pool: Pool): Bare {
  const numbered = (text: string): string => {
    let n = 0;
    return text.replaceAll('?', () => `$${(n += 1)}`);
  };
  return {
    locksOn: (person) => pool.query(numbered(texts.locks), [person]),
    async appoint(one) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        for (const [text, values] of steps(one)) await client.query(numbered(text), [...values]);
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    end: () => undefined,
  };
}

/** On FULL, so that its commits are as durable as the engine's. */
function bareOnSqlite(folder: string): Bare {
  const sqlite = new Database(join(folder, 'server.sqlite'));
  sqlite.pragma('synchronous = FULL');
  const prepared = new Map(Object.values(texts).map((text) => [text, sqlite.prepare<unknown[]>(text)]));
  return {
    locksOn: async (person) => prepared.get(texts.locks)?.all(person),
    async appoint(one) {
      sqlite.exec('begin immediate');
      for (const [text, values] of steps(one)) {
        const statement = prepared.get(text);
        if (statement?.reader) statement.all(...values);
        else statement?.run(...values);
      }
      sqlite.exec('commit');
    },
    end: () => sqlite.close(),
  };
}

/** Each begins at its moment, whether those before have ended or not. */
async function atRate(ms: number, perSecond: number, work: () => Promise<void>) {
  const start = performance.now();
  const took: number[] = [];
  const lengths: number[] = [];
  const running: Promise<void>[] = [];
  let waiting = 0;
  const one = async (due: number): Promise<void> => {
    waiting += 1;
    await work();
    waiting -= 1;
    took.push(performance.now() - due);
  };
  for (let n = 0; n < (ms / 1000) * perSecond; n += 1) {
    const due = start + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    lengths.push(waiting);
    running.push(one(due));
  }
  await Promise.all(running);
  const third = Math.ceil(lengths.length / 3);
  const slow = took.toSorted((a, b) => a - b);
  return {
    done: took.length,
    early: mean(lengths.slice(0, third)),
    late: mean(lengths.slice(-third)),
    longest: Math.max(...lengths),
    medianMs: slow[Math.floor(slow.length / 2)] ?? 0,
    slowMs: slow[Math.floor(slow.length * 0.99)] ?? 0,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

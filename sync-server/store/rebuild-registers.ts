/** The registers made again from their log alone, and held against what stood there: byte for byte. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from '#domain/canonical-json.ts';
import { projectRegisters } from '#domain/registers/entries.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import { isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import { readStreams } from './register-log.ts';
import { renewLocks } from './person-locks.ts';
import { insertAppointment, insertRelease } from './register-rows.ts';
import { insertWork } from './work-writing.ts';

export interface Rebuilt {
  /** SHA-256 of all rows in the order of their keys, before and afterwards. */
  before: string;
  after: string;
  persons: number;
  works: number;
  appointments: number;
  locks: number;
}

const tables = {
  registered_person: ['id'],
  registered_work: ['id'],
  work_unit: ['work', 'role', 'code'],
  appointment: ['id'],
  lock_release: ['id'],
  person_lock: ['person', 'post'],
} as const;
const atOnce = 1_000;

/** In one transaction, while nobody else writes into the registers. */
export async function rebuildRegisters(db: Db, rules: readonly LockRule[]): Promise<Rebuilt> {
  return db.transaction().execute(async (trx) => {
    // whoever writes into the registers appends to the log first, and waits here
    if (isPostgres(trx)) await sql`lock table register_entry in share row exclusive mode`.execute(trx);
    const before = await hashOf(trx);
    for (const table of Object.keys(tables) as (keyof typeof tables)[]) await trx.deleteFrom(table).execute();
    const counts = { persons: 0, works: 0, appointments: 0, locks: 0 };
    for await (const entries of readStreams(trx, 'work')) {
      const { works } = projectRegisters(entries, []);
      for (const work of works) await insertWork(trx, work);
      counts.works += works.length;
    }
    for await (const entries of readStreams(trx, 'person')) {
      const { persons, appointments, releases } = projectRegisters(entries, []);
      for (const row of persons) await trx.insertInto('registered_person').values(row).execute();
      for (const appointment of appointments) await insertAppointment(trx, appointment);
      for (const release of releases) await insertRelease(trx, release);
      for (const person of new Set(appointments.map((one) => one.person)))
        await renewLocks(trx, person, rules);
      counts.persons += persons.length;
      counts.appointments += appointments.length;
    }
    const { count } = await trx
      .selectFrom('person_lock')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return { before, after: await hashOf(trx), ...counts, locks: Number(count) };
  });
}

async function hashOf(trx: Trx): Promise<string> {
  const hash = createHash('sha256');
  for (const [table, keys] of Object.entries(tables) as [keyof typeof tables, readonly string[]][]) {
    hash.update(`${table}\n`);
    const key = sql.join(keys.map((one) => sql.ref(one)));
    for (let offset = 0; ; offset += atOnce) {
      const { rows } = await sql<Record<string, unknown>>`
        select * from ${sql.table(table)} order by ${key} limit ${atOnce} offset ${offset}`.execute(trx);
      for (const row of rows) hash.update(`${canonicalJson(row)}\n`);
      if (rows.length < atOnce) break;
    }
  }
  return hash.digest('hex');
}

import { monotonicFactory, ulid } from 'ulid';
import type { Case } from '#domain/cases/schema.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { canonicalNumber } from '#domain/registers/works.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { isBarred } from '#domain/registers/locks.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import { heldAccountSchema, lockSchema } from '#domain/registers/schema.ts';
import type { Appointment, HeldAccount, Lock, RealName, LockRelease } from '#domain/registers/schema.ts';
import type { NoticeRows, RegisterImport, RegisterRows } from '../ports/register-rows.ts';
import { hold } from './hold.ts';
import type { Db, Trx } from './open-store.ts';
import { locksIn, prepareLocksOn, renewLocks, standingOf } from './person-locks.ts';
import { readQualifications } from './qualification-rows.ts';
import { noteEntry } from './register-log.ts';
import { readWorks, writeWork } from './work-writing.ts';
import type { ChangeNote } from './work-writing.ts';

/** `rules`: of the programme, from its configuration. */
export function createRegisterRows(db: Db, rules: readonly LockRule[]): RegisterRows {
  const locksOn = prepareLocksOn(db);
  return {
    put: (rows, note) => db.transaction().execute((trx) => putRows(trx, rows, { rules, note })),

    async about(ids, at) {
      const wanted = ids.length === 0 ? [''] : [...ids];
      const persons = await db
        .selectFrom('registered_person')
        .selectAll()
        .where('id', 'in', wanted)
        .execute();
      const held = await db.selectFrom('appointment').selectAll().where('person', 'in', wanted).execute();
      const locked = await locksOn(wanted);
      const works = await readWorks(
        db,
        [...wanted, ...held.map(({ work }) => work), ...locked.map(({ work }) => work)],
        wanted,
      );
      return {
        persons: { asOf: at, rows: persons },
        works: { asOf: at, rows: works },
        appointments: { asOf: at, rows: held.map(toAppointment) },
        locks: { asOf: at, rows: locked },
        realNames: { asOf: at, rows: await realNamesOf(db, wanted) },
        units: {
          asOf: at,
          rows: await db.selectFrom('registered_unit').selectAll().where('code', 'in', wanted).execute(),
        },
        accounts: { asOf: at, rows: await accountsOf(db, wanted) },
        qualifications: { asOf: at, rows: await readQualifications(db, wanted) },
      };
    },

    async findUnit(code) {
      return db.selectFrom('registered_unit').selectAll().where('code', '=', code).executeTakeFirst();
    },
  };
}

async function realNamesOf(db: Db, people: readonly string[]): Promise<RealName[]> {
  const rows = await db
    .selectFrom('person')
    .select(['id_number', 'name', 'real_name_at'])
    .where('id_number', 'in', people)
    .where('real_name_at', 'is not', null)
    .execute();
  return rows.map((row) => ({
    person: row.id_number ?? '',
    name: row.name,
    since: row.real_name_at ?? '',
  }));
}

async function accountsOf(db: Db, people: readonly string[]): Promise<HeldAccount[]> {
  const rows = await db
    .selectFrom('account')
    .innerJoin('person', 'person.id', 'account.person_id')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select([
      'person.id_number',
      'organisation.credit_code',
      'account.kind',
      'account.type',
      'account.record_id',
    ])
    .where('person.id_number', 'in', people)
    .where('account.kind', 'in', ['main', 'handler'])
    .where('account.disabled_at', 'is', null)
    .execute();
  return rows.map((row) =>
    heldAccountSchema.parse({
      ...{ person: row.id_number, unit: row.credit_code, kind: row.kind, type: row.type },
      ...(row.record_id === null ? {} : { recordId: row.record_id }),
    }),
  );
}

export function createNoticeRows(db: Db): NoticeRows {
  return {
    async ofCase(caseId) {
      return db
        .selectFrom('notice')
        .select(['audience as to', 'text', 'at'])
        .where('case_id', '=', caseId)
        .orderBy('id')
        .execute();
    },
  };
}

/** Works with whoever takes part, persons, appointments, and the locks that follow, in one transaction of the caller's. */
export async function putRows(
  trx: Trx,
  { persons, works, appointments }: RegisterImport,
  { rules, note }: { rules: readonly LockRule[]; note?: ChangeNote | undefined },
): Promise<void> {
  // works before people and each in one order, so that nobody waits in a circle
  await hold(trx, ...works.map(({ id }) => `work ${id}`).sort());
  const people = await peopleConcerned(trx, { works, appointments });
  const held = [...new Set([...people, ...persons.map(({ id }) => id)])].sort();
  await hold(trx, ...held);
  const permits = works.flatMap(({ permitNumber }) =>
    permitNumber === undefined ? [] : [`permit ${canonicalNumber(permitNumber)}`],
  );
  await hold(trx, ...permits.sort());
  for (const row of persons) {
    await notePerson(trx, row, note?.recordId);
    await trx
      .insertInto('registered_person')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: row.name, unit: row.unit }))
      .execute();
  }
  for (const work of works.toSorted(byId)) await writeWork(trx, work, note);
  for (const appointment of appointments) {
    await noteAppointment(trx, appointment, note?.recordId);
    const { id, ...columns } = appointmentRow(appointment);
    await trx
      .insertInto('appointment')
      .values({ id, ...columns })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
      .execute();
  }
  for (const person of people) await renewLocks(trx, person, rules);
}

/** What is known already is no news: an import that is repeated adds nothing. */
async function notePerson(
  trx: Trx,
  row: RegisterImport['persons'][number],
  recordId?: string,
): Promise<void> {
  const before = await trx
    .selectFrom('registered_person')
    .selectAll()
    .where('id', '=', row.id)
    .executeTakeFirst();
  if (before && canonicalJson(before) === canonicalJson(row)) return;
  await noteEntry(trx, { what: 'person', row }, recordId);
}
/** Throws CONFLICT where the id is that of another person's: no line of the log belongs to two. */
async function noteAppointment(trx: Trx, row: Appointment, recordId?: string): Promise<void> {
  const before = await trx.selectFrom('appointment').selectAll().where('id', '=', row.id).executeTakeFirst();
  if (before && before.person !== row.person) throw new AppError('CONFLICT', { appointment: row.id });
  if (before && canonicalJson(toAppointment(before)) === canonicalJson(row)) return;
  await noteEntry(trx, { what: 'appointment', row }, recordId);
}

const byId = (left: { id: string }, right: { id: string }): number => (left.id < right.id ? -1 : 1);

/** Whoever is appointed by these rows, was by rows of the same ids, or is at one of these works. */
async function peopleConcerned(
  trx: Trx,
  { works, appointments }: Pick<RegisterImport, 'works' | 'appointments'>,
): Promise<string[]> {
  const before = await trx
    .selectFrom('appointment')
    .select('person')
    .distinct()
    .where((eb) =>
      eb.or([
        eb('work', 'in', ['', ...works.map(({ id }) => id)]),
        eb('id', 'in', ['', ...appointments.map(({ id }) => id)]),
      ]),
    )
    .execute();
  return [...new Set([...before, ...appointments].map(({ person }) => person))].sort();
}

interface Around {
  rules: readonly LockRule[];
  at: string;
  /** The case whose decision it is. */
  current?: Pick<Case, 'recordId'>;
}
/** Releases of one moment stand in the order in which they came. */
const nextRelease = monotonicFactory();

export async function releaseLocks(
  trx: Trx,
  { person, post: only }: { person: string; post?: string },
  { rules, at, current }: Around,
): Promise<void> {
  await hold(trx, person);
  const standing = await standingOf(trx, person);
  const released: LockRelease[] = [];
  for (const { post, counted } of locksIn(standing)) {
    if (only !== undefined && post !== only) continue;
    const release: LockRelease = { person, post, counted, at };
    const id = nextRelease();
    await noteEntry(trx, { what: 'release', id, row: release }, current?.recordId);
    await insertRelease(trx, { ...release, id });
    released.push(release);
  }
  await renewLocks(trx, person, rules, { ...standing, releases: [...standing.releases, ...released] });
}

/** Throws PERSON_LOCKED: of two decisions about one person at one moment the second finds the lock that the first brought. */
export async function beginAppointment(
  trx: Trx,
  { person, work, post }: { person: string; work: string; post: string },
  { rules, at, current }: Around,
): Promise<void> {
  await hold(trx, `work ${work}`, person);
  const standing = await standingOf(trx, person, work);
  if (standing.asked && isBarred(standing.asked, locksIn(standing)))
    throw new AppError('PERSON_LOCKED', { work });
  const row: Appointment = { id: ulid(), person, work, post, from: at };
  await noteEntry(trx, { what: 'appointment', row }, current?.recordId);
  await insertAppointment(trx, row);
  await renewLocks(trx, person, rules, {
    ...standing,
    appointments: [...standing.appointments, row],
    works: [...standing.works, ...(standing.asked ? [standing.asked] : [])],
  });
}

export async function endAppointment(
  trx: Trx,
  { person, work, post }: { person: string; work: string; post: string },
  { rules, at, current }: Around,
): Promise<void> {
  await hold(trx, person);
  const ended = await trx
    .updateTable('appointment')
    .set({ ended_at: at })
    .where('person', '=', person)
    .where('work', '=', work)
    .where('post', '=', post)
    .where('ended_at', 'is', null)
    .returningAll()
    .execute();
  for (const row of ended)
    await noteEntry(trx, { what: 'appointment', row: toAppointment(row) }, current?.recordId);
  await renewLocks(trx, person, rules);
}

export function toAppointment(row: {
  id: string;
  person: string;
  work: string;
  post: string;
  begun_at: string;
  ended_at: string | null;
}): Appointment {
  const { begun_at: from, ended_at: until, ...rest } = row;
  return until === null ? { ...rest, from } : { ...rest, from, until };
}

const appointmentRow = ({ from, until, ...rest }: Appointment) => ({
  ...rest,
  begun_at: from,
  ended_at: until ?? null,
});

export async function insertAppointment(trx: Trx, appointment: Appointment): Promise<void> {
  await trx.insertInto('appointment').values(appointmentRow(appointment)).execute();
}

export async function insertRelease(
  trx: Trx,
  { id, ...release }: LockRelease & { id: string },
): Promise<void> {
  await trx
    .insertInto('lock_release')
    .values({ id, person: release.person, body: JSON.stringify(release) })
    .execute();
}

export async function locksOn(db: Db | Trx, people: readonly string[]): Promise<Lock[]> {
  const rows = await db.selectFrom('person_lock').select('body').where('person', 'in', people).execute();
  return rows.map(({ body }) => lockSchema.parse(JSON.parse(body)));
}

/** The rows of a person's locks: what `locks` makes of the rest, asked for in one question and written where it differs. */
import { sql } from 'kysely';
import { locks } from '#domain/registers/locks.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import { lockReleaseSchema, lockSchema } from '#domain/registers/schema.ts';
import type { Appointment, Lock, LockRelease, RegisteredWork } from '#domain/registers/schema.ts';
import type { Db, Trx } from './open-store.ts';
import { prepareRows } from './prepared-query.ts';

/** What can lock a person, and what does. */
export interface Standing {
  /** Those that have not ended. */
  appointments: Appointment[];
  works: HeldWork[];
  releases: LockRelease[];
  /** Bodies of the rows, by post. */
  lockRows: ReadonlyMap<string, string>;
  /** The work that was asked about besides. */
  asked: HeldWork | undefined;
}
type HeldWork = Pick<RegisteredWork, 'id' | 'state' | 'contractNumber'>;

interface Row {
  what: 'held' | 'work' | 'release' | 'lock';
  id: string;
  work: string;
  post: string;
  begun_at: string;
  state: string;
  contract_number: string | null;
  body: string;
}

/** The person is held by this transaction. */
export async function standingOf(trx: Trx, person: string, askedWork = ''): Promise<Standing> {
  const { rows } = await sql<Row>`
    select 'held' as what, appointment.id, appointment.work, appointment.post, appointment.begun_at,
        registered_work.state, registered_work.contract_number, '' as body
      from appointment join registered_work on registered_work.id = appointment.work
      where appointment.person = ${person} and appointment.ended_at is null
    union all
    select 'work', '', id, '', '', state, contract_number, '' from registered_work where id = ${askedWork}
    union all
    select 'release', id, '', '', '', '', null, body from lock_release where person = ${person}
    union all
    select 'lock', '', '', post, '', '', null, body from person_lock where person = ${person}`.execute(trx);
  const of = (what: Row['what']): Row[] => rows.filter((row) => row.what === what);
  return {
    appointments: of('held').map(({ id, work, post, begun_at: from }) => ({ id, person, work, post, from })),
    works: of('held').map(toWork),
    releases: of('release').map(({ body }) => lockReleaseSchema.parse(JSON.parse(body))),
    lockRows: new Map(of('lock').map(({ post, body }) => [post, body])),
    asked: of('work').map(toWork)[0],
  };
}

export const locksIn = ({ lockRows }: Pick<Standing, 'lockRows'>): Lock[] =>
  [...lockRows.values()].map((body) => lockSchema.parse(JSON.parse(body)));

const toWork = ({ work, state, contract_number: contract }: Row): HeldWork => ({
  id: work,
  state: state === 'finished' ? 'finished' : 'under-construction',
  ...(contract === null ? {} : { contractNumber: contract }),
});

/** The rows become what `locks` makes of `standing`. In every transaction that changes anything of it. */
export async function renewLocks(
  trx: Trx,
  person: string,
  rules: readonly LockRule[],
  standing?: Standing,
): Promise<void> {
  const { lockRows, ...holdings } = standing ?? (await standingOf(trx, person));
  const next = locks({ person, ...holdings, rules });
  const gone = [...lockRows.keys()].filter((post) => !next.some((lock) => lock.post === post));
  if (gone.length > 0)
    await trx.deleteFrom('person_lock').where('person', '=', person).where('post', 'in', gone).execute();
  const rows = next
    .map((lock) => ({ person, post: lock.post, body: JSON.stringify(lock) }))
    .filter(({ post, body }) => lockRows.get(post) !== body);
  if (rows.length > 0)
    await trx
      .insertInto('person_lock')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['person', 'post']).doUpdateSet((eb) => ({ body: eb.ref('excluded.body') })),
      )
      .execute();
}

/** How many people a question names: few sizes, so that each is planned once. */
const sizes = [1, 8, 64] as const;
const largest = sizes[2];

const questions = sizes.map((size) => {
  const parameters = Array.from({ length: size }, (_, index) => `person-${index}`);
  return {
    size,
    parameters,
    ask: prepareRows(`locks-on-${size}`, (db, people: Record<string, string>) =>
      db
        .selectFrom('person_lock')
        .select('body')
        .where(
          'person',
          'in',
          parameters.map((name) => people[name] ?? ''),
        ),
    ),
  };
});

/** Who of these people is locked, from the rows. */
export function prepareLocksOn(db: Db): (people: readonly string[]) => Promise<Lock[]> {
  return async (people) => {
    const found: Lock[] = [];
    for (let done = 0; done < people.length; done += largest) {
      const some = people.slice(done, done + largest);
      const question = questions.find(({ size }) => size >= some.length);
      if (!question) continue;
      // whoever is named twice is asked for once
      const values = question.parameters.map((name, index) => [name, some[index] ?? some[0] ?? '']);
      const rows = await question.ask(db, Object.fromEntries(values) as Record<string, string>);
      found.push(...rows.map(({ body }) => lockSchema.parse(JSON.parse(body))));
    }
    return found;
  };
}

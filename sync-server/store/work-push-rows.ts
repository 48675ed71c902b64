import { ulid } from 'ulid';
import { isBarred } from '#domain/registers/locks.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import type { PushedWork, StaffProblem, WorkPushRows } from '../ports/work-push-rows.ts';
import { hold } from './hold.ts';
import type { Db, Trx } from './open-store.ts';
import { locksOn, putRows } from './register-rows.ts';
import { noteWorkChange, readWorks } from './work-writing.ts';

/** `rulesOf`: the locks of a programme. */
export function createWorkPushRows(
  db: Db,
  rulesOf: (programme: string) => readonly LockRule[],
): WorkPushRows {
  return {
    receive: (pushed) =>
      db.transaction().execute(async (trx) => {
        const { work, version, digest, at, by, programme } = pushed;
        await hold(trx, `work ${work.id}`);
        const last = await trx
          .selectFrom('work_push')
          .select(['version', 'digest'])
          .where('work', '=', work.id)
          .executeTakeFirst();
        const known = Number(last?.version ?? 0);
        if (known > version) return { result: 'superseded', version: known };
        if (known === version)
          return last?.digest === digest ? { result: 'repeated', version } : { result: 'differs' };
        const joining = await joiningStaff(trx, pushed);
        await hold(trx, ...(await peopleOf(trx, pushed)));
        const next = merged((await readWorks(trx, [work.id]))[0], work);
        const problems = await problemsOf(trx, joining, next);
        if (problems.length > 0) return { result: 'refused', staff: problems };
        const note = { at, by, source: 'approval-system' } as const;
        await putRows(
          trx,
          {
            persons: [],
            works: [next],
            appointments: joining.map(({ person, post }) => ({
              ...{ id: ulid(), person, post, work: work.id, from: at },
            })),
          },
          { rules: rulesOf(programme), note },
        );
        await noteWorkChange(trx, work.id, {
          ...note,
          changes: joining.map(({ person, post }) => ({ what: `post:${post}`, before: '', after: person })),
        });
        await trx
          .insertInto('work_push')
          .values({ work: work.id, version, digest, at })
          .onConflict((conflict) => conflict.column('work').doUpdateSet({ version, digest, at }))
          .execute();
        return { result: 'accepted', version };
      }),
  };
}

/** What was filled in here and is not said by the sender stays, and so does what the work has come to. */
function merged(before: RegisteredWork | undefined, sent: RegisteredWork): RegisteredWork {
  if (!before) return sent;
  return { ...before, ...sent, state: before.state, details: { ...before.details, ...sent.details } };
}

/** Those of them that are not in that post there yet; nobody leaves a post by what is sent. */
async function joiningStaff(trx: Trx, { work, staff }: PushedWork): Promise<PushedWork['staff']> {
  const present = await presentAt(trx, work.id);
  return staff.filter(
    ({ person, post }) => !present.some((one) => one.person === person && one.post === post),
  );
}

const presentAt = (trx: Trx, work: string): Promise<{ person: string; post: string }[]> =>
  trx
    .selectFrom('appointment')
    .select(['person', 'post'])
    .where('work', '=', work)
    .where('ended_at', 'is', null)
    .execute();

/** Whoever is at the work or comes there, in the order in which everybody holds them. */
async function peopleOf(trx: Trx, { work, staff }: PushedWork): Promise<string[]> {
  const present = await trx.selectFrom('appointment').select('person').where('work', '=', work.id).execute();
  return [...new Set([...present, ...staff].map(({ person }) => person))].sort();
}

/** Asked while the persons are held: nobody is locked between the question and the appointment. */
async function problemsOf(
  trx: Trx,
  staff: PushedWork['staff'],
  work: RegisteredWork,
): Promise<StaffProblem[]> {
  const people = staff.map(({ person }) => person);
  const known = await trx
    .selectFrom('registered_person')
    .select(['id', 'name'])
    .where('id', 'in', ['', ...people])
    .execute();
  const locked = await locksOn(trx, ['', ...people]);
  const present = new Set((await presentAt(trx, work.id)).map(({ person }) => person));
  return staff.flatMap(({ person, name }): StaffProblem[] => {
    const row = known.find(({ id }) => id === person);
    if (!row) return [{ person, because: 'unknown' }];
    if (row.name !== name) return [{ person, because: 'other-name' }];
    const standing = locked.filter((one) => one.person === person);
    // of a contract that counts already: another work is none anew, another post at the same work is
    const isFree = present.has(person) ? standing.length === 0 : !isBarred(work, standing);
    return isFree ? [] : [{ person, because: 'locked' }];
  });
}

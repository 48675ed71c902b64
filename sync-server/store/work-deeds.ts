/** What decisions do to works, in their transactions: what altered is a line of the work's history that names the record. */
import type { Case } from '#domain/cases/schema.ts';
import { alteredOf, workWith, workWithUnit } from '#domain/registers/works.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import type { RegisteredWork, WorkChange } from '#domain/registers/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { hold } from './hold.ts';
import type { Trx } from './open-store.ts';
import { beginAppointment, endAppointment, putRows } from './register-rows.ts';
import { noteWorkChange, readWorks, workChangesSince } from './work-writing.ts';
import type { ChangeNote } from './work-writing.ts';

interface Around {
  current: Case;
  rules: readonly LockRule[];
  at: string;
}

function noteOf({ current, at }: Around): ChangeNote {
  return {
    ...{ at, by: current.decisions.at(-1)?.by ?? '', source: 'record' },
    ...(current.recordId === undefined ? {} : { recordId: current.recordId }),
  };
}

async function change(
  trx: Trx,
  id: string,
  around: Around,
  make: (work: RegisteredWork) => RegisteredWork | Promise<RegisteredWork>,
): Promise<void> {
  await hold(trx, `work ${id}`);
  const [work] = await readWorks(trx, [id]);
  if (!work) throw new AppError('WORK_UNKNOWN', { work: id });
  await putRows(
    trx,
    { persons: [], works: [await make(work)], appointments: [] },
    { rules: around.rules, note: noteOf(around) },
  );
}

export const changeWork = (
  trx: Trx,
  { work, set, since }: { work: string; set: Values; since: string },
  around: Around,
) =>
  change(trx, work, around, async (before) =>
    workWith(before, alteredOf(set, await workChangesSince(trx, work, since))),
  );

export const changeWorkUnit = (
  trx: Trx,
  { work, unit }: { work: string; unit: NonNullable<RegisteredWork['units']>[number] },
  around: Around,
) => change(trx, work, around, (before) => workWithUnit(before, unit));

export const finishWork = (trx: Trx, { work }: { work: string }, around: Around) =>
  change(trx, work, around, (before) => ({ ...before, state: 'finished' }));

interface Appointed {
  person: string;
  work: string;
  post: string;
}
export async function appoint(trx: Trx, appointed: Appointed, around: Around): Promise<void> {
  await beginAppointment(trx, appointed, around);
  await noteAppointment(trx, appointed, around, { before: '', after: appointed.person });
}
export async function dismiss(trx: Trx, appointed: Appointed, around: Around): Promise<void> {
  await endAppointment(trx, appointed, around);
  await noteAppointment(trx, appointed, around, { before: appointed.person, after: '' });
}
const noteAppointment = (
  trx: Trx,
  { work, post }: Appointed,
  around: Around,
  change: Omit<WorkChange['changes'][number], 'what'>,
) => noteWorkChange(trx, work, { ...noteOf(around), changes: [{ what: `post:${post}`, ...change }] });

/** Works in a transaction: written with who takes part in them, and with a line of their history for whatever differs. */
import { encodeTime, ulid } from 'ulid';
import { canonicalJson } from '#domain/canonical-json.ts';
import { registeredWorkSchema, workChangeSchema } from '#domain/registers/schema.ts';
import type { RegisteredWork, WorkChange } from '#domain/registers/schema.ts';
import { canonicalNumber, canonicalWork, differences } from '#domain/registers/works.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { noteEntry } from './register-log.ts';
import type { Db, Trx } from './open-store.ts';

/** Who altered it, and by what. */
export type ChangeNote = Omit<WorkChange, 'changes'>;

/** `permits`: those that have one of these numbers besides. */
export async function readWorks(
  db: Db | Trx,
  ids: readonly string[],
  permits: readonly string[] = [],
): Promise<RegisteredWork[]> {
  if (ids.length === 0) return [];
  const numbers = ['', ...permits.map(canonicalNumber)];
  const rows = await db
    .selectFrom('registered_work')
    .selectAll()
    .where((eb) => eb.or([eb('id', 'in', [...ids]), eb('permit_number', 'in', numbers)]))
    .execute();
  const units = await db
    .selectFrom('work_unit')
    .selectAll()
    .where('work', 'in', ['', ...rows.map(({ id }) => id)])
    .orderBy('role')
    .orderBy('code')
    .execute();
  return rows.map(({ contract_number: contract, permit_number: permit, details, ...row }) => {
    const own = units.flatMap(({ work, ...unit }) => (work === row.id ? [unit] : []));
    return registeredWorkSchema.parse({
      ...row,
      ...(contract === null ? {} : { contractNumber: contract }),
      ...(permit === null ? {} : { permitNumber: permit }),
      ...(own.length === 0 ? {} : { units: own }),
      ...(details === '{}' ? {} : { details: JSON.parse(details) as unknown }),
    });
  });
}

/** The work and its permit's number are held by this transaction already. Throws WORK_PERMIT_TAKEN. */
export async function writeWork(trx: Trx, given: RegisteredWork, note?: ChangeNote): Promise<void> {
  const work = canonicalWork(given);
  const [before] = await readWorks(trx, [work.id]);
  if (!before || canonicalJson(canonicalWork(before)) !== canonicalJson(work))
    await noteEntry(trx, { what: 'work', row: work }, note?.recordId);
  const { permitNumber } = work;
  if (permitNumber !== undefined && permitNumber !== before?.permitNumber)
    await demandFreePermit(trx, { permitNumber, work: work.id });
  await insertWork(trx, work);
  if (note) await noteWorkChange(trx, work.id, { ...note, changes: differences(before, work) });
}

/** As it is, with whoever takes part. */
export async function insertWork(trx: Trx, work: RegisteredWork): Promise<void> {
  const { contractNumber, permitNumber, units = [], details = {}, ...rest } = work;
  const row = {
    ...rest,
    ...{ contract_number: contractNumber ?? null, permit_number: permitNumber ?? null },
    // one form, so that what is alike is alike byte for byte
    details: canonicalJson(details),
  };
  const { id, ...columns } = row;
  await trx
    .insertInto('registered_work')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
  await trx.deleteFrom('work_unit').where('work', '=', id).execute();
  for (const unit of units)
    await trx
      .insertInto('work_unit')
      .values({ ...unit, work: id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

async function demandFreePermit(
  trx: Trx,
  { permitNumber, work }: { permitNumber: string; work: string },
): Promise<void> {
  const other = await trx
    .selectFrom('registered_work')
    .select('id')
    .where('permit_number', '=', permitNumber)
    .where('id', '!=', work)
    .executeTakeFirst();
  if (other) throw new AppError('WORK_PERMIT_TAKEN', { permitNumber });
}

/** Of its history what came about from that instant on, oldest first. */
export async function workChangesSince(trx: Trx, work: string, since: string): Promise<WorkChange[]> {
  const rows = await trx
    .selectFrom('work_change')
    .select('body')
    .where('work', '=', work)
    // a ULID begins with its time
    .where('id', '>=', encodeTime(Date.parse(since)))
    .orderBy('id')
    .execute();
  return rows.map(({ body }) => workChangeSchema.parse(JSON.parse(body)));
}

/** A line of its history; none where nothing differs. */
export async function noteWorkChange(trx: Trx, work: string, change: WorkChange): Promise<void> {
  if (change.changes.length === 0) return;
  await trx
    .insertInto('work_change')
    .values({ id: ulid(), work, body: JSON.stringify(change) })
    .execute();
}

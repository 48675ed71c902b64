import { AppError } from '#domain/errors/app-error.ts';
import { stateAfter } from '#domain/record/lifecycle.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { nextNumber } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

const storedState = stateAfter('submitted', 'store');

export async function findRepeated(
  db: Db | Trx,
  record: LudengRecord,
  isSame: (other: LudengRecord) => boolean,
): Promise<string | undefined> {
  const rows = await db
    .selectFrom('record')
    .select(['id', 'body'])
    .where('programme', '=', record.programme)
    .where('kind', '=', record.kind)
    .where('subject_kind', '=', record.subject.kind ?? 'organisation')
    .where('subject_code', '=', record.subject.creditCode)
    // what was given back is corrected, and stands where it stood
    .where((eb) => eb.or([eb('state', '=', storedState), eb('unique_code', 'is not', null)]))
    .where('superseded_at', 'is', null)
    .where('id', 'not in', [record.id, record.supersedes ?? ''])
    .execute();
  return rows.find(({ body }) => {
    const other = recordSchema.parse(JSON.parse(body));
    return other.voided === undefined && isSame(other);
  })?.id;
}

/** Two counters may hand in the same at one moment: they take turns here, and the second is refused when it is looked at once more. */
export async function refuseRepeated(
  trx: Trx,
  record: LudengRecord,
  isSame: (other: LudengRecord) => boolean,
): Promise<void> {
  await nextNumber(trx, `once:${record.programme}`);
  const other = await findRepeated(trx, record, isSame);
  if (other !== undefined) throw new AppError('RECORD_REPEATED', { record: other });
}

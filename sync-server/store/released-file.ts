import { AppError } from '#domain/errors/app-error.ts';
import { statesThatAllow } from '#domain/record/lifecycle.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { FileOfRecord } from '../ports/case-rows.ts';
import { hold } from './hold.ts';
import type { Db, Trx } from './open-store.ts';

/** What lets a person go and what brings a part of his file follow each other: each sees what the other wrote. */
export const holdFiles = (trx: Trx, { programme, subject }: LudengRecord): Promise<void> =>
  hold(trx, `files:${programme}:${subject.kind ?? 'organisation'}:${subject.creditCode}`);

/** 解绑: the subject let him go, and has not entered him anew. */
export async function isReleased(
  db: Db | Trx,
  { programme, subject }: LudengRecord,
  { kind, isFile }: FileOfRecord,
): Promise<boolean> {
  const rows = await db
    .selectFrom('record')
    .select(['state', 'released_at', 'body'])
    .where('programme', '=', programme)
    .where('kind', '=', kind)
    .where('subject_kind', '=', subject.kind ?? 'organisation')
    .where('subject_code', '=', subject.creditCode)
    .where('unique_code', 'is not', null)
    .execute();
  const own = rows.filter(({ body }) => isFile(recordSchema.parse(JSON.parse(body))));
  const stands = own.some(
    ({ state, released_at }) => released_at === null && statesThatCount.includes(state),
  );
  return !stands && own.some(({ released_at }) => released_at !== null);
}
/** What was given back is corrected, and stands where it stood. */
const statesThatCount: readonly string[] = statesThatAllow('return');

/** The same in the transaction that stores a part. */
export async function refuseReleased(trx: Trx, record: LudengRecord, file: FileOfRecord): Promise<void> {
  await holdFiles(trx, record);
  if (await isReleased(trx, record, file)) throw new AppError('PERSON_RELEASED', { record: record.id });
}

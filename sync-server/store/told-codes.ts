import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import { subjectKindSchema } from '#domain/primitives.ts';
import type { Change } from '#domain/sync/change.ts';
import { appendChanges } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

const credentialsAtOnce = 200;

/**
 * Puts the 查验码 of credentials whose station was not told (an earlier version issued them) into the feeds; of several
 * processes one tells each. Answers the audiences that have something to pull; none: all are told.
 */
export async function tellCodes(
  db: Db,
  { codeOf, at }: { codeOf: (uniqueCode: string) => string; at: string },
): Promise<ReadonlySet<Audience>> {
  return db.transaction().execute(async (trx) => {
    const taken = await trx
      .updateTable('credential')
      .set({ is_code_told: 1 })
      .where('is_code_told', '=', 0)
      .where('identifier', 'in', (eb) =>
        eb
          .selectFrom('credential')
          .select('identifier')
          .where('is_code_told', '=', 0)
          .orderBy('identifier')
          .limit(credentialsAtOnce),
      )
      .returning(['unique_code', 'record_id'])
      .execute();
    if (taken.length === 0) return new Set<Audience>();
    const codes = new Map(taken.map(({ record_id, unique_code }) => [record_id, unique_code]));
    const records = await trx
      .selectFrom('record')
      .select(['id', 'station_id', 'subject_kind', 'subject_code'])
      .where('id', 'in', [...codes.keys()])
      .execute();
    const addressed = records.map(({ id, station_id, subject_kind, subject_code }) => ({
      to: [
        audienceOf.station(station_id),
        audienceOf.subject({ kind: subjectKindSchema.parse(subject_kind), creditCode: subject_code }),
      ],
      changes: [codeTold(id, codeOf(codes.get(id) ?? ''))],
    }));
    await appendChanges(trx, addressed, at);
    return new Set(addressed.flatMap(({ to }) => to));
  });
}

/** A change of its own: a station of an earlier version keeps it unread until it is updated. */
export const codeTold = (recordId: string, verificationCode: string): Change => ({
  kind: 'certificate-code',
  recordId,
  verificationCode,
});

import type { Change } from '#domain/sync/schema.ts';
import { appendChanges } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

const certificatesAtOnce = 200;

/**
 * Puts the 查验码 of certificates whose station was not told (an earlier version issued them) into the stations' feeds; of
 * several processes one tells each. Answers the stations that have something to pull; none: all are told.
 */
export async function tellCodes(
  db: Db,
  { codeOf, at }: { codeOf: (uniqueCode: string) => string; at: string },
): Promise<ReadonlySet<string>> {
  return db.transaction().execute(async (trx) => {
    const taken = await trx
      .updateTable('digital_certificate')
      .set({ is_code_told: 1 })
      .where('is_code_told', '=', 0)
      .where('unique_code', 'in', (eb) =>
        eb
          .selectFrom('digital_certificate')
          .select('unique_code')
          .where('is_code_told', '=', 0)
          .orderBy('unique_code')
          .limit(certificatesAtOnce),
      )
      .returning(['unique_code', 'record_id'])
      .execute();
    if (taken.length === 0) return new Set<string>();
    const codes = new Map(taken.map(({ record_id, unique_code }) => [record_id, unique_code]));
    const records = await trx
      .selectFrom('record')
      .select(['id', 'station_id'])
      .where('id', 'in', [...codes.keys()])
      // two that append to several feeds take them in the same order
      .orderBy('station_id')
      .execute();
    for (const { id, station_id } of records)
      await appendChanges(trx, station_id, [codeTold(id, codeOf(codes.get(id) ?? ''))], at);
    return new Set(records.map(({ station_id }) => station_id));
  });
}

/** A change of its own: a station of an earlier version keeps it unread until it is updated. */
export const codeTold = (recordId: string, verificationCode: string): Change => ({
  kind: 'certificate-code',
  recordId,
  verificationCode,
});

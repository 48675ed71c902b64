import { heldQualificationSchema } from '#domain/registers/schema.ts';
import type { HeldQualification, QualificationsOfPerson } from '#domain/registers/schema.ts';
import type { QualificationRows } from '../ports/qualification-rows.ts';
import type { Db, Trx } from './open-store.ts';

export function createQualificationRows(db: Db): QualificationRows {
  return {
    noteAnswer: (person, held, at) =>
      db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('qualification')
          .where('person', '=', person)
          .where('source', '=', 'register')
          .execute();
        for (const one of held) await noteQualification(trx, person, { ...one, source: 'register' });
        await trx
          .insertInto('qualification_answer')
          .values({ person, asked_at: at })
          .onConflict((conflict) => conflict.column('person').doUpdateSet({ asked_at: at }))
          .execute();
      }),
  };
}

/** One that is known from the same source with the same number already is as it is said now. */
export async function noteQualification(
  trx: Trx,
  person: string,
  { kind, number, validUntil, source }: HeldQualification,
): Promise<void> {
  const until = { valid_until: validUntil ?? null };
  await trx
    .insertInto('qualification')
    .values({ person, kind, source, number, ...until })
    .onConflict((conflict) => conflict.columns(['person', 'kind', 'source', 'number']).doUpdateSet(until))
    .execute();
}

export async function readQualifications(
  db: Db | Trx,
  people: readonly string[],
): Promise<QualificationsOfPerson[]> {
  const wanted = ['', ...people];
  const rows = await db.selectFrom('qualification').selectAll().where('person', 'in', wanted).execute();
  const answers = await db
    .selectFrom('qualification_answer')
    .selectAll()
    .where('person', 'in', wanted)
    .execute();
  const known = [...new Set([...rows, ...answers].map(({ person }) => person))];
  return known.map((person) => {
    const askedAt = answers.find((one) => one.person === person)?.asked_at;
    return {
      person,
      held: rows
        .filter((one) => one.person === person)
        .map(({ kind, number, source, valid_until: until }) =>
          heldQualificationSchema.parse({
            ...{ kind, number, source },
            ...(until === null ? {} : { validUntil: until }),
          }),
        ),
      ...(askedAt === undefined ? {} : { askedAt }),
    };
  });
}

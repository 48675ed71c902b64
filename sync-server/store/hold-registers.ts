import type { Deed } from '#domain/cases/effects.ts';
import { hold } from './hold.ts';
import type { Trx } from './open-store.ts';

/**
 * Whatever the deeds of one decision touch in the registers, held before the first of them: two changes of the same two people
 * into each other's place at one moment follow each other, and neither waits for what the other has.
 */
export async function holdRegisters(trx: Trx, deeds: readonly Deed[]): Promise<void> {
  const works = new Set(deeds.flatMap((deed) => ('work' in deed ? [deed.work] : [])));
  if (works.size > 0) await hold(trx, ...[...works].map((work) => `work ${work}`).sort());
  const altered = deeds.flatMap((deed) => (alters(deed) ? [deed.work] : []));
  const present =
    altered.length === 0
      ? []
      : await trx
          .selectFrom('appointment')
          .select('person')
          .distinct()
          .where('work', 'in', altered)
          .execute();
  const named = deeds.flatMap((deed) =>
    'person' in deed && typeof deed.person === 'string' ? [deed.person] : [],
  );
  await hold(trx, ...[...new Set([...present.map(({ person }) => person), ...named])].sort());
}

/** Whoever is at such a work may be locked by it, or no longer. */
const alters = (
  deed: Deed,
): deed is Extract<Deed, { deed: 'change-work' | 'change-work-unit' | 'finish-work' }> =>
  deed.deed === 'change-work' || deed.deed === 'change-work-unit' || deed.deed === 'finish-work';

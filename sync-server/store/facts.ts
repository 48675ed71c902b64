/** What this store knows of itself. */
import type { Db, Trx } from './open-store.ts';

/**
 * `feed-epoch` names the store, `server-key` is the public key (PEM) that stations know it by: both are written once. `log-check`
 * (JSON) is what the last look at the whole log found.
 */
export type FactName = 'feed-epoch' | 'server-key' | 'log-check';

export async function findFact(db: Db, name: FactName): Promise<string | undefined> {
  const row = await db.selectFrom('fact').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

/** The fact as it stands; `value` where there was none. */
export async function findOrMakeFact(db: Db, name: FactName, value: string): Promise<string> {
  await db
    .insertInto('fact')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findFact(db, name)) ?? value;
}

export async function putFact(db: Db | Trx, name: FactName, value: string): Promise<void> {
  await db
    .insertInto('fact')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

import type { Trx } from './open-store.ts';

/** What may have been numbered between the copy that is used and the loss. */
export const skipped = 10_000;

/**
 * The rows are older than what was given out: numbers that nobody remembers must not be given again, and stations start
 * their feed anew, under `epoch`. `given`: what is known to have been given out, by counter.
 */
export async function skipNumbers(
  trx: Trx,
  { epoch, given }: { epoch: string; given: Readonly<Record<string, number>> },
): Promise<void> {
  for (const [name, value] of Object.entries(given))
    await trx
      .insertInto('counter')
      .values({ name, value })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({ value }).where('counter.value', '<', value),
      )
      .execute();
  await trx
    .updateTable('counter')
    .set((eb) => ({ value: eb('value', '+', skipped) }))
    .execute();
  await trx.updateTable('fact').set({ value: epoch }).where('name', '=', 'feed-epoch').execute();
}

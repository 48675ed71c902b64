/**
 * A process that writes for two audiences at once, naming them in turn in either order: database, the audiences joined by a
 * comma, name, how many transactions. Every fourth is taken back.
 */
import { ulid } from 'ulid';
import { audienceSchema } from '#domain/sync/audience.ts';
import { appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { openPostgres } from '../../sync-server/store/open-postgres.ts';

const [database = '', audiences = '', name = '', count = '0'] = process.argv.slice(2);
const to = audiences.split(',').map((audience) => audienceSchema.parse(audience));
const { db } = openPostgres({ database });
const work = Array.from({ length: Number(count) }, (_value, n) => async () => {
  const at = new Date().toISOString();
  const change = { kind: 'record-rejected', recordId: ulid(), code: name, message: String(n), at } as const;
  await db
    .transaction()
    .execute(async (trx) => {
      await appendChanges(trx, [{ to: n % 2 === 0 ? to : to.toReversed(), changes: [change, change] }], at);
      if (n % 4 === 3) throw new Error('taken back');
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'taken back')) throw error;
    });
});
// four at a time, each on a connection of its own
const hands = Array.from({ length: 4 }, async () => {
  for (let next = work.pop(); next; next = work.pop()) await next();
});
await Promise.all(hands);
await db.destroy();

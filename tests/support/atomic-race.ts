/** One of several processes that count and take the same things at once: `atomic-race.ts OPTIONS-AS-JSON`; answers what it got. */
import { z } from 'zod';
import { createAtomicRows } from '../../sync-server/store/atomic-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';

const options = z
  .object({
    folder: z.string(),
    database: z.string(),
    workers: z.number(),
    each: z.number(),
    holder: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const { workers, each, holder } = options;
const store = await openStore(options);
const rows = createAtomicRows(store.db);
const nowMs = Date.now();
const waits = { nowMs, firstWaitMs: 30_000, maxWaitMs: 60_000, forgetMs: 600_000 };
const got = { through: 0, reserved: 0, consumed: 0 };

await Promise.all(
  Array.from({ length: workers }, async (_, worker) => {
    for (let n = 0; n < each; n += 1) {
      await rows.increment({ ...waits, name: 'counted' });
      if ('count' in (await rows.increment({ ...waits, name: 'limited', free: 7 }))) got.through += 1;
      const name = `code ${n % 5}`;
      if (await rows.reserve(name, { nowMs })) got.reserved += 1;
      if (await rows.consume(name, { holder: `${holder} ${worker} ${n}`, nowMs })) got.consumed += 1;
    }
  }),
);
await store.close();
process.stdout.write(JSON.stringify(got));

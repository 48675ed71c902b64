/**
 * The feed against a model of a list: writers that commit or take back, a reader that keeps what it read and forgets its
 * cursor now and then, cleaning in between. On the real database of the project: SQLite, or PostgreSQL with several
 * connections at once.
 */
import fc from '#tests/support/properties.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Change } from '#domain/sync/schema.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { createFeedRows, dropOvertaken } from '../../sync-server/store/feed-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { makeDataFolder } from './server-support.ts';
import { sampled } from '#tests/support/nightly.ts';

const data = makeDataFolder();
let store: OpenStore;
let count = 0;
beforeAll(async () => {
  store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)) });
});
afterAll(async () => {
  await store.close();
  data.remove();
});

const epoch = 'epoch';
/** Few subjects, so that later words overtake earlier ones. */
const subjects = ['01K00000000000000000000000', '01K00000000000000000000001'] as const;
const writeArbitrary = fc.record({
  subject: fc.nat({ max: subjects.length - 1 }),
  changes: fc.integer({ min: 1, max: 3 }),
  fails: fc.boolean(),
});
const stepArbitrary = fc.oneof(
  fc.record({
    act: fc.constant('write' as const),
    writes: fc.array(writeArbitrary, { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ act: fc.constantFrom('read' as const, 'forget' as const, 'clean' as const) }),
);

it('gives every reader each number once and in order, and the last word on each thing for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 12 }), async (steps) => {
      const stationId = `S${(count += 1)}`;
      const at = '2026-03-01T00:00:00.000Z';
      await createStationRows(store.db).addKnown({ id: stationId, name: 'S', publicKey: '' }, at);
      const feed = createFeedRows(store.db, epoch);
      /** The last word on each subject, as committed. */
      const lastWords = new Map<string, string>();
      let written = 0;
      let cursor = 0;
      const heard = new Map<string, string>();

      const write = async (
        one: { subject: number; changes: number; fails: boolean },
        n: number,
      ): Promise<void> => {
        const recordId = subjects[one.subject] ?? subjects[0];
        const changes: Change[] = Array.from({ length: one.changes }, (_, k) => ({
          kind: 'record-rejected',
          recordId,
          code: 'X',
          message: `${written}-${n}-${k}`,
          at,
        }));
        const work = store.db.transaction().execute(async (trx) => {
          await appendChanges(trx, stationId, changes, at);
          if (one.fails) throw new Error('taken back');
        });
        if (one.fails) await expect(work).rejects.toThrow('taken back');
        else await work;
      };
      const read = async (): Promise<void> => {
        for (let more = true; more;) {
          const page = await feed.pull({ stationId, epoch, after: cursor, maxBytes: 300 });
          expect(page.from).toBe(cursor);
          let last = cursor;
          for (const { seq, change } of page.changes) {
            expect(seq).toBeGreaterThan(last);
            last = seq;
            if (change.kind === 'record-rejected') heard.set(change.recordId, change.message);
          }
          expect(page.next).toBe(last);
          cursor = page.next;
          ({ more } = page);
        }
        expect(cursor).toBe(written);
      };

      for (const step of steps) {
        if (step.act === 'write') {
          await Promise.all(step.writes.map(write));
          written += step.writes.filter(({ fails }) => !fails).reduce((sum, { changes }) => sum + changes, 0);
          expect(await feed.head(stationId)).toEqual({ epoch, seq: written });
          // of writers at once the database says who was last
          const { changes } = await wholeFeed();
          for (const { change } of changes)
            if (change.kind === 'record-rejected') lastWords.set(change.recordId, change.message);
        } else if (step.act === 'read') await read();
        else if (step.act === 'clean') await dropOvertaken(store.db, '2027-01-01T00:00:00.000Z');
        else {
          cursor = 0;
          heard.clear();
        }
      }
      await read();
      cursor = 0;
      heard.clear();
      await read();
      expect(heard).toEqual(lastWords);

      async function wholeFeed() {
        return feed.pull({ stationId, epoch, after: 0, maxBytes: 1_000_000 });
      }
    }),
    { numRuns: sampled(10, 200) },
  );
});

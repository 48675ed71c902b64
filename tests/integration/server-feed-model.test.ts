/**
 * The feeds against a model of lists: writers that address one audience or both and commit or take back, for each audience a
 * reader that keeps what it read and forgets its cursor now and then, cleaning in between. On the real database of the project: SQLite, or PostgreSQL with several
 * connections at once.
 */
import fc from '#tests/support/properties.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Audience } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { appendChanges } from '../../sync-server/store/bookkeeping.ts';
import { createFeedRows, dropOvertaken } from '../../sync-server/store/feed-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
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
  /** Indexes of the audiences, in whatever order. */
  to: fc.shuffledSubarray([0, 1], { minLength: 1 }),
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
      count += 1;
      const audiences: Audience[] = [`station:S${count}`, `subject:credit-code:${count}`];
      const at = '2026-03-01T00:00:00.000Z';
      const feed = createFeedRows(store.db, epoch);
      const readers = audiences.map((audience) => ({
        audience,
        /** The last word on each subject, as committed. */
        lastWords: new Map<string, string>(),
        written: 0,
        cursor: 0,
        heard: new Map<string, string>(),
      }));
      type Reader = (typeof readers)[number];
      let writes = 0;

      const write = async (
        one: { subject: number; changes: number; fails: boolean; to: number[] },
        n: number,
      ): Promise<void> => {
        const recordId = subjects[one.subject] ?? subjects[0];
        const changes: Change[] = Array.from({ length: one.changes }, (_, k) => ({
          kind: 'record-rejected',
          recordId,
          code: 'X',
          message: `${writes}-${n}-${k}`,
          at,
        }));
        const work = store.db.transaction().execute(async (trx) => {
          const to = one.to.flatMap((index) => audiences[index] ?? []);
          await appendChanges(trx, [{ to, changes }], at);
          if (one.fails) throw new Error('taken back');
        });
        if (one.fails) await expect(work).rejects.toThrow('taken back');
        else await work;
      };
      const read = async (reader: Reader): Promise<void> => {
        const { audience, heard } = reader;
        for (let more = true; more;) {
          const page = await feed.pull({ audience, epoch, after: reader.cursor, maxBytes: 300 });
          expect(page.from).toBe(reader.cursor);
          let last = reader.cursor;
          for (const { seq, change } of page.changes) {
            expect(seq).toBeGreaterThan(last);
            last = seq;
            if (change.kind === 'record-rejected') heard.set(change.recordId, change.message);
          }
          expect(page.next).toBe(last);
          reader.cursor = page.next;
          ({ more } = page);
        }
        expect(reader.cursor).toBe(reader.written);
      };
      const forget = (reader: Reader): void => {
        reader.cursor = 0;
        reader.heard.clear();
      };

      for (const step of steps) {
        if (step.act === 'write') {
          await Promise.all(step.writes.map(write));
          writes += 1;
          for (const [index, reader] of readers.entries()) {
            const { audience, lastWords } = reader;
            reader.written += step.writes
              .filter(({ fails, to }) => !fails && to.includes(index))
              .reduce((sum, { changes }) => sum + changes, 0);
            expect(await feed.head(audience)).toEqual({ epoch, seq: reader.written });
            // of writers at once the database says who was last
            const { changes } = await feed.pull({ audience, epoch, after: 0, maxBytes: 1_000_000 });
            for (const { change } of changes)
              if (change.kind === 'record-rejected') lastWords.set(change.recordId, change.message);
          }
        } else if (step.act === 'read') await Promise.all(readers.map(read));
        else if (step.act === 'clean') await dropOvertaken(store.db, '2027-01-01T00:00:00.000Z');
        else readers.forEach(forget);
      }
      for (const reader of readers) {
        await read(reader);
        forget(reader);
        await read(reader);
        expect(reader.heard).toEqual(reader.lastWords);
      }
    }),
    { numRuns: sampled(10, 200) },
  );
});

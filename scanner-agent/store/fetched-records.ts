/** What was entered elsewhere, kept for as long as its owner is at the counter: encrypted with keys of its own, like drafts. */
import { recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Cursor, StoreEvent, SyncStore } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import type { Records } from './records.ts';

type Page = Parameters<SyncStore['applySubjectPage']>[0];

export function createFetchedRecords(
  context: StoreContext,
  parts: {
    records: Records;
    /** Applies a change to a record of this station's own. */
    applyToOwn: (change: Page['changes'][number], raise: (event: StoreEvent) => void) => void;
    letGo: (shas: readonly string[]) => void;
  },
) {
  const { db, keys, subjectTag, write } = context;
  const { records, applyToOwn, letGo } = parts;
  const selectCursor = db.prepare<[string], Cursor>('select epoch, seq from cursor where stream = ?');
  const setCursor = db.prepare(`
    insert into cursor (stream, epoch, seq) values (?, ?, ?)
    on conflict (stream) do update set epoch = excluded.epoch, seq = excluded.seq`);
  const dropCursors = db.prepare(`delete from cursor where stream like 'subject|%'`);
  const selectFetched = db.prepare<[], { id: string }>(
    'select id from record where fetched = 1 and deleted_at is null',
  );
  const streamOf = (creditCode: string): string => `subject|${subjectTag(creditCode)}`;

  return {
    isOwn: (id: string): boolean => records.ownerOf(id) === 'station',

    /** From here on the feed is followed: what it says up to there is in the records that were fetched. */
    beginSubject: (creditCode: string, head: Cursor): void => {
      write(() => {
        dropCursors.run();
        setCursor.run(streamOf(creditCode), head.epoch, head.seq);
      });
    },
    subjectCursor: (creditCode: string): Cursor | undefined => selectCursor.get(streamOf(creditCode)),

    putFetched: (fetched: readonly LudengRecord[]): void => {
      const parsed = fetched.map((record) => recordSchema.parse(record));
      write((raise) => {
        for (const record of parsed) records.putFetched(record, raise);
      });
    },

    /** One transaction: the copies, the own records' changes, and the cursor. False, and nothing, when it stands elsewhere. */
    applySubjectPage: (page: Page): boolean => {
      const parsed = page.records.map((record) => recordSchema.parse(record));
      return write((raise) => {
        const stream = streamOf(page.creditCode);
        const cursor = selectCursor.get(stream);
        if (cursor?.epoch !== page.epoch || cursor.seq !== page.from) return false;
        for (const record of parsed) records.putFetched(record, raise);
        for (const change of page.changes) applyToOwn(change, raise);
        setCursor.run(stream, page.epoch, page.next);
        return true;
      });
    },

    /** Nothing of them can be read when it returns. Twice is fine. */
    dropFetched: (): number => {
      const ids = selectFetched.all().map(({ id }) => id);
      const shas = write((raise) => {
        dropCursors.run();
        return ids.flatMap((id) => records.eraseFetched(id, raise));
      });
      for (const id of ids) keys.destroy('record', id);
      if (ids.length > 0) letGo(shas);
      return ids.length;
    },
  };
}

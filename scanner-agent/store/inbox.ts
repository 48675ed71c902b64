import { applyChange, supersede } from '#domain/sync/apply-change.ts';
import { numberedSettingsSchema } from '#domain/sync/fleet.ts';
import type { NumberedSettings } from '#domain/sync/fleet.ts';
import { changeSchema } from '#domain/sync/change.ts';
import type { Change } from '#domain/sync/change.ts';
import type { Cursor, StoreEvent, SyncStore } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import type { Records } from './records.ts';

const stream = 'station';

/** Changes from the server: kept by number, applied once, the cursor moved in the same transaction. */
export function createInbox({ db, now, write, note, logLinesOf }: StoreContext, records: Records) {
  const selectCursor = db.prepare<[string], Cursor>('select epoch, seq from cursor where stream = ?');
  const setCursor = db.prepare(`
    insert into cursor (stream, epoch, seq) values (?, ?, ?)
    on conflict (stream) do update set epoch = excluded.epoch, seq = excluded.seq`);
  const keep = db.prepare(`
    insert into inbox (epoch, seq, body, applied, received_at) values (?, ?, ?, ?, ?) on conflict do nothing`);
  const selectDeferred = db.prepare<[], { epoch: string; seq: number; body: string }>(
    'select epoch, seq, body from inbox where applied = 0 order by seq',
  );
  const setApplied = db.prepare('update inbox set applied = 1 where epoch = ? and seq = ?');

  const selectSettings = db.prepare<[], { body: string }>('select body from settings');
  const setSettings = db.prepare(
    'insert into settings (only, body) values (1, ?) on conflict (only) do update set body = excluded.body',
  );

  /** Asked for with every piece of a page; undefined: look. */
  let known: { settings: NumberedSettings | undefined } | undefined;

  /** Answers whether the change could be applied here. */
  function apply(change: Change | undefined, raise: (event: StoreEvent) => void): boolean {
    if (!change) return false;
    if (change.kind === 'station-settings') {
      // the feed's order counts, not the revision: a server that was set up anew counts from 1 again
      const { revision, settings: wanted } = change;
      setSettings.run(JSON.stringify({ revision, settings: wanted }));
      known = undefined;
      raise({ type: 'settings' });
      return true;
    }
    const record = records.get(change.recordId);
    if (!record) return false;
    const next = applyChange(record, change, logLinesOf(record.programme));
    if (next === record) return true;
    records.replace(next, raise, record);
    const replaced = change.kind === 'record-stored' ? next.supersedes : undefined;
    const older = replaced ? records.get(replaced) : undefined;
    const superseded = older && supersede(older, next.updatedAt, logLinesOf(older.programme));
    if (superseded && superseded !== older) records.replace(superseded, raise, older);
    return true;
  }

  return {
    settings: (): NumberedSettings | undefined => {
      if (!known) {
        const row = selectSettings.get();
        known = { settings: row && numberedSettingsSchema.parse(JSON.parse(row.body)) };
      }
      return known.settings;
    },
    cursor: (): Cursor | undefined => selectCursor.get(stream),
    resetCursor: (epoch: string): void => {
      write(() => setCursor.run(stream, epoch, 0));
    },
    applyChanges: (page: Parameters<SyncStore['applyChanges']>[0]): boolean => {
      // what a power cut takes back takes the cursor back too: it is pulled again
      return note((raise) => {
        const cursor = selectCursor.get(stream);
        if (cursor?.epoch !== page.epoch || cursor.seq !== page.from) return false;
        for (const { seq, change, body } of page.changes) {
          if (seq <= page.from) continue;
          keep.run(page.epoch, seq, body, apply(change, raise) ? 1 : 0, now());
        }
        setCursor.run(stream, page.epoch, page.next);
        return true;
      });
    },
    /** What a subject's feed says of a record of this station's own; the station's own feed says the same. */
    applyToOwn: ({ change }: { change: Change | undefined }, raise: (event: StoreEvent) => void): void => {
      if (change && change.kind !== 'station-settings' && records.ownerOf(change.recordId) === 'station')
        apply(change, raise);
    },
    /** What an older program could not read, or spoke of a record not yet here, is tried again at the start. */
    applyDeferred: (): void => {
      write((raise) => {
        for (const { epoch, seq, body } of selectDeferred.all()) {
          const parsed = changeSchema.safeParse(JSON.parse(body));
          if (parsed.success && apply(parsed.data, raise)) setApplied.run(epoch, seq);
        }
      });
    },
  };
}

/** What people leave behind before they submit it, records and batches alike: how old it is, and how it is destroyed. */
import type { StoreContext } from './context.ts';
import type { Records } from './records.ts';
import type { Batches } from './batches.ts';

export interface Drafts {
  /** Lets these pages go, and empties the database's log. */
  forget: (shas: readonly string[]) => void;
  deleteDraft: (id: string) => void;
  removeBatch: (id: string) => void;
  /** Answers how many went. */
  deleteAged: (touchedBefore: string, exceptCreditCode?: string) => number;
  /** When the oldest of this subject's was last touched. */
  oldest: (creditCode: string) => string | undefined;
}

export function createDrafts(
  { db }: StoreContext,
  parts: {
    records: Records;
    batches: Batches;
    blobs: { letGo(shas: readonly string[]): void };
  },
): Drafts {
  const { records, batches, blobs } = parts;

  /** The pages go with what named them; the log of the database, which still tells of it, is emptied. */
  function forget(shas: readonly string[]): void {
    blobs.letGo(shas);
    db.pragma('wal_checkpoint(truncate)');
  }

  const deleteDraft = (id: string): void => forget(records.deleteDraft(id));
  const removeBatch = (id: string): void => forget(batches.remove(id));
  return {
    forget,
    deleteDraft,
    removeBatch,
    deleteAged(touchedBefore, exceptCreditCode) {
      const agedRecords = records.agedDrafts(touchedBefore, exceptCreditCode);
      const agedBatches = batches.aged(touchedBefore, exceptCreditCode);
      for (const id of agedRecords) deleteDraft(id);
      for (const id of agedBatches) removeBatch(id);
      return agedRecords.length + agedBatches.length;
    },
    oldest(creditCode) {
      const [first] = [records.oldestDraft(creditCode), batches.oldest(creditCode)]
        .filter((at) => at !== undefined)
        .sort();
      return first;
    },
  };
}

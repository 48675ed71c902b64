/** Port: what stations handed over, and the numbered changes for whoever may see them. */
import type { AuditFinding } from '#domain/contracts/desk/fleet.ts';
import type { ItemKind } from '#domain/sync/action.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { BlobRef, PullAnswer, Receipt } from '#domain/sync/schema.ts';
import type { JobKind } from './job-rows.ts';

export interface StoredItem {
  id: string;
  stationId: string;
  kind: ItemKind;
  payload: string;
  manifestSha: string;
  receivedAt: string;
  blobs: BlobRef[];
}

export interface NewItem {
  id: string;
  stationId: string;
  seq: number;
  kind: ItemKind;
  schemaVersion: number;
  payload: string;
  payloadSha: string;
  manifestSha: string;
  blobs: BlobRef[];
}

export interface ItemRows {
  find(id: string): Promise<StoredItem | undefined>;
  /** Undefined when the item is not here. Throws CONFLICT when the id belongs to another station or, where given, another payload. */
  receiptOf(item: { id: string; stationId: string; payloadSha?: string }): Promise<Receipt | undefined>;
  /** Ids of a station's items whose number, as the station counts now, is above `after` and at most `upTo`. */
  idsBetween(range: { stationId: string; after: number; upTo: number }): Promise<string[]>;
  /** An alarm at the station. Once for the same kind and item, also after it was acknowledged, as long as nobody forgets it. */
  noteFinding(finding: {
    kind: AuditFinding['kind'];
    stationId: string;
    itemId: string;
    detail: string;
    at: string;
  }): Promise<void>;
  /** These items are whole: what is found of them another time is news again. */
  forgetFindings(of: { stationId: string; itemIds: readonly string[] }): Promise<void>;
  /**
   * One transaction: the item, its blobs' rows, its job and its receipt; durable when resolved. The same item again: the
   * stored receipt, no further effect. Throws STATION_FENCED (a newer session), CONFLICT (same id or seq, other content;
   * an alarm is kept).
   */
  commit(
    item: NewItem,
    options: {
      sessionEpoch: number;
      jobId: string;
      jobKind: JobKind;
      at: string;
      sign: (receipt: Omit<Receipt, 'signature'>) => string;
    },
  ): Promise<{ receipt: Receipt; inserted: boolean }>;
}

export interface FeedRows {
  head(audience: Audience): Promise<{ epoch: string; seq: number }>;
  /**
   * Changes after `after` in order, at least one when there is one, up to about `maxBytes`. Another epoch: from the start.
   * Old ones that a later one has overtaken are gone: a reader with an old cursor, or with none, hears the last word on
   * each thing, which is a snapshot.
   */
  pull(request: { audience: Audience; epoch: string; after: number; maxBytes: number }): Promise<PullAnswer>;
}

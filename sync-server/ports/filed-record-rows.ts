/** Port: records that come about at the server itself, in a browser, without any station. */
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Receipt } from '#domain/sync/schema.ts';

export interface FiledRecord {
  record: LudengRecord;
  /** It stands here already, was given back and is corrected: it keeps its unique code, and the cases that gave it back go on. */
  isCorrection: boolean;
  /** Of its kind, for the log. */
  title: string;
  /** Files of its attachments; their bytes are in the blob store, durable. */
  blobs: readonly { sha: string; size: number; mime: string }[];
  counter: string;
  makeUniqueCode: (serial: number) => string;
  /** The workflow of which a case is opened about it. */
  opens?: string | undefined;
  /** Whoever registered himself is called so from then on; LOGIN_NAME_TAKEN where he cannot be. */
  renames?: { account: string; name: string } | undefined;
  /** Account of whoever filed it; empty for somebody without one. */
  actor: string;
  at: string;
  sign: (receipt: Omit<Receipt, 'signature'>) => string;
}

export interface FiledRecordRows {
  /**
   * Throws RECORD_SUPERSEDED, RECORD_NOT_EDITABLE where the record that it replaces does not stand any more, or where the one that
   * it corrects is not to be corrected any more.
   * One transaction: the record is stored with its unique code, its case is asked for, whoever may see it hears of it. It
   * stands under the server's own entry among the stations, and as an item of it, as everything does that came in.
   */
  file(filed: FiledRecord): Promise<{ uniqueCode: string }>;
}

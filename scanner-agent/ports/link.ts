/** Port: the line to the server. It carries the outbox up and the numbered changes down by itself, for as long as it runs. */
import type { ConnectionState } from '#domain/contracts/kiosk/station.ts';
import type { CarriedDraft, GivenDraft } from '#domain/sync/carried-draft.ts';
import type { MarketRows } from '#domain/sync/market-rows.ts';
import type { RecordFileQuestion } from '#domain/sync/subject-feed.ts';

export interface Link {
  /** As it is now, with the counts of the outbox. */
  state(): ConnectionState;
  /** Called with every change of the state, of its reason or of the counts. Returns the way to stop. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Begins; twice is fine. Without an enrolment the state is `refused` with STATION_UNKNOWN. */
  start(): void;
  /**
   * Tries now instead of at the next turn. Nobody needs to call it after queueing: the link hears the store.
   * A quarantined or refused link asks the server again; a fenced one stays fenced until the agent starts anew.
   */
  poke(): void;
  /** Ends both connections and every wait. Nothing that was queued is lost. */
  close(): Promise<void>;
}

/** A page or the sealed file of a record of whoever is logged in. Throws SERVER_UNREACHABLE, and the server's refusals. */
export type FetchRecordFile = (question: Omit<RecordFileQuestion, 'audience' | 'off'>) => Promise<Uint8Array>;

export interface FileUp {
  /** Of the record here. */
  id: string;
  slot: string;
  sha: string;
  name: string;
  bytes: Uint8Array;
}

/** Drafts that were begun at a portal. All of it throws DRAFT_NO_LINE, DRAFT_NEEDS_KEY, DRAFT_NOT_SUPPORTED, and the server's refusals. */
export interface DraftLine {
  /** Once for each code. */
  take(asked: { programme: string; code: string }): Promise<CarriedDraft>;
  file(wanted: { id: string; slot: string; sha: string }): Promise<Uint8Array>;
  /** What the server has already it takes no second time. */
  send(file: FileUp): Promise<void>;
  /** Twice is fine. */
  give(given: GivenDraft): Promise<void>;
}

/**
 * What the national platform has of whoever is logged in. Throws SYNCHRONISE_NO_LINE, SYNCHRONISE_NEEDS_KEY, VERSION_UNSUPPORTED,
 * and the server's refusals: SERVICE_UNREACHABLE where the platform does not answer.
 */
export interface MarketLine {
  rows(asked: {
    programme: string;
    kind: string;
    idNumber?: string;
    /** Removed ones that are wanted again. */
    restored: string[];
  }): Promise<MarketRows>;
  /** No synchronisation brings it back by itself. Twice is fine. */
  remove(row: { programme: string; kind: string; row: string }): Promise<void>;
}

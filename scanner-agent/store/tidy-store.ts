import { dayMs } from '#domain/primitives.ts';
import type { BlobStore, SyncStore } from '../ports/store.ts';

const hourMs = 3_600_000;
/** A page that was stored a moment ago may be named in a moment. */
export const settledMs = 60_000;

/**
 * To be called at the start, once an hour and at the end of a session: pages that the server has acknowledged long enough ago
 * leave the station (a public place is no archive; the text of the record stays), drafts that nobody came back for go whole,
 * and so do pages of captures given up: yesterday's, or all where nothing is being captured.
 */
export function housekeepStore(options: {
  store: Pick<SyncStore, 'purgeAccepted' | 'deleteAgedDrafts'>;
  blobs: Pick<BlobStore, 'collect'>;
  keepDays: number;
  keepDraftsHours: number;
  /** Whose drafts stay, since that one is at the counter. */
  atCounter: string | undefined;
  isCapturing: boolean;
  now: () => Date;
}): { items: number; drafts: number; pages: number } {
  const ago = (ms: number) => new Date(options.now().getTime() - ms).toISOString();
  const items = options.store.purgeAccepted(ago(options.keepDays * dayMs));
  const drafts = options.store.deleteAgedDrafts(ago(options.keepDraftsHours * hourMs), options.atCounter);
  const pages = options.blobs.collect(ago(options.isCapturing ? dayMs : settledMs));
  return { items, drafts, pages };
}

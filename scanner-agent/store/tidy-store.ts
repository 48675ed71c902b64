import type { BlobStore, SyncStore } from '../ports/store.ts';

const dayMs = 86_400_000;

/**
 * To be called at the start and once a day: pages that the server has acknowledged long enough ago leave the station
 * (a public place is no archive; the text of the record stays), and so do pages of captures given up yesterday.
 */
export function tidyStore(options: {
  store: Pick<SyncStore, 'purgeAccepted'>;
  blobs: Pick<BlobStore, 'collect'>;
  keepDays: number;
  now: () => Date;
}): { items: number; pages: number } {
  const daysAgo = (days: number) => new Date(options.now().getTime() - days * dayMs).toISOString();
  const items = options.store.purgeAccepted(daysAgo(options.keepDays));
  return { items, pages: options.blobs.collect(daysAgo(1)) };
}

/** What happened, for those who show it: stations are poked, desks refresh. Announcing steers nothing; a lost one costs time only. */
export type Announcement =
  | { type: 'feed'; stationId: string }
  | { type: 'case-opened' | 'case-changed'; caseId: string; department: string };

export interface Announcements {
  announce(announcement: Announcement): void;
  /** Returns the way to stop. */
  listen(listener: (announcement: Announcement) => void): () => void;
}

export function createAnnouncements(): Announcements {
  const listeners = new Set<(announcement: Announcement) => void>();
  return {
    announce: (announcement) => {
      for (const listener of [...listeners]) listener(announcement);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

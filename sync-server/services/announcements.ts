import { z } from 'zod';
import { logHeadSchema } from '#domain/accounts/log-lines.ts';
import { audienceSchema } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';

/** What happened, for those who show it: stations are poked, desks refresh. Announcing steers nothing; a lost one costs time only. */
export const announcementSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('feed'), audience: audienceSchema }),
  z.object({ type: z.literal('session'), stationId: z.string(), sessionEpoch: z.int() }),
  /** Scanned, chosen, refused, used: the browser that shows it looks again. */
  z.object({ type: z.literal('login-ticket'), ticketId: z.string() }),
  /** Signed in, refused, signed out, disabled, another password, other rights. */
  z.object({ type: z.literal('account'), accountId: z.string() }),
  /** Of the log, signed just now: stations keep it. */
  z.object({ type: z.literal('log-head'), head: logHeadSchema }),
  /** For one audience: an authority that sees it, or the subject whose it is. */
  z.object({ type: z.enum(['case-opened', 'case-changed']), caseId: z.string(), audience: audienceSchema }),
  /** Somebody's act was written down. */
  z.object({ type: z.literal('log') }),
  /** One came, went, or told of itself. */
  z.object({ type: z.literal('stations') }),
  /** A to-do or a notice of the person whose id number has this SHA-256. */
  z.object({ type: z.literal('person'), personSha: z.string() }),
]);
export type Announcement = z.infer<typeof announcementSchema>;

export interface Announcements {
  announce(announcement: Announcement): void;
  /** There are new changes for these. */
  announceFeed(audiences: Iterable<Audience>): void;
  /** What another process announced. */
  hear(announcement: Announcement): void;
  /** Returns the way to stop. */
  listen(listener: (announcement: Announcement) => void): () => void;
  /** Where announcements of this process go besides: to the other processes. */
  relayTo(relay: (announcement: Announcement) => void): void;
}

export function createAnnouncements(): Announcements {
  const listeners = new Set<(announcement: Announcement) => void>();
  let relay = (_announcement: Announcement): void => undefined;
  const hear = (announcement: Announcement): void => {
    for (const listener of [...listeners]) listener(announcement);
  };
  const announce = (announcement: Announcement): void => {
    hear(announcement);
    relay(announcement);
  };
  return {
    announce,
    announceFeed: (audiences) => {
      for (const audience of new Set(audiences)) announce({ type: 'feed', audience });
    },
    hear,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    relayTo: (to) => (relay = to),
  };
}

import { mayAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { ConsoleEvent } from '#domain/contracts/desk/events.ts';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import { ofAudience } from '#domain/sync/audience.ts';
import type { Announcement } from '../services/announcements.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

/** To the desks, live: cases of the authorities that whoever is signed in there sees, accounts, the log, stations. */
export function addDeskEvents(
  serve: Serve,
  {
    openStream,
    maySee,
  }: { openStream: OpenEventStream; maySee: (actor: Actor, department: string) => boolean },
): void {
  function mayHear(now: Actor, told: Announcement): boolean {
    if ('caseId' in told) {
      const authority = ofAudience(told.audience, 'authority');
      return authority !== undefined && maySee(now, authority);
    }
    if (told.type === 'stations') return mayAtAll(now, 'station.list').allowed;
    if (told.type === 'account' && told.accountId === now.account) return true;
    return mayAtAll(now, 'account.list').allowed;
  }
  serve(deskRoutes.events, ({ actor, request, reply }) =>
    openStream({ ...{ actor, request, reply }, eventOf, mayHear }),
  );
}

function eventOf(told: Announcement): ConsoleEvent | undefined {
  if ('caseId' in told) return { type: told.type, caseId: told.caseId };
  if (told.type === 'account') return { type: 'accounts-changed' };
  if (told.type === 'log' || told.type === 'log-head') return { type: 'log-changed' };
  if (told.type === 'stations') return { type: 'stations-changed' };
  return undefined;
}

import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

/** To the desks: that a case came or changed which whoever is signed in there may see. */
export function addDeskEvents(
  serve: Serve,
  {
    openStream,
    maySee,
  }: { openStream: OpenEventStream; maySee: (actor: Actor, department: string) => boolean },
): void {
  serve(deskRoutes.events, ({ actor, request, reply }) =>
    openStream({
      ...{ actor, request, reply },
      eventOf: (told) => ('caseId' in told ? { type: told.type, caseId: told.caseId } : undefined),
      mayHear: (now, told) => 'department' in told && maySee(now, told.department),
    }),
  );
}

import { portalRoutes } from '#domain/contracts/public/portals.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { EnterPortal } from '../services/portals/enter-portal.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

/** To the pages of a portal, live: records, drafts and cases of the subject for whom somebody acts there, and the own account. */
export function addPortalEvents(
  serve: Serve,
  { openStream, entering }: { openStream: OpenEventStream; entering: Pick<EnterPortal, 'enter'> },
): void {
  serve(portalRoutes.portalEvents, async ({ actor, params: { programme }, request, reply }) => {
    const opened = await entering.enter(actor, programme);
    const own = opened.subject && audienceOf.subject(opened.subject);
    openStream({
      ...{ actor, request, reply },
      // of other subjects' records there is much to hear: nobody is asked about those
      eventOf: (told) =>
        ('audience' in told && told.audience === own) || told.type === 'account'
          ? { type: 'portal-changed' }
          : undefined,
      async mayHear(now, told) {
        if (told.type === 'account') return told.accountId === now.account;
        if (!('audience' in told)) return false;
        const { subject } = await entering.enter(now, programme);
        return subject !== undefined && audienceOf.subject(subject) === told.audience;
      },
    });
  });
}

import { portalRoutes } from '#domain/contracts/public/portals.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { EnterPortal } from '../services/portals/enter-portal.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

/** To the pages of a portal, live: cases of the subject for whom somebody acts there, and the own account. */
export function addPortalEvents(
  serve: Serve,
  { openStream, entering }: { openStream: OpenEventStream; entering: Pick<EnterPortal, 'enter'> },
): void {
  serve(portalRoutes.portalEvents, async ({ actor, params: { programme }, request, reply }) => {
    await entering.enter(actor, programme);
    openStream({
      ...{ actor, request, reply },
      eventOf: (told) =>
        'caseId' in told || told.type === 'account' ? { type: 'portal-changed' } : undefined,
      async mayHear(now, told) {
        if (told.type === 'account') return told.accountId === now.account;
        if (!('caseId' in told)) return false;
        const { subject } = await entering.enter(now, programme);
        return subject !== undefined && audienceOf.subject(subject) === told.audience;
      },
    });
  });
}

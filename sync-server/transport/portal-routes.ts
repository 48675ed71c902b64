import type { FastifyInstance, FastifyReply } from 'fastify';
import { portalRecordRoutes } from '#domain/contracts/portal/records.ts';
import { portalPickRoutes } from '#domain/contracts/portal/picks.ts';
import { portalWorkRoutes } from '#domain/contracts/portal/works.ts';
import { portalRoutes } from '#domain/contracts/public/portals.ts';
import { maxPictureBytes } from '#domain/contracts/public/registration.ts';
import type { Sessions } from '../services/accounts/sessions.ts';
import type { EnterPortal } from '../services/portals/enter-portal.ts';
import type { DraftCarrying } from '../services/portals/draft-carrying.ts';
import type { PortalDrafts } from '../services/portals/portal-drafts.ts';
import type { PortalRecords } from '../services/portals/portal-records.ts';
import type { PortalPicks } from '../services/portals/portal-picks.ts';
import type { PortalWorks } from '../services/portals/portal-works.ts';
import type { Portals } from '../services/portals/portals.ts';
import { readToken } from './cookies.ts';
import { createServe } from './serve.ts';
import type { Serve } from './serve.ts';

export interface PortalServices {
  portals: Portals;
  entering: EnterPortal;
  sessions: Pick<Sessions, 'actAs'>;
  records: PortalRecords;
  drafts: PortalDrafts;
  carrying: Pick<DraftCarrying, 'makeCode' | 'fetchBack'>;
  works: PortalWorks;
  picks: PortalPicks;
}

/** The door of a programme in an ordinary browser, and the records behind it. */
export function addPortalRoutes(
  app: FastifyInstance,
  serve: Serve,
  { portals, entering, records, drafts, carrying, works, picks, sessions }: PortalServices,
): void {
  serve(portalRoutes.portals, () => portals.list());
  serve(portalRoutes.portal, ({ params }) => portals.find(params.programme));
  serve(portalRoutes.portalSelf, ({ actor, params }) => entering.self(actor, params.programme));
  serve(portalWorkRoutes.portalWorks, ({ actor, params, query }) =>
    works.list(actor, params.programme, query.text),
  );
  serve(portalWorkRoutes.portalWork, ({ actor, params }) => works.read(actor, params.programme, params.id));
  serve(portalPickRoutes.portalCandidates, ({ actor, params, query }) =>
    picks.list(actor, params.programme, query),
  );
  serve(portalPickRoutes.choosePortalCandidate, ({ actor, params: { programme, id }, body }) =>
    drafts.choose(actor, programme, id, body),
  );
  serve(portalRoutes.choosePortalRole, async ({ actor, params: { programme }, body, request }) => {
    const actingAs = { programme, ...body };
    await entering.mayActAs(actor, actingAs);
    await sessions.actAs(readToken(request), actingAs);
    return entering.self({ ...actor, actingAs }, programme);
  });
  const done = async (work: Promise<unknown>): Promise<Record<string, never>> => {
    await work;
    return {};
  };
  const send = async (
    reply: FastifyReply,
    file: Promise<{ mime: string; bytes: Uint8Array }>,
  ): Promise<Uint8Array> => {
    const { mime, bytes } = await file;
    void reply.header('content-type', mime);
    return bytes;
  };

  void app.register(async (scope) => {
    // files as they are, whatever the browser calls them; how many bytes is said by the contract
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: maxPictureBytes },
      (_request, body, parsed) => parsed(null, body),
    );
    const own = createServe(scope);
    const routes = portalRecordRoutes;
    own(routes.portalRecords, ({ actor, params, query }) =>
      records.list(actor, params.programme, query.kind),
    );
    own(routes.portalRecord, ({ actor, params: { programme, id }, query }) =>
      records.read(actor, programme, { id, ...query }),
    );
    own(routes.portalRecordFile, ({ actor, params: { programme, ...file }, reply }) =>
      send(reply, records.readFile(actor, programme, file)),
    );
    own(routes.changePortalRecord, ({ actor, params: { programme, id } }) =>
      drafts.changeRecord(actor, programme, id),
    );
    own(routes.voidPortalRecord, ({ actor, params: { programme, id } }) =>
      done(records.voidOne(actor, programme, id)),
    );
    own(routes.restorePortalRecord, ({ actor, params: { programme, id } }) =>
      done(records.restore(actor, programme, id)),
    );
    own(routes.beginPortalDraft, ({ actor, params, body }) => drafts.begin(actor, params.programme, body));
    own(routes.portalDraft, ({ actor, params: { programme, id } }) => drafts.read(actor, programme, id));
    own(routes.savePortalDraft, ({ actor, params: { programme, id }, body }) =>
      drafts.save(actor, programme, { id, ...body }),
    );
    own(routes.dropPortalDraft, ({ actor, params: { programme, id } }) =>
      done(drafts.drop(actor, programme, id)),
    );
    own(routes.makeDraftCode, ({ actor, params: { programme, id } }) =>
      carrying.makeCode(actor, programme, id),
    );
    own(routes.fetchBackDraft, ({ actor, params: { programme, id } }) =>
      carrying.fetchBack(actor, programme, id),
    );
    own(routes.addPortalFile, ({ actor, params: { programme, ...place }, query, body }) =>
      drafts.addFile(actor, programme, { ...place, ...query, bytes: body }),
    );
    own(routes.removePortalFile, ({ actor, params: { programme, ...file } }) =>
      drafts.removeFile(actor, programme, file),
    );
    own(routes.portalFile, ({ actor, params: { programme, ...file }, reply }) =>
      send(reply, drafts.readFile(actor, programme, file)),
    );
    own(routes.handInPortalDraft, ({ actor, params: { programme, id } }) =>
      drafts.handIn(actor, programme, id),
    );
  });
}

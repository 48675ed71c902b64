import { handlerRoutes } from '#domain/contracts/unit/handlers.ts';
import { unitRoutes } from '#domain/contracts/unit/unit.ts';
import { ofAudience } from '#domain/sync/audience.ts';
import type { Sessions } from '../services/accounts/sessions.ts';
import type { Announcements } from '../services/announcements.ts';
import type { Handlers } from '../services/units/handlers.ts';
import type { MainHandlers } from '../services/units/main-handler.ts';
import type { UnitKeys } from '../services/units/unit-keys.ts';
import type { UnitPages } from '../services/units/unit-pages.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

export interface UnitServices {
  pages: UnitPages;
  handlers: Handlers;
  keys: UnitKeys;
  mainHandlers: MainHandlers;
}

export interface UnitStreams {
  announcements: Pick<Announcements, 'announce'>;
  sessions: Pick<Sessions, 'organisationOf'>;
  openStream: OpenEventStream;
}

/** A unit's back end. */
export function addUnitRoutes(
  serve: Serve,
  { pages, handlers, keys, mainHandlers, announcements, sessions, openStream }: UnitServices & UnitStreams,
): void {
  /** Streams that are open look again at once whether they may go on, and pages of the unit show it. */
  const told = async <T>(accountId: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    announcements.announce({ type: 'account', accountId });
    return done;
  };

  serve(unitRoutes.unitAccount, ({ actor }) => pages.account(actor));
  serve(unitRoutes.unitHome, ({ actor }) => pages.home(actor));
  serve(unitRoutes.unitInformation, ({ actor }) => pages.information(actor));
  serve(unitRoutes.unitEvents, ({ actor, request, reply }) =>
    openStream({
      ...{ actor, request, reply },
      eventOf: (announced) =>
        'caseId' in announced || announced.type === 'account' ? { type: 'unit-changed' } : undefined,
      async mayHear({ organisation }, announced) {
        const own = organisation && `${organisation.scheme}:${organisation.value}`;
        if (own === undefined) return false;
        if ('caseId' in announced) return ofAudience(announced.audience, 'subject') === own;
        return announced.type === 'account' && (await sessions.organisationOf(announced.accountId)) === own;
      },
    }),
  );

  serve(handlerRoutes.handlers, ({ actor }) => handlers.list(actor));
  serve(handlerRoutes.addHandler, ({ actor, body }) => told(actor.account, handlers.add(actor, body)));
  serve(handlerRoutes.changeHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.change(actor, id, body)),
  );
  serve(handlerRoutes.authoriseHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.authorise(actor, id, body.systems)),
  );
  serve(handlerRoutes.freezeHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.freeze(actor, id, body)),
  );
  serve(handlerRoutes.thawHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.thaw(actor, id, body)),
  );

  serve(handlerRoutes.synchroniseKeys, ({ actor }) => told(actor.account, keys.synchronise(actor)));
  serve(handlerRoutes.completeKey, ({ actor, params, body }) =>
    told(actor.account, keys.complete(actor, params.id, body)),
  );
  serve(handlerRoutes.mainHandler, ({ actor }) => mainHandlers.read(actor));
  serve(handlerRoutes.changeMainHandler, ({ actor, body }) =>
    told(actor.account, mainHandlers.change(actor, body)),
  );
}

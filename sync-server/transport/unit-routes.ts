import { handlerRoutes } from '#domain/contracts/unit/handlers.ts';
import { unitRoutes } from '#domain/contracts/unit/unit.ts';
import type { Announcements } from '../services/announcements.ts';
import type { Handlers } from '../services/units/handlers.ts';
import type { MainHandlers } from '../services/units/main-handler.ts';
import type { UnitKeys } from '../services/units/unit-keys.ts';
import type { UnitPages } from '../services/units/unit-pages.ts';
import type { Serve } from './serve.ts';

export interface UnitServices {
  pages: UnitPages;
  handlers: Handlers;
  keys: UnitKeys;
  mainHandlers: MainHandlers;
}

/** A unit's back end. */
export function addUnitRoutes(
  serve: Serve,
  {
    pages,
    handlers,
    keys,
    mainHandlers,
    announcements,
  }: UnitServices & { announcements: Pick<Announcements, 'announce'> },
): void {
  /** Streams that are open look again at once whether they may go on. */
  const told = async <T>(accountId: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    announcements.announce({ type: 'account', accountId });
    return done;
  };

  serve(unitRoutes.unitAccount, ({ actor }) => pages.account(actor));
  serve(unitRoutes.unitHome, ({ actor }) => pages.home(actor));
  serve(unitRoutes.unitInformation, ({ actor }) => pages.information(actor));

  serve(handlerRoutes.handlers, ({ actor }) => handlers.list(actor));
  serve(handlerRoutes.addHandler, ({ actor, body }) => handlers.add(actor, body));
  serve(handlerRoutes.changeHandler, ({ actor, params, body }) => handlers.change(actor, params.id, body));
  serve(handlerRoutes.authoriseHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.authorise(actor, id, body.systems)),
  );
  serve(handlerRoutes.freezeHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.freeze(actor, id, body)),
  );
  serve(handlerRoutes.thawHandler, ({ actor, params: { id }, body }) =>
    told(id, handlers.thaw(actor, id, body)),
  );

  serve(handlerRoutes.synchroniseKeys, ({ actor }) => keys.synchronise(actor));
  serve(handlerRoutes.completeKey, ({ actor, params, body }) => keys.complete(actor, params.id, body));
  serve(handlerRoutes.mainHandler, ({ actor }) => mainHandlers.read(actor));
  serve(handlerRoutes.changeMainHandler, ({ actor, body }) => mainHandlers.change(actor, body));
}

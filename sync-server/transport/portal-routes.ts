import { portalRoutes } from '#domain/contracts/public/portals.ts';
import type { EnterPortal } from '../services/portals/enter-portal.ts';
import type { Portals } from '../services/portals/portals.ts';
import type { Serve } from './serve.ts';

/** The door of a programme in an ordinary browser. */
export function addPortalRoutes(
  serve: Serve,
  { portals, entering }: { portals: Portals; entering: EnterPortal },
): void {
  serve(portalRoutes.portals, () => portals.list());
  serve(portalRoutes.portal, ({ params }) => portals.find(params.programme));
  serve(portalRoutes.portalSelf, ({ actor, params }) => entering.self(actor, params.programme));
}

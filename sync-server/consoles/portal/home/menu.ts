/** What stands in the menu for whoever is signed in. */
import type { AccountKind } from '#domain/accounts/schema.ts';
import { sectionsOfRole } from '#domain/catalogue/portal.ts';
import type { PortalPage } from '#domain/catalogue/portal.ts';
import type { PortalView } from '#domain/contracts/public/portals.ts';

export const sectionsFor = (
  { sections, portal }: PortalView,
  role: string | undefined,
): PortalView['sections'][number][] =>
  sectionsOfRole(sections, role).filter(({ id }) => !portal.pages?.some(({ section }) => section === id));

export const pagesFor = ({ portal }: PortalView, kind: AccountKind): PortalPage[] =>
  (portal.pages ?? []).filter(({ accounts }) => accounts === undefined || accounts.includes(kind));

/** What stands in the menu for whoever is signed in. */
import type { AccountKind } from '#domain/accounts/schema.ts';
import type { PortalPage } from '#domain/catalogue/portal.ts';
import type { PortalView } from '#domain/contracts/public/portals.ts';

export const sectionsFor = (
  { sections, portal }: PortalView,
  role: string | undefined,
): PortalView['sections'][number][] =>
  sections
    .filter(({ id }) => !portal.pages?.some(({ section }) => section === id))
    .filter(({ roles }) => roles.length === 0 || (role !== undefined && roles.includes(role)));

export const pagesFor = ({ portal }: PortalView, kind: AccountKind): PortalPage[] =>
  (portal.pages ?? []).filter(({ accounts }) => accounts === undefined || accounts.includes(kind));

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

/** A page that takes the place of a section is for those who would see that. */
export const pagesFor = (
  { portal, sections }: PortalView,
  { kind, role }: { kind: AccountKind; role: string | undefined },
): PortalPage[] =>
  (portal.pages ?? []).filter(
    ({ accounts, section }) =>
      (accounts === undefined || accounts.includes(kind)) &&
      (section === undefined || sectionsOfRole(sections, role).some(({ id }) => id === section)),
  );

/** Behind the portal's home: where the records of a kind are listed. */
export function listOf({ portal, sections }: PortalView, kind: string): string {
  const section = sections.find(({ recordKinds }) => recordKinds.includes(kind));
  if (!section) return '';
  const page = portal.pages?.find((one) => one.section === section.id);
  return page ? `pages/${page.page}` : `sections/${section.id}`;
}

/** Something to go to, or a heading with what stands under it. */
export interface MenuNode {
  title: string;
  /** Behind the portal's home. */
  to?: string;
  children: MenuNode[];
}

/** Level by level, in the order of the sections; pages stand where the section stood whose place they take, the others at the end. */
export function menuTree(view: PortalView, who: { kind: AccountKind; role: string | undefined }): MenuNode[] {
  const pages = pagesFor(view, who);
  const placed = view.sections.flatMap((section) => {
    const page = pages.find((one) => one.section === section.id);
    if (page) return [entryOf(page, section)];
    const isSeen = sectionsFor(view, who.role).some(({ id }) => id === section.id);
    const { title, under = [] } = section;
    return isSeen ? [{ title, under, to: `sections/${section.id}` }] : [];
  });
  const others = pages.filter(({ section }) => section === undefined).map((page) => entryOf(page));
  const roots: MenuNode[] = [];
  for (const { title, under, to } of [...placed, ...others]) {
    let level = roots;
    for (const heading of under) {
      const known = level.find((node) => node.title === heading && node.to === undefined);
      const node: MenuNode = known ?? { title: heading, children: [] };
      if (!known) level.push(node);
      level = node.children;
    }
    level.push({ title, to, children: [] });
  }
  return roots;
}

const entryOf = (
  { page, title, under }: PortalPage,
  section?: { under?: string[] },
): { title: string; under: readonly string[]; to: string } => ({
  title,
  under: under ?? section?.under ?? [],
  to: `pages/${page}`,
});

/** Whether the address leads somewhere under the node. */
export const leadsTo = (node: MenuNode, path: string): boolean =>
  (node.to !== undefined && (path === node.to || path.startsWith(`${node.to}/`))) ||
  node.children.some((child) => leadsTo(child, path));

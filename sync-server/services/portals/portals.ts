import { loginWays, offeredBy } from '#domain/accounts/login-ways.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { PortalRef, PortalView } from '#domain/contracts/public/portals.ts';
import { AppError } from '#domain/errors/app-error.ts';

/** What the configuration says of the portals, for whoever comes. */
export function createPortals({ catalogue }: { catalogue: Pick<Catalogue, 'programmes' | 'documentTypes'> }) {
  return {
    list: (): PortalRef[] =>
      catalogue.programmes.flatMap(({ id, name, region, portal }) => (portal ? [{ id, name, region }] : [])),

    /** Throws NOT_FOUND where the programme has none. */
    find(id: string): PortalView {
      const programme = catalogue.programmes.find((one) => one.id === id);
      if (!programme?.portal) throw new AppError('NOT_FOUND', { programme: id });
      const { name, region, edition, contacts, subjectRoles, sections, texts, portal, operators } = programme;
      const { recordKinds, works } = programme;
      const kinds = recordKinds.filter((kind) =>
        sections.some((section) => section.recordKinds.includes(kind.id)),
      );
      const papers = new Set(kinds.flatMap(({ materials }) => materials.map((slot) => slot.documentType)));
      return {
        ...{ id, name, region, contacts, subjectRoles, sections, texts, portal },
        ...(edition ? { edition } : {}),
        ...(operators ? { operators } : {}),
        ...(works ? { works } : {}),
        loginWays: offeredBy(programme.loginWays).filter(({ way }) =>
          loginWays[way].at.some((place) => place === 'server'),
        ),
        recordKinds: kinds,
        documentTypes: catalogue.documentTypes.filter((one) => papers.has(one.id)),
      };
    },
  };
}
export type Portals = ReturnType<typeof createPortals>;

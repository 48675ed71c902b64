import type { Actor } from '#domain/accounts/schema.ts';
import { demand, demandAtAll } from '#domain/accounts/permissions.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { rolesAtCounter } from '#domain/catalogue/lookup.ts';
import type { Catalogue, Programme } from '#domain/catalogue/schema.ts';
import { systemsOf } from '#domain/catalogue/user-centre.ts';
import type { SystemView } from '#domain/contracts/public/login-tickets.ts';
import type { OwnSystem, SystemPage } from '#domain/contracts/public/own-systems.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { OwnAccount, OwnAccountRows } from '../../ports/own-account-rows.ts';

/** Which systems an account may enter, and where their back ends are. */
export function createOwnSystems({
  rows,
  catalogue,
}: {
  rows: Pick<OwnAccountRows, 'find'>;
  catalogue: Pick<Catalogue, 'programmes'>;
}) {
  const centres = catalogue.programmes.flatMap(({ id, userCentre }) =>
    userCentre ? [{ id, userCentre }] : [],
  );
  const aboutOf = (id: string): Pick<OwnSystem, 'name' | 'edition' | 'contacts'> => {
    const { name = '', edition, contacts = [] } = catalogue.programmes.find((one) => one.id === id) ?? {};
    return { name, contacts, ...(edition ? { edition } : {}) };
  };

  /** Where the account was registered; for one that an administrator opened the first there is. */
  const centreOf = ({ programme }: Pick<OwnAccount, 'programme'>) =>
    programme === undefined ? centres[0] : centres.find(({ id }) => id === programme);

  const of = (account: Pick<OwnAccount, 'programme' | 'kind' | 'permissions'>): SystemView[] => {
    const centre = centreOf(account);
    return centre ? systemsOf(centre.userCentre, account) : [];
  };

  async function ofActor(actor: Actor): Promise<SystemView[]> {
    const account = await rows.find(actor.account);
    return account ? of(account) : [];
  }

  return {
    of,
    /**
     * The page of the system's back end. Without a choice the first that is allowed. Throws SYSTEM_NOT_GRANTED where the
     * account has no tick for it, or none at all.
     */
    destinationOf(account: OwnAccount, choice?: string): { programme: string; path: string } {
      const allowed = of(account).filter(({ isAllowed }) => isAllowed);
      const system =
        choice === undefined ? allowed[0] : allowed.find(({ programme }) => programme === choice);
      if (!system) throw new AppError('SYSTEM_NOT_GRANTED', { account: account.id, system: choice });
      const { programme } = system;
      const isOwn = programme === centreOf(account)?.id;
      return { programme, path: isOwn ? '/user-centre/home' : `/user-centre/systems/${programme}` };
    },
    async list(actor: Actor): Promise<OwnSystem[]> {
      demandAtAll(actor, 'system.list');
      return (await ofActor(actor)).map((system) => ({
        ...system,
        ...aboutOf(system.programme),
        hasPortal: catalogue.programmes.some(
          ({ id, portal }) => id === system.programme && portal !== undefined,
        ),
      }));
    },
    /** Throws NOT_FOUND, SYSTEM_NOT_GRANTED. */
    async page(actor: Actor, id: string): Promise<SystemPage> {
      demand(actor, 'system.enter', { system: systemPermission(id) }, { system: id });
      const system = (await ofActor(actor)).find(({ programme }) => programme === id);
      const programme = catalogue.programmes.find((one) => one.id === id);
      if (!system || !programme) throw new AppError('NOT_FOUND', { system: id });
      return {
        ...{ programme: id, title: system.title, ...aboutOf(id) },
        sections: programme.sections
          .filter((section) => isFor(section, actor, programme))
          .map(({ id: section, title, notOpen }) => ({
            ...{ id: section, title },
            ...(notOpen === undefined ? {} : { notOpen }),
          })),
      };
    },
    /** Throws NOT_FOUND, SYSTEM_NOT_GRANTED, that also for a section of a role that the account does not have. */
    async section(actor: Actor, id: string, wanted: string): Promise<SystemPage['sections'][number]> {
      const { sections } = await this.page(actor, id);
      const section = sections.find((one) => one.id === wanted);
      if (section) return section;
      const programme = catalogue.programmes.find((one) => one.id === id);
      const isThere = programme?.sections.some((one) => one.id === wanted) ?? false;
      throw new AppError(isThere ? 'SYSTEM_NOT_GRANTED' : 'NOT_FOUND', { section: wanted });
    },
  };
}
export type OwnSystems = ReturnType<typeof createOwnSystems>;

/** Roles that come with an account's type are the account's; as what a unit came to a counter is asked there. */
function isFor({ roles }: { roles: readonly string[] }, actor: Actor, programme: Programme): boolean {
  if (roles.length === 0) return true;
  const others = rolesAtCounter(programme).map(({ id }) => id);
  return roles.some((role) => others.includes(role) || actor.roles.includes(role));
}

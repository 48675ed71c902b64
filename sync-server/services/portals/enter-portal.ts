import { subjectOf } from '#domain/accounts/conditions.ts';
import { rankOf } from '#domain/accounts/identity.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import { offeredBy } from '#domain/accounts/login-ways.ts';
import { demand } from '#domain/accounts/permissions.ts';
import type { ActingAs, Actor } from '#domain/accounts/schema.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { rolesAtCounter } from '#domain/catalogue/lookup.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { Portal } from '#domain/catalogue/portal.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { PortalSelf } from '#domain/contracts/public/portals.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Subject } from '#domain/primitives.ts';
import { subjectOfIdentity } from '#domain/record/subject-id.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import type { PortalAccountRows } from '../../ports/portal-account-rows.ts';

/** Somebody inside a portal: what he does there, he does as this. */
export interface Visitor {
  actor: Actor;
  programme: LoadedProgramme;
  portal: Portal;
  /** What was proved by ways that the programme takes, and no more than that counts for there. */
  assurance: Actor['assurance'];
  roles: PortalSelf['roles'];
  /** The only one, or the one that the session chose. Absent: one must be chosen first. */
  role?: string;
  /** For whom he acts. Absent: his proofs name nobody yet whose records could be kept. */
  subject?: Subject;
}

/** The door of a portal, for whoever is signed in: whether the account belongs there, and as what it comes. */
export function createEnterPortal({
  rows,
  catalogue,
}: {
  rows: PortalAccountRows;
  catalogue: Pick<Catalogue, 'programmes'>;
}) {
  /** Throws NOT_FOUND, SYSTEM_NOT_GRANTED, LOGIN_WAY_NOT_OFFERED, ACCOUNT_ELSEWHERE. */
  async function enter(actor: Actor, id: string): Promise<Visitor> {
    demand(actor, 'portal.enter', { system: systemPermission(id) }, { programme: id });
    const programme = catalogue.programmes.find((one) => one.id === id);
    if (!programme?.portal) throw new AppError('NOT_FOUND', { programme: id });
    const assurance = countedAt(actor, programme);
    if (assurance.length === 0) throw new AppError('LOGIN_WAY_NOT_OFFERED');
    const account = await rows.find(actor.account);
    if (!account || !isAtHome(account, programme)) throw new AppError('ACCOUNT_ELSEWHERE');
    const subject = subjectOfActor(actor);
    const own = [...actor.roles, ...(await rows.institutionRoles(actor.account, id))];
    const roles = rolesOf(own, programme);
    const role = roleIn(roles, actor.actingAs?.programme === id ? actor.actingAs.role : undefined);
    return {
      ...{ actor, programme, portal: programme.portal, assurance, roles },
      ...(role === undefined ? {} : { role }),
      ...(subject ? { subject } : {}),
    };
  }

  /** Registered there, or where that system may be entered from; one that an administrator opened is at home everywhere. */
  function isAtHome(
    { type, programme: registeredAt }: { type: string; programme?: string },
    { id, portal }: LoadedProgramme,
  ): boolean {
    if (registeredAt === undefined)
      return (
        type === '' ||
        [...(portal?.accountTypes ?? []), ...typesOf(portal)].some(({ id: one }) => one === type)
      );
    if (registeredAt === id) return true;
    const centre = catalogue.programmes.find((one) => one.id === registeredAt)?.userCentre;
    return centre?.systems.some((system) => system.programme === id) ?? false;
  }

  /** Of accounts that the portal's user centre opens. */
  function typesOf(portal: Portal | undefined): { id: string }[] {
    const centre = catalogue.programmes.find((one) => one.id === portal?.userCentre)?.userCentre;
    return centre ? [...centre.accountTypes, ...centre.handlers.types] : [];
  }

  return {
    enter,
    async self(actor: Actor, id: string): Promise<PortalSelf> {
      const { roles, role, assurance, subject } = await enter(actor, id);
      return {
        account: { id: actor.account, name: actor.name, kind: accountKindOf(actor) },
        roles,
        ...(role === undefined ? {} : { role }),
        proofs: assurance
          .map(({ way, level }) => ({ way, assurance: level }))
          .sort((left, right) => rankOf(right.assurance) - rankOf(left.assurance)),
        ...(subject ? { subject: shown(subject) } : {}),
      };
    },

    /** Throws FORBIDDEN for a role that is none of the account's, and what `enter` throws. */
    async mayActAs(actor: Actor, { programme, role }: ActingAs): Promise<void> {
      const { roles } = await enter(actor, programme);
      if (!roles.some(({ id }) => id === role)) throw new AppError('FORBIDDEN', { role });
    },
  };
}
export type EnterPortal = ReturnType<typeof createEnterPortal>;

/** The role that the visitor acts in. Throws FORBIDDEN where the session has chosen another one, or it is none of his. */
export function roleOf({ role, roles }: Pick<Visitor, 'role' | 'roles'>, wanted: string): string {
  const isOwn = role === undefined ? roles.some(({ id }) => id === wanted) : role === wanted;
  if (!isOwn) throw new AppError('FORBIDDEN', { role: wanted });
  return wanted;
}

function roleIn(roles: PortalSelf['roles'], chosen: string | undefined): string | undefined {
  const [only, ...others] = roles;
  return others.length === 0 ? only?.id : roles.find(({ id }) => id === chosen)?.id;
}

function countedAt({ assurance }: Actor, { loginWays }: LoadedProgramme): Actor['assurance'] {
  const offered = offeredBy(loginWays);
  return assurance.flatMap((proof) => {
    const way = offered.find((one) => one.way === proof.way);
    if (!way) return [];
    return [rankOf(proof.level) <= rankOf(way.assurance) ? proof : { ...proof, level: way.assurance }];
  });
}

/** Those of the account's type and of its unit's identities, where some are of this programme; else what one may come as. */
function rolesOf(brought: readonly string[], programme: LoadedProgramme): PortalSelf['roles'] {
  const own = programme.subjectRoles.filter(({ id }) => brought.includes(id));
  return (own.length > 0 ? own : rolesAtCounter(programme)).map(({ id, name }) => ({ id, name }));
}

/** Whose the records are that the actor files. */
function subjectOfActor(actor: Actor): Subject | undefined {
  const wanted = subjectOf(actor);
  const known: (Identity | undefined)[] = [
    actor.onBehalfOf,
    actor.organisation,
    ...actor.assurance.map(({ identity }) => identity),
  ];
  const identity = known.find((one) => one !== undefined && `${one.scheme}:${one.value}` === wanted);
  return identity && subjectOfIdentity(identity);
}

const shown = ({ kind = 'organisation', name, creditCode }: Subject): NonNullable<PortalSelf['subject']> => ({
  ...{ kind, name },
  code: kind === 'person' ? maskIdNumber(creditCode) : creditCode,
});

function accountKindOf({ kind }: Actor): PortalSelf['account']['kind'] {
  if (kind === 'nobody' || kind === 'station' || kind === 'server') throw new AppError('FORBIDDEN');
  return kind;
}

import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { MainAccountType, UserCentre } from '#domain/catalogue/user-centre.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Subject } from '#domain/primitives.ts';
import type { UnitRows, UnitSelf } from '../../ports/unit-rows.ts';

export interface OwnUnit extends UnitSelf {
  main: NonNullable<UnitSelf['main']>;
  /** `scheme:value`, as facts of things have it. */
  reference: string;
  programme: LoadedProgramme;
  centre: UserCentre;
  /** What its main account is. */
  type: MainAccountType;
  /** Whose the records are that it files. */
  subject: Subject;
}

/** The unit for which the actor acts, and the user centre in which it is registered. Throws FORBIDDEN where there is none. */
export const createOwnUnit =
  ({ rows, catalogue }: { rows: Pick<UnitRows, 'find'>; catalogue: Catalogue }) =>
  async (actor: Actor): Promise<OwnUnit> => {
    const self = await rows.find(actor.account);
    if (!self?.main) throw new AppError('FORBIDDEN');
    const { main, unit } = self;
    for (const programme of catalogue.programmes) {
      const { userCentre: centre } = programme;
      const type = centre?.accountTypes.find(({ id }) => id === main.type);
      if (!centre || !type) continue;
      return {
        ...self,
        ...{ main, programme, centre, type, reference: `${unit.scheme}:${unit.code}` },
        subject: {
          ...(unit.scheme === 'id-number' ? { kind: 'person' } : {}),
          ...{ name: unit.name, creditCode: unit.code },
        },
      };
    }
    throw new AppError('FORBIDDEN');
  };
export type FindOwnUnit = ReturnType<typeof createOwnUnit>;

/** Throws NO_ONE_DECIDES where nobody is known to answer for the unit. */
export function confirmerOf({ representative }: OwnUnit): string {
  if (representative === undefined) throw new AppError('NO_ONE_DECIDES');
  return representative;
}

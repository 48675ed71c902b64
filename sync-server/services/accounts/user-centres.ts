import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { UserCentreView } from '#domain/contracts/public/user-centre.ts';
import { AppError } from '#domain/errors/app-error.ts';

/** What the configuration says of the user centres, for whoever comes. */
export function createUserCentres({ catalogue }: { catalogue: Catalogue }) {
  return {
    /** How an account's type is called where it was registered; empty where there is none. */
    titleOf: ({ programme, type }: { programme?: string; type: string }): string => {
      const types = catalogue.programmes
        .filter(({ id }) => programme === undefined || id === programme)
        .flatMap(({ userCentre }) =>
          userCentre ? [...userCentre.accountTypes, ...userCentre.handlers.types] : [],
        );
      return types.find(({ id }) => id === type)?.title ?? '';
    },

    list: (): { id: string; name: string }[] =>
      catalogue.programmes.flatMap(({ id, name, userCentre }) => (userCentre ? [{ id, name }] : [])),

    /** Throws NOT_FOUND where the programme has none. */
    find(id: string): UserCentreView {
      const programme = catalogue.programmes.find((one) => one.id === id);
      if (!programme?.userCentre) throw new AppError('NOT_FOUND', { programme: id });
      const { name, region, contacts, userCentre, recordKinds } = programme;
      const { accountTypes, handlers } = userCentre;
      const named = [
        ...accountTypes.map(({ recordKind }) => recordKind),
        handlers.recordKind,
        handlers.mainChangeKind,
      ];
      return {
        ...{ id, name, region, contacts, userCentre },
        recordKinds: recordKinds.filter((kind) => named.includes(kind.id)),
      };
    },
  };
}
export type UserCentres = ReturnType<typeof createUserCentres>;

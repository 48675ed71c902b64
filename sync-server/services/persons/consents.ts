import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { AgreementText, UserCentre } from '#domain/catalogue/user-centre.ts';
import type { Agreed, AgreementId, ConsentView } from '#domain/contracts/mobile/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { ConsentRows, StoredConsent } from '../../ports/person-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';

/** Without these nobody comes in; the face has a consent of its own, for whoever is asked for it. */
const general = ['terms', 'privacy'] as const satisfies readonly AgreementId[];

export interface ConsentsOptions {
  rows: ConsentRows;
  catalogue: Catalogue;
  clock: Pick<Clock, 'now'>;
  makeId: MakeId;
}

/** 用户协议, 隐私政策, 人脸信息单独同意: each in its version, with its moment. A new version asks again. */
export function createConsents({ rows, catalogue, clock, makeId }: ConsentsOptions) {
  /** Throws NOT_FOUND where the programme has no user centre. */
  function centreOf(programme: string): UserCentre {
    const centre = catalogue.programmes.find(({ id }) => id === programme)?.userCentre;
    if (!centre) throw new AppError('NOT_FOUND', { programme });
    return centre;
  }
  const textsOf = (programme: string): readonly AgreementText[] => centreOf(programme).agreements;
  const isPresent = (programme: string, { document, version }: Agreed): boolean =>
    textsOf(programme).some((one) => one.id === document && one.version === version);
  const stands = (programme: string, given: readonly StoredConsent[], document: AgreementId): boolean =>
    given.some(
      (one) => one.document === document && one.withdrawnAt === undefined && isPresent(programme, one),
    );

  return {
    centreOf,

    /** Throws AGREEMENT_REQUIRED where a document is not ticked, or in another version than the present one. */
    refuseUnless(programme: string, ticked: readonly Agreed[]): void {
      for (const document of general)
        if (!ticked.some((one) => one.document === document && isPresent(programme, one)))
          throw new AppError('AGREEMENT_REQUIRED', { document });
    },

    /** What stands already is not noted again. Throws AGREEMENT_REQUIRED for a version that is not the present one. */
    async give(account: string, programme: string, ticked: readonly Agreed[]): Promise<void> {
      const given = await rows.of(account, programme);
      if (ticked.some((one) => !isPresent(programme, one))) throw new AppError('AGREEMENT_REQUIRED');
      const fresh = ticked.filter(({ document }) => !stands(programme, given, document));
      const at = clock.now();
      if (fresh.length > 0)
        await rows.give(
          account,
          programme,
          fresh.map((one) => ({ ...one, id: makeId(), at })),
        );
    },

    withdrawFace: ({ account }: Actor, programme: string): Promise<boolean> =>
      rows.withdraw(account, programme, 'face', clock.now()),

    async view(
      account: string,
      programme: string,
    ): Promise<{ consents: ConsentView[]; due: AgreementId[]; hasFaceConsent: boolean }> {
      const given = await rows.of(account, programme);
      return {
        consents: given.map((one) => ({
          ...one,
          isCurrent: one.withdrawnAt === undefined && isPresent(programme, one),
        })),
        due: general.filter((document) => !stands(programme, given, document)),
        hasFaceConsent: stands(programme, given, 'face'),
      };
    },

    /** Throws AGREEMENT_REQUIRED, FACE_CONSENT_REQUIRED. */
    async demand({ account }: Pick<Actor, 'account'>, programme: string, documents: readonly AgreementId[]) {
      const given = await rows.of(account, programme);
      for (const document of documents)
        if (!stands(programme, given, document))
          throw new AppError(document === 'face' ? 'FACE_CONSENT_REQUIRED' : 'AGREEMENT_REQUIRED', {
            document,
          });
    },
    general,
  };
}
export type Consents = ReturnType<typeof createConsents>;

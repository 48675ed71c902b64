import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { OwnAccount, OwnAccountRows } from '../../ports/own-account-rows.ts';
import type { Clock, MakeId } from '../../ports/surroundings.ts';
import type { UnitEntryRows } from '../../ports/unit-entry-rows.ts';

/** Of that programme, or opened by an administrator who said nothing against it. */
export const isAtHomeAt = (
  { programme, type }: Pick<OwnAccount, 'programme' | 'type'>,
  { id, portal }: Pick<LoadedProgramme, 'id' | 'portal'>,
): boolean =>
  programme === id ||
  (programme === undefined && ['', ...(portal?.accountTypes ?? []).map((one) => one.id)].includes(type));

export interface UnitAtPortalOptions {
  ownAccounts: Pick<OwnAccountRows, 'find'>;
  units: UnitEntryRows;
  makeId: MakeId;
  clock: Pick<Clock, 'now'>;
}

/** The account of a unit that has proved who it is at a portal: its main one, opened as one of `type` where it has none. */
export function createUnitAtPortal({ ownAccounts, units, makeId, clock }: UnitAtPortalOptions) {
  /** Undefined where it is gone by now. Throws ACCOUNT_ELSEWHERE. */
  return async function accountOfUnit(
    unit: { name: string; creditCode: string },
    { programme, type }: { programme: Pick<LoadedProgramme, 'id' | 'portal'>; type: string },
  ): Promise<OwnAccount | undefined> {
    const opening = { id: makeId(), type, at: clock.now() };
    const account = await ownAccounts.find(await units.accountOf(unit, opening));
    if (account && !isAtHomeAt(account, programme))
      throw new AppError('ACCOUNT_ELSEWHERE', { account: account.id });
    return account;
  };
}
export type AccountOfUnit = ReturnType<typeof createUnitAtPortal>;

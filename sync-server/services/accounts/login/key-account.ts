import { AppError } from '#domain/errors/app-error.ts';
import type { OwnAccount, OwnAccountRows } from '../../../ports/own-account-rows.ts';

/** A key that is tied to handlers is theirs and not the main account's, however it stands with them. */
export function accountOfKey(found: readonly OwnAccount[]): OwnAccount | undefined {
  const tied = found.filter(({ kind }) => kind === 'handler');
  const own = tied.length > 0 ? tied : found;
  return own.find(({ hindrance }) => hindrance === undefined) ?? own[0];
}

export interface ShownKey {
  creditCode: string;
  /** Undefined where it was not told: then the unit's own account is asked about. */
  serialNumber?: string | undefined;
}

/** Whether a unit's key may be used at a counter: its account here may have been frozen meanwhile. Nothing is said of a unit that has none. */
export function createKeyAccess({ rows }: { rows: Pick<OwnAccountRows, 'ofKey' | 'wasFrozenAt'> }) {
  return {
    /** `at`: when it was used, where that is over; what came later does not count then. */
    async hindranceOf(
      { creditCode, serialNumber = '' }: ShownKey,
      at?: string,
    ): Promise<AppError | undefined> {
      const account = accountOfKey(await rows.ofKey({ creditCode, serialNumber }));
      if (!account) return undefined;
      const { id, hindrance, frozenAt, reason } = account;
      if (hindrance === 'disabled') return new AppError('ACCOUNT_DISABLED');
      const isLater = at !== undefined && frozenAt !== undefined && frozenAt > at;
      if (hindrance === 'frozen' && !isLater)
        return new AppError('ACCOUNT_FROZEN', reason === undefined ? {} : { reason });
      // what arrives after the thaw was handed in while it was frozen all the same
      if (at !== undefined && (await rows.wasFrozenAt(id, at))) return new AppError('ACCOUNT_WAS_FROZEN');
      return undefined;
    },
  };
}
export type KeyAccess = ReturnType<typeof createKeyAccess>;

import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import type { BusinessAccount } from '../../ports/outside/institution-accounts.ts';

/** Those that are the unit's, by its credit code or the organisation code in it, and of that kind of institution. */
export const accountsOfKind = (
  accounts: readonly BusinessAccount[],
  { creditCode, kind }: { creditCode: string; kind: string },
): BusinessAccount[] =>
  accounts.filter(
    (one) => one.kind === kind && organisationCodeIn(one.code) === organisationCodeIn(creditCode),
  );

import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { OwnAccount, OwnAccountRows } from '../../ports/own-account-rows.ts';
import type { Log } from '../../ports/surroundings.ts';
import { accountOfKey } from '../accounts/login/key-account.ts';
import { refuseHindered } from '../accounts/login/phone-scan.ts';
import type { ProvedAtDoor, UkeyLogin } from '../accounts/login/ukey.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { SignInLog } from '../accounts/sign-in-log.ts';
import type { RegistrantLogin } from '../registrants/registrant-login.ts';
import { isAtHomeAt } from './unit-at-portal.ts';
import type { AccountOfUnit } from './unit-at-portal.ts';

export interface PortalKeyLoginOptions {
  catalogue: Pick<Catalogue, 'programmes'>;
  registrantLogin: Pick<RegistrantLogin, 'byKey'>;
  ukeyLogin: Pick<UkeyLogin, 'prove'>;
  ownAccounts: Pick<OwnAccountRows, 'ofKey'>;
  accountOfUnit: AccountOfUnit;
  sessions: Pick<Sessions, 'open'>;
  signInLog: Pick<SignInLog, 'refused'>;
  log: Pick<Log, 'info'>;
}

/** CA登录 at a portal: to what the unit registered there, and where nobody registers, to the unit's account. */
export function createPortalKeyLogin(options: PortalKeyLoginOptions) {
  const { catalogue, registrantLogin, ukeyLogin, ownAccounts, sessions, signInLog, log } = options;

  /** Of those that the key opens; a unit that comes for the first time is given one. Throws ACCOUNT_ELSEWHERE. */
  async function accountOf(
    { subject: { name, creditCode }, certificate }: ProvedAtDoor,
    { programme, type }: { programme: LoadedProgramme; type: string },
  ): Promise<OwnAccount> {
    const known = accountOfKey(await ownAccounts.ofKey({ creditCode, serialNumber: certificate.serial }));
    if (known && !isAtHomeAt(known, programme))
      throw new AppError('ACCOUNT_ELSEWHERE', { account: known.id });
    const account = known ?? (await options.accountOfUnit({ name, creditCode }, { programme, type }));
    if (!account) throw new AppError('UNIT_NOT_REGISTERED');
    return account;
  }

  /**
   * Throws NOT_FOUND where no key opens anything, UNIT_NOT_REGISTERED, KEY_NAME_DIFFERS, ACCOUNT_ELSEWHERE, ACCOUNT_PENDING,
   * ACCOUNT_FROZEN, ACCOUNT_DISABLED, and what `UkeyLogin.prove` throws.
   */
  return async function byKey(
    ...[id, signed, from]: Parameters<RegistrantLogin['byKey']>
  ): Promise<{ token: string }> {
    const programme = catalogue.programmes.find((one) => one.id === id);
    const type = programme?.portal?.keyLogin?.accountType;
    if (!programme || type === undefined) return registrantLogin.byKey(id, signed, from);
    return ukeyLogin.prove(signed, from, async (proved) => {
      const account = await accountOf(proved, { programme, type });
      const { name, creditCode: value } = proved.subject;
      const identity = { kind: 'organisation', scheme: 'credit-code', value, name } as const;
      try {
        refuseHindered(account);
        const token = await sessions.open({
          ...{ account: account.id, way: 'ukey', place: from.place, earlierToken: from.earlierToken },
          assurance: [{ way: 'ukey', level: 'signed', identity, at: proved.at }],
        });
        log.info({ account: account.id, programme: id }, 'signed in at a portal by a key');
        return { token };
      } catch (error) {
        if (error instanceof AppError)
          signInLog.refused({ account: account.id, way: 'ukey', code: error.code, ...from.place });
        throw error;
      }
    });
  };
}
export type PortalKeyLogin = ReturnType<typeof createPortalKeyLogin>;

import { loginKeyOf } from '#domain/accounts/login-name.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Registrant, RegistrantRows } from '../../ports/registrant-rows.ts';
import type { Log, MakeId } from '../../ports/surroundings.ts';
import type { PasswordLogin } from '../accounts/login/password.ts';
import type { ProvedAtDoor, UkeyLogin } from '../accounts/login/ukey.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { SignInLog } from '../accounts/sign-in-log.ts';
import { identityOfRegistrant, registrationOf } from './registration-of.ts';

export interface RegistrantLoginOptions {
  rows: Pick<
    RegistrantRows,
    'byNumber' | 'byLoginName' | 'isKnownAtCounter' | 'register' | 'bindCertificate' | 'find'
  >;
  catalogue: Pick<Catalogue, 'programmes'>;
  passwordLogin: PasswordLogin;
  ukeyLogin: Pick<UkeyLogin, 'prove'>;
  sessions: Pick<Sessions, 'open'>;
  signInLog: Pick<SignInLog, 'refused'>;
  makeId: MakeId;
  log: Pick<Log, 'info'>;
}

/** Where a sign-in comes from. */
interface From {
  address: string;
  device: string;
  earlierToken: string | undefined;
}

/** Signing in at a portal, to an account that somebody opened there by himself. */
export function createRegistrantLogin(options: RegistrantLoginOptions) {
  const { rows, catalogue, passwordLogin, ukeyLogin, sessions, signInLog, makeId, log } = options;

  /** Of those who hold its key: a station has seen it. The certificate says how the unit is called. */
  async function openByKey(programme: string, { subject, at }: ProvedAtDoor): Promise<Registrant> {
    const { registration } = registrationOf(catalogue, programme);
    const kind = registration.kinds.find(({ number }) => number.scheme === 'credit-code');
    const number = { programme, scheme: 'credit-code', number: subject.creditCode } as const;
    if (!kind || !(await rows.isKnownAtCounter(number))) throw new AppError('UNIT_NOT_REGISTERED');
    const account = makeId();
    await rows.register({
      ...{ ...number, account, type: kind.accountType, name: subject.name, at, passwordHash: undefined },
      loginNames: kind.loginName === 'name' ? [subject.name, subject.creditCode] : [subject.creditCode],
    });
    const opened = await rows.byNumber(number);
    if (!opened) throw new AppError('UNIT_NOT_REGISTERED');
    log.info({ account, programme }, 'account opened by a key');
    return opened;
  }

  return {
    /** `cookieOf`: what the browser keeps for that account. Throws SIGN_IN_FAILED, LOGIN_NAME_CHANGED. */
    async byPassword(
      programme: string,
      { account: loginName, password }: { account: string; password: string },
      { cookieOf, ...from }: From & { cookieOf: (account: string) => string | undefined },
    ): Promise<{ token: string; account: string; browser: string }> {
      registrationOf(catalogue, programme);
      const found = await rows.byLoginName(programme, loginName);
      // nobody registered by that name: an account that somebody else opened, which has a name of its own
      const account = found?.account ?? loginName;
      const { address, device, earlierToken } = from;
      const proved = await passwordLogin(
        { account, password },
        { address, device, cookie: cookieOf(account) },
      );
      if (found?.isFormer === true) {
        signInLog.refused({ account, way: 'password', code: 'LOGIN_NAME_CHANGED', address, device });
        throw new AppError('LOGIN_NAME_CHANGED', { loginName: found.loginName });
      }
      const token = await sessions.open({
        ...{ account, way: 'password', assurance: [proved.proof], place: { address, device }, earlierToken },
      });
      return { token, account, browser: proved.browser };
    },

    /** Throws UNIT_NOT_REGISTERED, KEY_NAME_DIFFERS, ACCOUNT_FROZEN, ACCOUNT_DISABLED, and what `prove` throws. */
    async byKey(
      programme: string,
      signed: Parameters<UkeyLogin['prove']>[0],
      from: Parameters<UkeyLogin['prove']>[1] & { earlierToken: string | undefined },
    ): Promise<{ token: string; account: string }> {
      registrationOf(catalogue, programme);
      return ukeyLogin.prove(signed, from, async (proved) => {
        const { subject, certificate, at } = proved;
        const number = { programme, scheme: 'credit-code', number: subject.creditCode } as const;
        const registrant = (await rows.byNumber(number)) ?? (await openByKey(programme, proved));
        try {
          refuse(registrant, subject.name);
          await rows.bindCertificate(registrant.account, certificate, at);
          const token = await sessions.open({
            ...{ account: registrant.account, way: 'ukey' },
            assurance: [{ way: 'ukey', level: 'signed', identity: identityOfRegistrant(registrant), at }],
            ...{ place: from.place, earlierToken: from.earlierToken },
          });
          return { token, account: registrant.account };
        } catch (error) {
          if (error instanceof AppError)
            signInLog.refused({
              ...{ account: registrant.account, way: 'ukey', code: error.code },
              ...from.place,
            });
          throw error;
        }
      });
    },
  };
}
export type RegistrantLogin = ReturnType<typeof createRegistrantLogin>;

function refuse({ account, hindrance, reason, name }: Registrant, holderName: string): void {
  if (hindrance === 'disabled') throw new AppError('ACCOUNT_DISABLED', { account });
  if (hindrance === 'frozen') throw new AppError('ACCOUNT_FROZEN', { account, reason });
  if (loginKeyOf(name) !== loginKeyOf(holderName))
    throw new AppError('KEY_NAME_DIFFERS', { onKey: holderName, ofAccount: name });
}

import type { Proof } from '#domain/accounts/assurance.ts';
import { offeredBy } from '#domain/accounts/login-ways.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { AskForCode, OperatorSignIn } from '#domain/contracts/public/operator-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Clock } from '../../../ports/surroundings.ts';
import type { SmsCodes } from '../../persons/sms-codes.ts';
import { operatorCodeText } from '../../texts.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInLog } from '../sign-in-log.ts';
import type { PasswordLogin, PasswordProof, SignInPlace } from './password.ts';

const way = 'password-sms';

export interface OperatorLoginOptions {
  catalogue: Catalogue;
  passwordLogin: PasswordLogin;
  codes: Pick<SmsCodes, 'send' | 'use'>;
  sessions: Pick<Sessions, 'open'>;
  signInLog: Pick<SignInLog, 'refused'>;
  clock: Pick<Clock, 'now'>;
}

/** Mobile number and password, and the code that came to that phone: two factors, of an operator of a company. */
export function createOperatorLogin({
  catalogue,
  passwordLogin,
  codes,
  sessions,
  signInLog,
  clock,
}: OperatorLoginOptions) {
  /** Throws LOGIN_WAY_NOT_OFFERED, and what a password is refused for. */
  async function provePassword(
    { programme, mobile, password }: AskForCode,
    place: SignInPlace,
  ): Promise<PasswordProof & { system: string }> {
    const { name, loginWays } = getProgramme(catalogue, programme);
    if (!offeredBy(loginWays).some((one) => one.way === way))
      throw new AppError('LOGIN_WAY_NOT_OFFERED', { way });
    return { ...(await passwordLogin({ account: mobile, password }, place, way)), system: name };
  }

  const codeFor = (mobile: string, address: string) =>
    ({ purpose: 'operator-sign-in', mobile, address }) as const;

  return {
    /** The password first, so that nobody is written to by whoever knows no more than the number. */
    async sendCode(wanted: AskForCode, place: SignInPlace) {
      const { system } = await provePassword(wanted, place);
      return codes.send(codeFor(wanted.mobile, place.address), {
        textOf: (code) => operatorCodeText(system, code),
      });
    },

    /**
     * The session's token and what the browser shall keep, for cookies. A wrong password leaves the code as it is. Throws
     * what `provePassword` throws, SMS_CODE_WRONG, TOO_MANY_ATTEMPTS.
     */
    async signIn(
      { code, ...wanted }: OperatorSignIn,
      place: SignInPlace,
    ): Promise<{ token: string; account: string; browser: string }> {
      const { address, device, earlierToken } = place;
      const { account, proof, browser } = await provePassword(wanted, place);
      try {
        await codes.use(codeFor(wanted.mobile, address), code);
      } catch (error) {
        if (error instanceof AppError)
          signInLog.refused({ account: account.id, way, code: error.code, address, device });
        throw error;
      }
      const both: Proof = { way, level: 'two-factors', identity: proof.identity, at: clock.now() };
      const token = await sessions.open({
        ...{ account: account.id, way, assurance: [both], place: { address, device }, earlierToken },
      });
      return { token, account: account.id, browser };
    },
  };
}
export type OperatorLogin = ReturnType<typeof createOperatorLogin>;

import type { Proof } from '#domain/accounts/assurance.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { MobileSignIn } from '#domain/contracts/mobile/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskMobile } from '#domain/text/masking.ts';
import type { PersonAccount, PersonRows } from '../../../ports/person-rows.ts';
import type { Clock, MakeId } from '../../../ports/surroundings.ts';
import type { Consents } from '../../persons/consents.ts';
import type { SmsCodes } from '../../persons/sms-codes.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInLog } from '../sign-in-log.ts';

export interface MobileLoginOptions {
  persons: Pick<PersonRows, 'byMobile' | 'add'>;
  codes: SmsCodes;
  consents: Consents;
  sessions: Pick<Sessions, 'open'>;
  signInLog: Pick<SignInLog, 'refused'>;
  clock: Pick<Clock, 'now'>;
  makeId: MakeId;
}

/** Where a sign-in comes from. */
export interface MobilePlace {
  address: string;
  device: string;
  /** Of the session that the same browser had. */
  earlierToken: string | undefined;
}

/** A mobile number and the code that came to it: one factor. Whoever comes for the first time has an account afterwards. */
export function createMobileLogin(options: MobileLoginOptions) {
  const { persons, codes, consents, sessions, signInLog, clock, makeId } = options;

  return {
    /** Whoever may not come in is written to no more than whoever is not there, and the answer tells nobody which it is. */
    async sendCode({ programme, mobile }: Pick<MobileSignIn, 'programme' | 'mobile'>, address: string) {
      const { mobileAppName } = consents.centreOf(programme);
      const known = await persons.byMobile(mobile);
      return codes.send(
        { purpose: 'sign-in', mobile, address },
        {
          textOf: (code) => `【${mobileAppName}】登录验证码：${code}，5分钟内有效，请勿告诉他人。`,
          isSilent: known !== undefined && refusalOf(known) !== undefined,
        },
      );
    },

    /**
     * The token, for a cookie. Throws AGREEMENT_REQUIRED before the code is looked at, SMS_CODE_WRONG, TOO_MANY_ATTEMPTS,
     * ACCOUNT_DISABLED, ACCOUNT_FROZEN.
     */
    async signIn(
      { programme, mobile, code, agreements }: MobileSignIn,
      { address, device, earlierToken }: MobilePlace,
    ): Promise<{ token: string; account: string }> {
      consents.refuseUnless(programme, agreements);
      const known = await persons.byMobile(mobile);
      const note = (refusal: AppError): AppError => {
        if (known)
          signInLog.refused({ account: known.id, way: 'mobile-sms', code: refusal.code, address, device });
        return refusal;
      };
      try {
        await codes.use({ purpose: 'sign-in', mobile, address }, code);
      } catch (error) {
        throw error instanceof AppError ? note(error) : error;
      }
      const account =
        known ?? (await persons.add({ id: makeId(), name: maskMobile(mobile), mobile, at: clock.now() }));
      const refusal = refusalOf(account);
      if (refusal) throw note(refusal);
      await consents.give(account.id, programme, agreements);
      const token = await sessions.open({
        ...{ account: account.id, way: 'mobile-sms', assurance: [proofOf(account, clock.now())] },
        ...{ place: { address, device }, earlierToken },
      });
      return { token, account: account.id };
    },
  };
}
export type MobileLogin = ReturnType<typeof createMobileLogin>;

function refusalOf({ isDisabled, frozenReason }: PersonAccount): AppError | undefined {
  if (isDisabled) return new AppError('ACCOUNT_DISABLED');
  return frozenReason === undefined ? undefined : new AppError('ACCOUNT_FROZEN', { reason: frozenReason });
}

/** Of the number; of the person once the real name was proved under it. */
const proofOf = ({ name, mobile, idNumber }: PersonAccount, at: string): Proof => {
  const identity: Identity =
    idNumber === undefined
      ? { kind: 'person', scheme: 'mobile', value: mobile, name }
      : { kind: 'person', scheme: 'id-number', value: idNumber, name };
  return { way: 'mobile-sms', level: 'password', identity, at };
};

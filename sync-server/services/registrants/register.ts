import type { NewRegistrant } from '#domain/contracts/portal/registration.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { RegistrantRows } from '../../ports/registrant-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import type { CaptchaCheck } from '../accounts/captcha.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import type { PasswordHashing } from '../accounts/password-hashing.ts';
import { passwordFault } from '../accounts/password-rules.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { identityOfRegistrant, kindOf, parseRegistrant, registrationOf } from './registration-of.ts';

/** Of one address before the next one waits: an office shares one, and whoever tries numbers one by one learns few. */
const freeQuestions = 30;
const freeRegistrations = 20;

export interface RegisterOptions {
  rows: Pick<RegistrantRows, 'byNumber' | 'isKnownAtCounter' | 'register'>;
  catalogue: Pick<Catalogue, 'programmes'>;
  captcha: Pick<CaptchaCheck, 'check'>;
  attempts: Pick<AttemptLimit, 'take'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  sessions: Pick<Sessions, 'open'>;
  makeId: MakeId;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** Somebody opens an account at a portal by himself. Nothing of it proves who he is: the account says what it was told. */
export function createRegister(options: RegisterOptions) {
  const { rows, catalogue, captcha, attempts, hashing, sessions, makeId, clock, log } = options;

  return {
    /** Every question counts, whatever the answer. */
    async isKnown(id: string, given: { kind: string; number: string }, address: string): Promise<boolean> {
      const kind = kindOf(registrationOf(catalogue, id), given.kind);
      const { number } = parseRegistrant(kind, given);
      await attempts.take([{ name: `number-question from ${limitKeyOf(address)}`, free: freeQuestions }]);
      return (await rows.byNumber({ programme: id, scheme: kind.number.scheme, number })) !== undefined;
    },

    /** The token, for a cookie. */
    async register(
      id: string,
      wanted: NewRegistrant,
      {
        address,
        device,
        earlierToken,
      }: { address: string; device: string; earlierToken: string | undefined },
    ): Promise<{ token: string; loginName: string }> {
      const kind = kindOf(registrationOf(catalogue, id), wanted.kind);
      const { number, name } = parseRegistrant(kind, wanted);
      const fault = passwordFault(wanted.password, { own: [number, name], current: '' });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      await attempts.take([{ name: `registrant from ${limitKeyOf(address)}`, free: freeRegistrations }]);
      await captcha.check(wanted.captcha);
      const registrant = { programme: id, scheme: kind.number.scheme, number, name };
      if (await rows.byNumber(registrant)) throw new AppError('NUMBER_REGISTERED');
      // whoever holds its key has been at a counter: what was handed in there is not shown to whoever knows the number
      if (await rows.isKnownAtCounter(registrant)) throw new AppError('NUMBER_NEEDS_KEY');
      const [account, at] = [makeId(), clock.now()];
      const ownName = kind.loginName === 'name' ? name : number;
      const outcome = await rows.register({
        ...{ ...registrant, account, type: kind.accountType, at },
        loginNames: wanted.signsInByNumber ? [ownName, number] : [ownName],
        passwordHash: await hashing.hash(wanted.password),
      });
      if ('refused' in outcome)
        throw outcome.refused === 'number-registered'
          ? new AppError('NUMBER_REGISTERED')
          : new AppError('LOGIN_NAME_TAKEN', { name });
      log.info({ account, programme: id }, 'somebody registered');
      const identity = identityOfRegistrant(registrant);
      const token = await sessions.open({
        ...{ account, way: 'password', place: { address, device }, earlierToken },
        assurance: [{ way: 'password', level: 'password', identity, at }],
      });
      return { token, loginName: outcome.loginName };
    },
  };
}
export type Register = ReturnType<typeof createRegister>;

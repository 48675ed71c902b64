import type { MobileAccounts as MobileAccountsEntry } from '#domain/catalogue/mobile-accounts.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { NewMobileAccount, NewMobilePassword } from '#domain/contracts/public/mobile-accounts.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { MobileAccount, MobileAccountRows } from '../../ports/mobile-account-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { PasswordHashing } from '../accounts/password-hashing.ts';
import { passwordFault } from '../accounts/password-rules.ts';
import type { SmsCodes } from '../persons/sms-codes.ts';

export interface MobileAccountsOptions {
  catalogue: Pick<Catalogue, 'programmes'>;
  rows: MobileAccountRows;
  codes: SmsCodes;
  hashing: Pick<PasswordHashing, 'hash'>;
  makeId: MakeId;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

const purpose = 'registration';
/** A code for the one is none for the other. */
const passwordPurpose = 'password';

/**
 * Accounts whose name is the mobile number (账号即为手机号). What is proved by one is the number alone: for which unit its holder
 * works nobody has said, so that it opens no records of any unit.
 */
export function createMobileAccounts(options: MobileAccountsOptions) {
  const { catalogue, rows, codes, hashing, makeId, clock, log } = options;

  /** Throws NOT_FOUND where the programme opens none. */
  function entryOf(programme: string): MobileAccountsEntry {
    const entry = catalogue.programmes.find(({ id }) => id === programme)?.portal?.mobileAccounts;
    if (!entry) throw new AppError('NOT_FOUND', { programme });
    return entry;
  }

  return {
    /** The same for a number that has an account: who has it in hand hears so once he shows the code. */
    sendCode(programme: string, { mobile, address }: { mobile: string; address: string }) {
      const { sender } = entryOf(programme);
      return codes.send(
        { purpose, mobile, address },
        { textOf: (code) => `【${sender}】注册验证码：${code}，5分钟内有效，请勿告诉他人。` },
      );
    },

    /** Throws PASSWORD_TOO_WEAK (details.fault), SMS_CODE_WRONG, TOO_MANY_ATTEMPTS, MOBILE_REGISTERED. */
    async open(
      programme: string,
      { name, mobile, code, password }: NewMobileAccount,
      address: string,
    ): Promise<{ account: string }> {
      const { accountType: type } = entryOf(programme);
      const fault = passwordFault(password, { own: [mobile, name], current: '' });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      await codes.use({ purpose, mobile, address }, code);
      const [id, passwordHash] = [makeId(), await hashing.hash(password)];
      if (!(await rows.open({ id, type, name, mobile, passwordHash, at: clock.now() })))
        throw new AppError('MOBILE_REGISTERED');
      log.info({ account: id, programme }, 'account opened by a mobile number');
      return { account: mobile };
    },

    /** Whoever may not come in is written to no more than whoever is not there, and the answer tells nobody which it is. */
    async sendPasswordCode(programme: string, { mobile, address }: { mobile: string; address: string }) {
      const { sender, accountType } = entryOf(programme);
      const known = await rows.byMobile(mobile, accountType);
      return codes.send(
        { purpose: passwordPurpose, mobile, address },
        {
          textOf: (code) =>
            `【${sender}】找回密码验证码：${code}，5分钟内有效，请勿告诉他人。不是您本人操作的，请忽略。`,
          isSilent: known === undefined || refusalOf(known) !== undefined,
        },
      );
    },

    /** 忘记密码. Throws PASSWORD_TOO_WEAK (details.fault), SMS_CODE_WRONG, TOO_MANY_ATTEMPTS, ACCOUNT_DISABLED, ACCOUNT_FROZEN. */
    async choosePassword(
      programme: string,
      { mobile, code, password }: NewMobilePassword,
      address: string,
    ): Promise<{ account: string; id: string }> {
      const { accountType } = entryOf(programme);
      const fault = passwordFault(password, { own: [mobile], current: '' });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      await codes.use({ purpose: passwordPurpose, mobile, address }, code);
      const passwordHash = await hashing.hash(password);
      const known = await rows.byMobile(mobile, accountType);
      if (!known) throw new AppError('SMS_CODE_WRONG');
      const refusal = refusalOf(known);
      if (refusal) throw refusal;
      if (!(await rows.choosePassword({ account: known.id, passwordHash, at: clock.now() })))
        throw new AppError('ACCOUNT_DISABLED', { account: known.id });
      log.info({ account: known.id, programme }, 'password chosen by a code to the mobile number');
      return { account: mobile, id: known.id };
    },
  };
}
export type MobileAccounts = ReturnType<typeof createMobileAccounts>;

function refusalOf({ id: account, isDisabled, frozenFor }: MobileAccount): AppError | undefined {
  if (isDisabled) return new AppError('ACCOUNT_DISABLED', { account });
  return frozenFor === undefined ? undefined : new AppError('ACCOUNT_FROZEN', { account, reason: frozenFor });
}

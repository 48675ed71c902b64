import type { BoundableAccount, KeyEntryView } from '#domain/contracts/portal/institutions.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import type { InstitutionRows, KeyEntry } from '../../ports/institution-rows.ts';
import type {
  AccountProof,
  BusinessAccount,
  InstitutionAccounts,
} from '../../ports/outside/institution-accounts.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { AttemptLimit, CountedAttempt } from '../accounts/attempt-limit.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import type { UkeyLogin } from '../accounts/login/ukey.ts';
import { proveUnit } from './key-entries.ts';
import type { KeyEntries } from './key-entries.ts';
import { kindOf } from './platforms.ts';
import type { PlatformOf } from './platforms.ts';
import { accountsOfKind } from './same-institution.ts';

/**
 * Wrong codes before the next one waits. Only whoever holds a key of the unit comes as far as this, so that counting by account
 * keeps no owner out for anybody else's guesses.
 */
const freeWrong = { account: 5, unit: 10, address: 50 } as const;

type Prove = UkeyLogin['prove'];

export type GivenProof = { way: 'otp'; code: string } | ({ way: 'key' } & Parameters<Prove>[0]);

export interface BindInstitutionOptions {
  rows: Pick<InstitutionRows, 'add' | 'isTaken'>;
  entries: Pick<KeyEntries, 'find' | 'view'>;
  accounts: Pick<InstitutionAccounts, 'find' | 'prove'>;
  platformOf: PlatformOf;
  prove: Prove;
  attempts: Pick<AttemptLimit, 'take'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** 企业绑定: an account that the unit has in the business system becomes its identity here, once it is proved to be the unit's. */
export function createBindInstitution(options: BindInstitutionOptions) {
  const { rows, entries, accounts, platformOf, prove, attempts, clock, log } = options;

  const known = async ({ programme, creditCode }: KeyEntry, kind: string): Promise<BusinessAccount[]> =>
    accountsOfKind(
      await accounts.find({ system: programme, codes: [creditCode, organisationCodeIn(creditCode)] }),
      { creditCode, kind },
    );

  /** Counted before anything is asked; a failing service and a right proof give it back. */
  const count = (
    { programme, creditCode }: KeyEntry,
    account: string,
    address: string,
  ): Promise<CountedAttempt> =>
    attempts.take([
      { name: `institution-binding from ${limitKeyOf(address)}`, free: freeWrong.address },
      { name: `institution-binding ${programme} ${creditCode}`, free: freeWrong.unit },
      { name: `institution-binding ${programme} ${creditCode} ${account}`, free: freeWrong.account },
    ]);

  /** What the business system is asked. Throws BINDING_FAILED for a key of another unit, what stands against the key. */
  async function proofOf(
    given: GivenProof,
    entry: KeyEntry,
    from: Parameters<Prove>[1],
  ): Promise<AccountProof> {
    if (given.way === 'otp') return given;
    const { challenge, proof } = given;
    const { subject, certificate } = await proveUnit(prove, { challenge, proof }, from);
    if (organisationCodeIn(subject.creditCode) !== organisationCodeIn(entry.creditCode))
      throw new AppError('BINDING_FAILED');
    return { way: 'key', serial: certificate.serial };
  }

  /** Throws BINDING_FAILED, SERVICE_MISSING, SERVICE_UNREACHABLE. */
  async function demandProof(
    { account, proof }: { account: string; proof: GivenProof },
    { entry, kind, from }: { entry: KeyEntry; kind: string; from: Parameters<Prove>[1] },
  ): Promise<void> {
    const isOfUnit = (await known(entry, kind)).some((one) => one.account === account);
    const asked = await proofOf(proof, entry, from);
    const isProved = isOfUnit && (await accounts.prove({ system: entry.programme, account, proof: asked }));
    if (!isProved) throw new AppError('BINDING_FAILED');
  }

  return {
    /** Throws KEY_ENTRY_GONE, SERVICE_MISSING, SERVICE_UNREACHABLE. */
    async list(programme: string, token: string | undefined, role: string): Promise<BoundableAccount[]> {
      const entry = await entries.find(programme, token);
      const { title } = kindOf(platformOf(programme), role);
      return (await known(entry, title)).map(({ account, name }) => ({ account, name }));
    },

    /** Throws KEY_ENTRY_GONE, INSTITUTION_HELD, TOO_MANY_ATTEMPTS, what `demandProof` throws: then nothing is bound. */
    async bind(
      programme: string,
      token: string | undefined,
      asked: { role: string; account: string; proof: GivenProof },
      from: Parameters<Prove>[1],
    ): Promise<KeyEntryView> {
      const entry = await entries.find(programme, token);
      const { role, title: kind } = kindOf(platformOf(programme), asked.role);
      const { holderName: name, creditCode } = entry;
      if (await rows.isTaken(programme, role, organisationCodeIn(creditCode)))
        throw new AppError('INSTITUTION_HELD');
      const attempt = await count(entry, asked.account, from.place.address);
      try {
        await demandProof(asked, { entry, kind, from });
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'BINDING_FAILED')) await attempt.giveBack();
        throw error;
      }
      await attempt.giveBack();
      const origin = asked.proof.way === 'otp' ? 'bound-by-otp' : 'bound-by-key';
      const identity = { programme, role, unit: { name, creditCode }, businessAccount: asked.account };
      if (!(await rows.add({ ...identity, origin, information: {} }, clock.now())))
        throw new AppError('INSTITUTION_HELD');
      log.info({ programme, role, origin }, 'institution bound');
      return entries.view(entry);
    },
  };
}
export type BindInstitution = ReturnType<typeof createBindInstitution>;

import { fieldSchema } from '#domain/catalogue/field.ts';
import type { PortalInstitutions } from '#domain/catalogue/portal-institutions.ts';
import type { KeyEntryView } from '#domain/contracts/portal/institutions.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import { parseValues } from '#domain/fields/field-rules.ts';
import type { Values } from '#domain/primitives.ts';
import type { InstitutionRows, KeyEntry } from '../../ports/institution-rows.ts';
import type { InstitutionAccounts } from '../../ports/outside/institution-accounts.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { sha256 } from '../hashing.ts';
import type { KeyEntries } from './key-entries.ts';
import { kindOf } from './platforms.ts';
import type { PlatformOf } from './platforms.ts';
import { accountsOfKind } from './same-institution.ts';

/** By one unit within an hour, before the next one waits: each asks the business system. */
const freeTries = 20;

export interface RegisterInstitutionOptions {
  rows: Pick<InstitutionRows, 'add' | 'isTaken'>;
  entries: Pick<KeyEntries, 'find' | 'view'>;
  accounts: Pick<InstitutionAccounts, 'find' | 'open'>;
  platformOf: PlatformOf;
  attempts: Pick<AttemptLimit, 'take'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info'>;
}

/** 注册: the unit says that it has no account in the business system, which is asked, and opens one for it. */
export function createRegisterInstitution(options: RegisterInstitutionOptions) {
  const { rows, entries, accounts, platformOf, attempts, clock, log } = options;

  /** Of any unit whose code contains the same organisation code, here or there, and of the same kind; not that of an earlier try of this one. */
  async function refuseSecond(
    { programme, creditCode }: KeyEntry,
    { role, title, exists }: { role: string; title: string; exists: string },
    openingId: string,
  ): Promise<void> {
    const refusal = new AppError('INSTITUTION_EXISTS', { text: exists });
    if (await rows.isTaken(programme, role, organisationCodeIn(creditCode))) throw refusal;
    const known = accountsOfKind(
      await accounts.find({ system: programme, codes: [creditCode, organisationCodeIn(creditCode)] }),
      { creditCode, kind: title },
    );
    if (known.some((one) => one.openingId !== openingId)) throw refusal;
  }

  /**
   * Throws KEY_ENTRY_GONE, PLATFORM_NOT_OPEN, FIELD_INVALID, INSTITUTION_EXISTS with the province's words, SERVICE_MISSING,
   * SERVICE_UNREACHABLE, after which the same may be asked again: the business system knows it by its id.
   */
  return async function register(
    programme: string,
    token: string | undefined,
    asked: { role: string; platform: string; information: Values },
  ): Promise<KeyEntryView> {
    const entry = await entries.find(programme, token);
    const platform = platformOf(programme);
    const kind = kindOf(platform, asked.role);
    if (!platform.platforms.some(({ id, mayRegister }) => mayRegister && id === asked.platform))
      throw new AppError('PLATFORM_NOT_OPEN', { platform: asked.platform });
    const information = readInformation(platform, asked.information);
    const { holderName: name, creditCode } = entry;
    await attempts.take([{ name: `institution-registration ${programme} ${creditCode}`, free: freeTries }]);
    const openingId = sha256(JSON.stringify([programme, kind.role, creditCode]));
    await refuseSecond(entry, kind, openingId);
    const businessAccount = await accounts.open({
      ...{ system: programme, openingId, kind: kind.title, name, creditCode, information },
    });
    const added =
      businessAccount !== undefined &&
      (await rows.add(
        {
          ...{ programme, role: kind.role, unit: { name, creditCode } },
          ...{ businessAccount, origin: 'registered', information },
        },
        clock.now(),
      ));
    if (!added) throw new AppError('INSTITUTION_EXISTS', { text: kind.exists });
    log.info({ programme, role: kind.role }, 'institution registered');
    return entries.view(entry);
  };
}
export type RegisterInstitution = ReturnType<typeof createRegisterInstitution>;

/** Throws FIELD_INVALID with the label of the first that is missing or wrong. */
function readInformation({ information }: PortalInstitutions, given: Values): Values {
  const fields = information.map((one) => fieldSchema.parse(one));
  const { values, problems } = parseValues(fields, given);
  for (const { id, label } of fields)
    if (problems[id] !== undefined)
      throw new AppError('FIELD_INVALID', { at: id, label, problem: problems[id] });
  return values;
}

import { AppError } from '#domain/errors/app-error.ts';
import type { InstitutionRows, OwnInstitution } from '../../ports/institution-rows.ts';
import type { BrowserPlace } from '../accounts/login/phone-scan.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { SignInLog } from '../accounts/sign-in-log.ts';
import type { KeyEntries } from './key-entries.ts';
import { kindOf } from './platforms.ts';
import type { PlatformOf } from './platforms.ts';

/** 管理员登录: the unit whose key was shown goes into a system, as one of the institutions that it is. */
export function createEnterAsInstitution({
  rows,
  entries,
  platformOf,
  sessions,
  signInLog,
}: {
  rows: Pick<InstitutionRows, 'ofUnit'>;
  entries: Pick<KeyEntries, 'find' | 'close'>;
  platformOf: PlatformOf;
  sessions: Pick<Sessions, 'open'>;
  signInLog: Pick<SignInLog, 'refused'>;
}) {
  /** A refusal that names an account stands in its log. Throws ACCOUNT_DISABLED, ACCOUNT_FROZEN. */
  async function open(
    { account, isDisabled }: OwnInstitution,
    session: Pick<Parameters<Sessions['open']>[0], 'assurance' | 'place' | 'earlierToken' | 'actingAs'>,
  ): Promise<string> {
    try {
      if (isDisabled) throw new AppError('ACCOUNT_DISABLED');
      return await sessions.open({ account, way: 'ukey', ...session });
    } catch (error) {
      if (error instanceof AppError)
        signInLog.refused({ account, way: 'ukey', code: error.code, ...session.place });
      throw error;
    }
  }

  /**
   * The session's token. Throws KEY_ENTRY_GONE, NOT_FOUND for a system that is not offered, INSTITUTION_MISSING,
   * INSTITUTION_ROLE_REQUIRED, ACCOUNT_DISABLED, ACCOUNT_FROZEN.
   */
  return async function enter(
    programme: string,
    keyToken: string | undefined,
    asked: { system: string; role?: string | undefined },
    from: { place: BrowserPlace; earlierToken: string | undefined },
  ): Promise<{ token: string; role: string }> {
    const entry = await entries.find(programme, keyToken);
    const platform = platformOf(programme);
    if (!platform.systems.some((one) => one.programme === asked.system))
      throw new AppError('NOT_FOUND', { system: asked.system });
    if (asked.role !== undefined) kindOf(platform, asked.role);
    const own = await rows.ofUnit(programme, entry.creditCode);
    const [only, ...others] = own;
    if (!only) throw new AppError('INSTITUTION_MISSING');
    if (asked.role === undefined && others.length > 0) throw new AppError('INSTITUTION_ROLE_REQUIRED');
    const chosen = asked.role === undefined ? only : own.find(({ role }) => role === asked.role);
    if (!chosen) throw new AppError('INSTITUTION_MISSING', { role: asked.role });
    const { holderName: name, creditCode: value, provedAt: at } = entry;
    const identity = { kind: 'organisation', scheme: 'credit-code', value, name } as const;
    const token = await open(chosen, {
      ...from,
      actingAs: { programme: asked.system, role: chosen.role },
      assurance: [{ way: 'ukey', level: 'signed', identity, at }],
    });
    await entries.close(keyToken);
    return { token, role: chosen.role };
  };
}
export type EnterAsInstitution = ReturnType<typeof createEnterAsInstitution>;

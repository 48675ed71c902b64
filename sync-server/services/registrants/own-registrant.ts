import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { BoundCertificate, RegistrantView } from '#domain/contracts/portal/own-account.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import { noPassword } from '../../ports/account-rows.ts';
import type { AccountRows } from '../../ports/account-rows.ts';
import type { Registrant, RegistrantRows } from '../../ports/registrant-rows.ts';
import type { FoundSession } from '../../ports/session-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { hasFreshKey } from '../accounts/fresh-key.ts';
import type { PasswordHashing } from '../accounts/password-hashing.ts';
import { passwordFault } from '../accounts/password-rules.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { identityOfRegistrant } from './registration-of.ts';

export interface OwnRegistrantOptions {
  rows: Pick<RegistrantRows, 'find' | 'certificates'>;
  accounts: Pick<AccountRows, 'find' | 'changeOwnPassword'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  sessions: Pick<Sessions, 'find' | 'renew'>;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** Throws FORBIDDEN where the account is no registrant's. */
export const createFindRegistrant =
  ({ rows }: { rows: Pick<RegistrantRows, 'find'> }) =>
  async ({ account }: Pick<Actor, 'account'>): Promise<Registrant> => {
    const registrant = await rows.find(account);
    if (!registrant) throw new AppError('FORBIDDEN');
    return registrant;
  };
export type FindRegistrant = ReturnType<typeof createFindRegistrant>;

/** What somebody finds of the own account at a portal. */
export function createOwnRegistrant({ rows, accounts, hashing, sessions, clock, log }: OwnRegistrantOptions) {
  const findOwn = createFindRegistrant({ rows });
  const isFresh = (actor: Actor, registrant: Registrant): boolean =>
    hasFreshKey(actor, identityOfRegistrant(registrant), clock.nowMs());

  return {
    async view(actor: Actor): Promise<RegistrantView> {
      demandAtAll(actor, 'registrant.read');
      const registrant = await findOwn(actor);
      const { type, name, loginName, number, scheme, registeredAt } = registrant;
      const isPerson = scheme === 'id-number';
      const found = await accounts.find(actor.account);
      return {
        ...{ type, name, registeredAt, hasFreshKey: isFresh(actor, registrant) },
        hasPassword: found !== undefined && found.passwordHash !== noPassword,
        number: isPerson ? maskIdNumber(number) : number,
        loginName: isPerson && loginName === number ? maskIdNumber(loginName) : loginName,
      };
    },

    /** Another token for the session that asks; all others end. Throws KEY_NOT_INSERTED, PASSWORD_TOO_WEAK. */
    async choosePassword(
      { id: session, actor }: Pick<FoundSession, 'id' | 'actor'>,
      password: string,
    ): Promise<string> {
      demandAtAll(actor, 'registrant.choose-password');
      const registrant = await findOwn(actor);
      if (!isFresh(actor, registrant)) throw new AppError('KEY_NOT_INSERTED');
      const fault = passwordFault(password, { own: [registrant.number, registrant.name], current: '' });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      const found = await accounts.find(actor.account);
      if (!found) throw new AppError('UNAUTHENTICATED');
      const isChanged = await accounts.changeOwnPassword({
        ...{ id: actor.account, from: found.passwordHash, to: await hashing.hash(password) },
        ...{ keptSession: session, at: clock.now() },
      });
      const token = isChanged ? await sessions.renew(session) : undefined;
      if (token === undefined) throw new AppError('UNAUTHENTICATED');
      log.info({ account: actor.account }, 'password chosen with the key');
      return token;
    },

    async certificates(actor: Actor): Promise<BoundCertificate[]> {
      demandAtAll(actor, 'registrant.certificates');
      const bound = await rows.certificates((await findOwn(actor)).account);
      return bound.map((one) => ({ ...one, state: stateOf(one, clock.now()) }));
    },
  };
}
export type OwnRegistrant = ReturnType<typeof createOwnRegistrant>;

function stateOf(
  { validFrom, validUntil }: Pick<BoundCertificate, 'validFrom' | 'validUntil'>,
  at: string,
): BoundCertificate['state'] {
  if (Date.parse(validUntil) <= Date.parse(at)) return 'expired';
  return Date.parse(validFrom) > Date.parse(at) ? 'not-yet-valid' : 'valid';
}

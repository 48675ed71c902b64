import { readVoice } from '../read-voice.ts';
import { createCaptcha } from '../services/accounts/captcha.ts';
import { serverLogins } from '../services/accounts/login/ways.ts';
import { createOwnSystems } from '../services/accounts/own-systems.ts';
import type { UserCentres } from '../services/accounts/user-centres.ts';
import { createUnitAtPortal } from '../services/portals/unit-at-portal.ts';
import { createLoginTicketRows } from '../store/login-ticket-rows.ts';
import { createOwnAccountRows } from '../store/own-account-rows.ts';
import { createUnitEntryRows } from '../store/unit-entry-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

/** The ways into a unit's accounts, which end at the back end of a system. */
export function createWaysIn(
  {
    catalogue,
    outside,
    clock,
    log,
    makeId,
  }: Pick<Start, 'catalogue' | 'outside' | 'clock' | 'log' | 'makeId'>,
  {
    db,
    atomic,
    keyProofs,
    serverKey,
    people,
    announcements,
    centres,
  }: Pick<Stores, 'db' | 'atomic' | 'keyProofs' | 'serverKey'> &
    Pick<Services, 'announcements'> & { people: AccountServices; centres: UserCentres },
) {
  const { sessions, attempts, signInLog } = people;
  const ownAccounts = createOwnAccountRows(db);
  const systems = createOwnSystems({ rows: ownAccounts, catalogue });
  const phoneScan = serverLogins['phone-scan']({
    rows: createLoginTicketRows(db),
    ...{ ownAccounts, systems, centres, sessions, attempts, announcements, signInLog },
    ...{ makeId, clock, log },
  });
  const captcha = createCaptcha({ rows: atomic, serverKey, clock, voice: readVoice() });
  const ukeyLogin = serverLogins.ukey({
    captcha,
    ...{ proofs: keyProofs, rows: atomic, ownAccounts, systems, sessions, attempts, signInLog },
    ...{ serverKey, clock, log },
  });
  const accountOfUnit = createUnitAtPortal({ ownAccounts, units: createUnitEntryRows(db), makeId, clock });
  const openidLogin = serverLogins.openid({
    ...{ catalogue, providerOf: outside.openid, rows: atomic, ownAccounts, accountOfUnit },
    ...{ sessions, attempts, signInLog, serverKey, clock, log },
  });
  return { systems, phoneScan, ukeyLogin, openidLogin, captcha, ownAccounts, accountOfUnit };
}

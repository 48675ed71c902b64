import { createPortalKeyLogin } from '../services/portals/key-login.ts';
import { createKeyApplication } from '../services/registrants/key-application.ts';
import { createFindRegistrant, createOwnRegistrant } from '../services/registrants/own-registrant.ts';
import { createRegister } from '../services/registrants/register.ts';
import { createRegistrantLogin } from '../services/registrants/registrant-login.ts';
import { createRegistrantRows } from '../store/registrant-rows.ts';
import { createUnitRows } from '../store/unit-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';
import type { createWaysIn } from './ways-in.ts';

/** Accounts that somebody opens by himself at a portal. */
export function createRegistrants(
  {
    catalogue,
    clock,
    log,
    makeId,
    outside,
  }: Pick<Start, 'catalogue' | 'clock' | 'log' | 'makeId' | 'outside'>,
  {
    db,
    atomic,
    people,
    waysIn,
  }: Pick<Stores, 'db' | 'atomic'> & { people: AccountServices; waysIn: ReturnType<typeof createWaysIn> },
) {
  const { sessions, attempts, signInLog, hashing, passwordLogin, accountRows } = people;
  const { captcha, ukeyLogin, ownAccounts, accountOfUnit } = waysIn;
  const rows = createRegistrantRows(db);
  const registrantLogin = createRegistrantLogin({
    ...{ rows, catalogue, passwordLogin, ukeyLogin, sessions, signInLog, makeId, log },
  });
  return {
    register: createRegister({
      ...{ rows, catalogue, captcha, attempts, hashing, sessions, makeId, clock, log },
    }),
    registrantLogin,
    keyLogin: createPortalKeyLogin({
      ...{ catalogue, registrantLogin, ukeyLogin, ownAccounts, accountOfUnit, sessions, signInLog, log },
    }),
    ownRegistrant: createOwnRegistrant({ rows, accounts: accountRows, hashing, sessions, clock, log }),
    keyApplications: createKeyApplication({
      ...{ rows, records: createUnitRows(db), single: atomic, caCompany: outside.caCompany },
      ...{ findOwn: createFindRegistrant({ rows }), catalogue, makeId, clock, log },
    }),
  };
}

import { rolesOfType } from '#domain/catalogue/user-centre.ts';
import { isOfferedBySystems } from '#domain/catalogue/offered-ways.ts';
import { isDemonstration } from '../demonstration.ts';
import { createAttemptLimit } from '../services/accounts/attempt-limit.ts';
import { createDemoAccount } from '../services/accounts/demo-account.ts';
import { createDeskAccounts } from '../services/accounts/desk-accounts.ts';
import { createKnownBrowsers } from '../services/accounts/known-browsers.ts';
import { serverLogins } from '../services/accounts/login/ways.ts';
import { createManageAccounts, permissionsOf } from '../services/accounts/manage-accounts.ts';
import { createDirectory } from '../services/accounts/directory.ts';
import { createOwnPassword } from '../services/accounts/own-password.ts';
import { createPasswordHashing } from '../services/accounts/password-hashing.ts';
import { createSignInLog } from '../services/accounts/sign-in-log.ts';
import { createSessions } from '../services/accounts/sessions.ts';
import { createAccountAdministration } from '../store/account-administration.ts';
import { createAccountRows } from '../store/account-rows.ts';
import { createDirectoryRows } from '../store/directory-rows.ts';
import { createSessionRows } from '../store/session-rows.ts';
import { createOperators } from '../services/accounts/operators.ts';
import { createSendFirstPassword } from '../services/accounts/send-first-password.ts';
import { createSmsCodes } from '../services/persons/sms-codes.ts';
import { createCodeRows } from '../store/person-consents.ts';
import { createOperatorRows } from '../store/operator-rows.ts';
import type { LogRows } from '../ports/log-rows.ts';
import type { Announcements } from '../services/announcements.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';

export type AccountServices = Awaited<ReturnType<typeof createAccountServices>>;

/** Who may sign in, and how; the accounts of the settings, and of a demonstration, are there afterwards. */
export async function createAccountServices(
  { settings, catalogue, log, clock, outside, makeId, opened }: Start,
  {
    db,
    atomic,
    serverKey,
    logRows,
    announcements,
  }: Pick<Stores, 'db' | 'atomic' | 'serverKey'> & {
    logRows: LogRows;
    announcements: Pick<Announcements, 'announce'>;
  },
) {
  const tell = (accountId: string): void => announcements.announce({ type: 'account', accountId });
  const attempts = createAttemptLimit({ rows: atomic, nowMs: clock.nowMs });
  const hashing = createPasswordHashing();
  const browsers = createKnownBrowsers({ serverKey, nowMs: clock.nowMs });
  const accountRows = createAccountRows(db);
  const signInLog = createSignInLog({ rows: logRows, onNoted: tell, clock, log });
  opened.defer(() => signInLog.settled());
  const signedIn = createSessions({
    ...{ rows: createSessionRows(db), clock, log },
    rolesOf: (type) => rolesOfType(catalogue.programmes, type),
    onOpened: tell,
  });
  const passwordLogin = serverLogins.password({
    accounts: accountRows,
    ...{ clock, log, attempts, hashing, browsers, signInLog },
    isOffered: (way, permissions) => isOfferedBySystems(catalogue, way, permissions),
  });
  const codes = createSmsCodes({
    ...{ rows: createCodeRows(db), atomic, attempts, sms: outside.sms, serverKey, clock, log },
  });
  const operatorLogin = serverLogins['password-sms']({
    ...{ catalogue, passwordLogin, codes, sessions: signedIn, signInLog, clock },
  });
  const accounts = createDeskAccounts({
    accounts: accountRows,
    passwordLogin,
    sessions: signedIn,
    ...{ clock, hashing },
  });
  await accounts.seed(settings.accounts);
  const demo = createDemoAccount({
    accounts: createAccountAdministration(db),
    ...{ hashing, clock, log },
  });
  await (isDemonstration(settings) ? demo.begin(permissionsOf(catalogue)) : demo.end());
  const ownPassword = createOwnPassword({
    accounts: accountRows,
    sessions: signedIn,
    hashing,
    tallies: atomic,
    clock,
    log,
  });
  const manage = createManageAccounts({
    accounts: createAccountAdministration(db),
    hashing,
    catalogue,
    clock,
    log,
  });
  const operators = createOperators({
    rows: createOperatorRows(db),
    mobileCheck: outside.mobileCheck,
    firstPassword: createSendFirstPassword({ sms: outside.sms, attempts, hashing, serverKey, clock }),
    ...{ atomic, catalogue, attempts, makeId, clock, log },
  });
  const directory = createDirectory({ rows: createDirectoryRows(db), hashing, clock, log });
  return {
    accounts,
    directory,
    sessions: signedIn,
    signInLog,
    ownPassword,
    hashing,
    manage,
    operators,
    browsers,
    attempts,
    codes,
    operatorLogin,
    ...{ passwordLogin, accountRows },
  };
}

/** In order. A name that has been released never changes, nor does what it does. */
import * as first from './0001-first.ts';
import * as severalProcesses from './0002-several-processes.ts';
import * as overrules from './0003-overrules.ts';
import * as feedSubjects from './0004-feed-subjects.ts';
import * as fleet from './0005-fleet.ts';
import * as accounts from './0006-accounts.ts';
import * as signIns from './0007-sign-ins.ts';
import * as auditFindings from './0008-audit-findings.ts';
import * as limits from './0009-limits.ts';
import * as issuedPasswords from './0010-issued-passwords.ts';
import * as recordSeals from './0011-record-seals.ts';
import * as blobProofs from './0012-blob-proofs.ts';
import * as verificationCodes from './0013-verification-codes.ts';
import * as audiences from './0014-audiences.ts';
import * as actors from './0015-actors.ts';
import * as recordMoves from './0016-record-moves.ts';
import * as casesAboutAnything from './0017-cases-about-anything.ts';
import * as subscriptions from './0018-subscriptions.ts';
import * as logChain from './0019-log-chain.ts';
import * as unitAccounts from './0020-unit-accounts.ts';
import * as persons from './0021-persons.ts';
import * as registrations from './0022-registrations.ts';
import * as unitKeys from './0023-unit-keys.ts';
import * as loginTickets from './0024-login-tickets.ts';
import * as recordDrafts from './0025-record-drafts.ts';
import * as registrants from './0026-registrants.ts';
import * as institutions from './0028-institutions.ts';
import * as operatorNames from './0029-operator-names.ts';
import * as carriedDrafts from './0031-carried-drafts.ts';
import * as registerLog from './0032-register-log.ts';
import * as works from './0033-works.ts';
import * as credentials from './0034-credentials.ts';
import * as lists from './0036-lists.ts';
import * as sessionRoles from './0037-session-roles.ts';
import * as returnedVersions from './0038-returned-versions.ts';
import * as complaints from './0039-complaints.ts';

export const migrations = {
  '0001-first': first,
  '0002-several-processes': severalProcesses,
  '0003-overrules': overrules,
  '0004-feed-subjects': feedSubjects,
  '0005-fleet': fleet,
  '0006-accounts': accounts,
  '0007-sign-ins': signIns,
  '0008-audit-findings': auditFindings,
  '0009-limits': limits,
  '0010-issued-passwords': issuedPasswords,
  '0011-record-seals': recordSeals,
  '0012-blob-proofs': blobProofs,
  '0013-verification-codes': verificationCodes,
  '0014-audiences': audiences,
  '0015-actors': actors,
  '0016-record-moves': recordMoves,
  '0017-cases-about-anything': casesAboutAnything,
  '0018-subscriptions': subscriptions,
  '0019-log-chain': logChain,
  '0020-unit-accounts': unitAccounts,
  '0021-persons': persons,
  '0022-registrations': registrations,
  '0023-unit-keys': unitKeys,
  '0024-login-tickets': loginTickets,
  '0025-record-drafts': recordDrafts,
  '0026-registrants': registrants,
  '0028-institutions': institutions,
  '0029-operator-names': operatorNames,
  '0031-carried-drafts': carriedDrafts,
  '0032-register-log': registerLog,
  '0033-works': works,
  '0034-credentials': credentials,
  '0036-lists': lists,
  '0037-session-roles': sessionRoles,
  '0038-returned-versions': returnedVersions,
  '0039-complaints': complaints,
};

import { serverLogins } from '../services/accounts/login/ways.ts';
import { createPersonCases } from '../services/cases/person-cases.ts';
import { createConsents } from '../services/persons/consents.ts';
import { createFaceChecks } from '../services/persons/face-checks.ts';
import { createOwnEntry } from '../services/persons/own-entry.ts';
import { createPersonFaces } from '../services/persons/person-faces.ts';
import { createRealName } from '../services/persons/real-name.ts';
import { createConsentRows, createFaceRows } from '../store/person-consents.ts';
import { createPersonNoticeRows, createRecordOrigins } from '../store/person-notices.ts';
import { createPersonRows } from '../store/person-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Logs } from './logs.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

export type Persons = ReturnType<typeof createPersons>;

/** Persons on their phones: who they are, what waits for them. */
export function createPersons(
  { catalogue, log, clock, outside, makeId }: Start,
  { db, atomic, blobs, cases, records, catalogues }: Stores,
  {
    people: { attempts, codes, sessions, signInLog },
    services: { announcements, opening },
    logs,
  }: { people: AccountServices; services: Services; logs: Logs },
) {
  const persons = createPersonRows(db);
  const consents = createConsents({ rows: createConsentRows(db), catalogue, clock, makeId });
  const login = serverLogins['mobile-sms']({
    ...{ persons, codes, consents, sessions, signInLog, clock, makeId },
  });
  const checks = createFaceChecks({
    ...{ rows: createFaceRows(db), atomic, face: outside.face, clock, makeId, log },
  });
  const realName = createRealName({
    ...{ persons, consents, faces: checks, realName: outside.realName, attempts, clock },
  });
  const personCases = createPersonCases({
    ...{ cases, records, catalogues, opening, announcements, persons, consents, blobs, clock, log },
    ...{ faces: checks, origins: createRecordOrigins(db) },
  });
  const own = createOwnEntry({
    ...{ persons, cases, personCases, consents, codes, sessions, clock, log },
    ...{ notices: createPersonNoticeRows(db), logRows: logs.rows, faces: checks },
  });
  const faces = createPersonFaces({ checks, realName, own, personCases, sessions, persons, clock });
  return { login, codes, consents, realName, faces, own, personCases };
}

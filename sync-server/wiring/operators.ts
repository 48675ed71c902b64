import { createFindCase } from '../services/cases/found-case.ts';
import { createProceedCase } from '../services/cases/proceed-case.ts';
import { createNameApplications } from '../services/operators/name-applications.ts';
import { createReviewNames } from '../services/operators/review-names.ts';
import { createDraftFiles } from '../services/registrations/draft-files.ts';
import { createDropExpired } from '../services/registrations/drop-expired.ts';
import { createNameApplicationRows } from '../store/name-application-rows.ts';
import { createOperatorRows } from '../store/operator-rows.ts';
import { createPersonNoticeRows } from '../store/person-notices.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

export type OperatorNames = ReturnType<typeof createOperatorNames>;

/** What operators ask of their company's administrator. */
export function createOperatorNames(
  { catalogue, clock, log, makeId, opened }: Start,
  { db, blobs, cases, records, catalogues }: Stores,
  {
    people: { attempts },
    services: { announcements, fileRecord, opening },
  }: { people: Pick<AccountServices, 'attempts'>; services: Services },
) {
  const operators = createOperatorRows(db);
  const notices = createPersonNoticeRows(db);
  const finding = createFindCase({ cases, records, catalogues });
  const applications = createNameApplications({
    ...{ rows: createNameApplicationRows(db), files: createDraftFiles({ blobs }), operators, notices },
    ...{ cases, finding, blobs, attempts, fileRecord, catalogue, clock, makeId },
  });
  const sweep = createDropExpired({ what: 'applications', drafts: applications, log });
  opened.defer(sweep.stop);
  const review = createReviewNames({
    ...{ operators, cases, finding, notices, blobs, clock },
    proceeding: createProceedCase({ cases, opening, announcements, clock, log }),
  });
  return { applications, review };
}

import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { createUserCentres } from '../services/accounts/user-centres.ts';
import { createCompareRegister } from '../services/cases/compare-register.ts';
import { createFindCase } from '../services/cases/found-case.ts';
import { createProceedCase } from '../services/cases/proceed-case.ts';
import { createDraftFiles } from '../services/registrations/draft-files.ts';
import { createDropExpired } from '../services/registrations/drop-expired.ts';
import { createFileRegistration } from '../services/registrations/file-registration.ts';
import { createFollowRegistration } from '../services/registrations/follow-registration.ts';
import { createReadPictures } from '../services/registrations/read-pictures.ts';
import { createRegistrationLimits } from '../services/registrations/registration-limits.ts';
import { createRegistrationView } from '../services/registrations/registration-view.ts';
import { createRegistrations } from '../services/registrations/registrations.ts';
import { createRegistrationRows } from '../store/registration-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

export type RegistrationParts = ReturnType<typeof createRegistrationServices>;

/** Registration of main accounts, from the first field to what the department decides. */
export function createRegistrationServices(
  { settings, catalogue, log, clock, outside, makeId, opened }: Start,
  { db, blobs, cases, records, catalogues, atomic }: Stores,
  { services, people }: { services: Services; people: Pick<AccountServices, 'attempts'> },
) {
  const { announcements, deskCases, fileRecord, opening } = services;
  const rows = createRegistrationRows(db);
  const centres = createUserCentres({ catalogue });
  const limits = createRegistrationLimits({
    ...{ attempts: people.attempts, rows: atomic, nowMs: clock.nowMs },
  });
  const { enabled: _recheck, ...pack } = settings.secondReading;
  // its child process starts with the first picture
  const reader = settings.uploadReading.enabled
    ? createPaperReader({
        ...{ ...pack, threads: 1, recycleAfterPages: 200 },
        onError: (text) => log.error({ text }, 'trouble with the reader of uploads'),
      })
    : undefined;
  if (reader) opened.defer(() => reader.close());
  const files = createDraftFiles({ blobs });
  const views = createRegistrationView({ cases, catalogues });
  const registrations = createRegistrations({
    ...{ rows, files, blobs, centres, limits, views, clock, makeId },
    readPicture: createReadPictures({ reader, catalogue, log }),
  });
  const sweep = createDropExpired({ what: 'registrations', drafts: registrations, log });
  opened.defer(sweep.stop);
  const file = createFileRegistration({
    ...{ rows, registrations, limits, files, blobs, fileRecord, views, clock, makeId },
    businessRegister: outside.businessRegister,
  });
  const follow = createFollowRegistration({
    ...{ rows, registrations, records, centres, limits, views, clock },
    sms: outside.sms,
    finding: createFindCase({ cases, records, catalogues }),
    proceeding: createProceedCase({
      ...{ cases, announcements, clock, log },
      opening,
    }),
  });
  const compare = createCompareRegister({ findRecord: deskCases.findRecord, rows, catalogue });
  return { registrations, file, follow, views, compare };
}

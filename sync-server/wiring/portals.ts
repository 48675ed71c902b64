import { createEnterPortal } from '../services/portals/enter-portal.ts';
import { createOwnRecords } from '../services/portals/own-records.ts';
import { createPortalDrafts } from '../services/portals/portal-drafts.ts';
import { createPortalRecords } from '../services/portals/portal-records.ts';
import { createPortals } from '../services/portals/portals.ts';
import { createRecordDeeds } from '../services/portals/record-deeds.ts';
import { createDraftFiles } from '../services/registrations/draft-files.ts';
import { createDropExpired } from '../services/registrations/drop-expired.ts';
import { createPortalAccountRows } from '../store/portal-account-rows.ts';
import { createPortalRecordRows } from '../store/portal-record-rows.ts';
import { createRecordDraftRows } from '../store/record-draft-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

export type PortalParts = ReturnType<typeof createPortalServices>;

/** The doors of programmes in ordinary browsers: who comes in, and the records behind them. */
export function createPortalServices(
  { catalogue, clock, log, makeId, opened }: Start,
  { db, blobs, cases, records, atomic }: Stores,
  { services, people }: { services: Services; people: Pick<AccountServices, 'attempts'> },
) {
  const entering = createEnterPortal({ rows: createPortalAccountRows(db), catalogue });
  const own = createOwnRecords({ entering, records, catalogue });
  const rows = createPortalRecordRows(db);
  const deeds = createRecordDeeds({ cases, records, rows });
  const draftRows = createRecordDraftRows(db);
  const drafts = createPortalDrafts({
    ...{ own, deeds, rows: draftRows, listed: rows, records, blobs, atomic, catalogue, clock, makeId },
    ...{ files: createDraftFiles({ blobs }), attempts: people.attempts, fileRecord: services.fileRecord },
  });
  const sweep = createDropExpired({ what: 'records', drafts, log });
  opened.defer(sweep.stop);
  return {
    portals: createPortals({ catalogue }),
    entering,
    drafts,
    records: createPortalRecords({
      ...{ own, deeds, rows, drafts: draftRows, records, blobs, catalogue, clock, log },
      announcements: services.announcements,
    }),
  };
}

import { createEnterPortal } from '../services/portals/enter-portal.ts';
import { createOwnRecords } from '../services/portals/own-records.ts';
import { createDraftCarrying } from '../services/portals/draft-carrying.ts';
import { createHeldDrafts } from '../services/portals/held-drafts.ts';
import { createPortalDrafts } from '../services/portals/portal-drafts.ts';
import { createPortalHandIn } from '../services/portals/portal-hand-in.ts';
import { createPortalRecords } from '../services/portals/portal-records.ts';
import { createPortalPicks } from '../services/portals/portal-picks.ts';
import { createPortalWorks } from '../services/portals/portal-works.ts';
import { createPortals } from '../services/portals/portals.ts';
import { createReceivePieces } from '../services/portals/receive-pieces.ts';
import { createRecordStanding } from '../services/portals/record-standing.ts';
import { createRecordDeeds } from '../services/portals/record-deeds.ts';
import { createDraftFiles } from '../services/registrations/draft-files.ts';
import { createDropExpired } from '../services/registrations/drop-expired.ts';
import { createCandidateRows } from '../store/candidate-rows.ts';
import { createPortalAccountRows } from '../store/portal-account-rows.ts';
import { createPortalRecordRows } from '../store/portal-record-rows.ts';
import { createRecordDraftRows } from '../store/record-draft-rows.ts';
import { createWorkRows } from '../store/work-rows.ts';
import type { AccountServices } from './accounts.ts';
import type { Stores } from './open-stores.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';

export type PortalParts = ReturnType<typeof createPortalServices>;

/** The doors of programmes in ordinary browsers: who comes in, and the records behind them. */
export function createPortalServices(
  { catalogue, clock, log, makeId, opened }: Start,
  { db, blobs, cases, records, stations, catalogues, atomic }: Stores,
  { services, people }: { services: Services; people: Pick<AccountServices, 'attempts'> },
) {
  const entering = createEnterPortal({ rows: createPortalAccountRows(db), catalogue });
  const own = createOwnRecords({ entering, records, catalogue });
  const rows = createPortalRecordRows(db);
  const deeds = createRecordDeeds({ cases, records, rows });
  const draftRows = createRecordDraftRows(db);
  const picks = createPortalPicks({ own, rows: createCandidateRows(db) });
  const works = createPortalWorks({ own, rows: createWorkRows(db) });
  const { announcements, fileRecord, access } = services;
  const { attempts } = people;
  const files = createDraftFiles({ blobs });
  const held = createHeldDrafts({
    ...{ own, rows: draftRows, records, stations, files, blobs, announcements, clock },
  });
  const handIn = createPortalHandIn({
    ...{ drafts: held, deeds, rows: draftRows, listed: rows, records, files, blobs, atomic },
    ...{ fileRecord, catalogue, clock },
  });
  const drafts = createPortalDrafts({
    ...{ own, drafts: held, handIn, deeds, works, picks, rows: draftRows, files, blobs },
    ...{ attempts, catalogue, clock, makeId },
  });
  const carrying = createDraftCarrying({
    ...{ drafts: held, rows: draftRows, access, attempts, files, catalogue, clock, makeId, log },
    pieces: createReceivePieces({ files, clock }),
  });
  const sweep = createDropExpired({ what: 'records', drafts, log });
  opened.defer(sweep.stop);
  return {
    portals: createPortals({ catalogue }),
    entering,
    drafts,
    carrying,
    ...{ works, picks },
    records: createPortalRecords({
      standing: createRecordStanding({ cases, catalogues }),
      ...{ own, deeds, rows, drafts: draftRows, records, blobs, catalogue, clock, log },
      announcements,
    }),
  };
}

import { loadWorkingCalendar } from '#config/load-table.ts';
import { cutMarksOfJpeg } from '#paper/imaging/files/cut-marks.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { createHttpDepartment } from '../integrations/http-department.ts';
import { createMetrics } from '../metrics.ts';
import type { Announcements } from '../services/announcements.ts';
import { createAskQualifications } from '../services/cases/ask-qualifications.ts';
import { createCaseOpening } from '../services/cases/case-opening.ts';
import { createDeliverCase } from '../services/cases/deliver-case.ts';
import { createDeskCases } from '../services/cases/desk-cases.ts';
import { createOpenCase } from '../services/cases/open-case.ts';
import { createOpenPush } from '../services/cases/open-push.ts';
import { createWithdrawCase } from '../services/cases/withdraw-case.ts';
import { createRecordFiles } from '../services/cases/record-files.ts';
import { createKeyAccess } from '../services/accounts/login/key-account.ts';
import { createOwnAccountRows } from '../store/own-account-rows.ts';
import { createIsIssuedAtOnce } from '../services/credentials/issue-credential.ts';
import { createKeepHouse } from '../services/keep-house.ts';
import { createRunJobs } from '../services/run-jobs.ts';
import type { JobHandlers } from '../services/run-jobs.ts';
import { createDropHandedIn } from '../services/portals/drop-handed-in.ts';
import { createDraftFiles } from '../services/registrations/draft-files.ts';
import { createFileRecord } from '../services/records/file-record.ts';
import { createHoldReleased } from '../services/submissions/hold-released.ts';
import { createHoldOnce } from '../services/submissions/hold-once.ts';
import { createHoldRegister } from '../services/submissions/hold-register.ts';
import { createAdmission } from '../services/stations/admission.ts';
import { createAuditStation } from '../services/stations/audit-station.ts';
import { createFleet } from '../services/stations/fleet.ts';
import { createStationQuota } from '../services/stations/station-quota.ts';
import { createStationSessions } from '../services/stations/station-sessions.ts';
import { createSubjectAccess } from '../services/submissions/subject-access.ts';
import { createSubjectRecords } from '../services/submissions/subject-records.ts';
import { createMarketRows } from '../services/submissions/market-rows.ts';
import { createRemovedRows } from '../store/removed-rows.ts';
import { createReleaseFile } from '../services/submissions/release-file.ts';
import { createReceiveItems } from '../services/submissions/receive-items.ts';
import { createRecheck } from '../services/submissions/recheck.ts';
import { createVerifySubmission } from '../services/submissions/verify-submission.ts';
import { dropOvertaken, dropUploads } from '../store/feed-rows.ts';
import { countFleet, createFleetRows } from '../store/fleet-rows.ts';
import { createOverruleRows } from '../store/overrule-rows.ts';
import { createProofRows } from '../store/proof-rows.ts';
import { createQualificationRows } from '../store/qualification-rows.ts';
import { createRecordDraftRows } from '../store/record-draft-rows.ts';
import { createNoticeRows } from '../store/register-rows.ts';
import { dropSubscriptions } from '../store/subscription-rows.ts';
import { tellCodes } from '../store/told-codes.ts';
import type { LogRows } from '../ports/log-rows.ts';
import type { Stores } from './open-stores.ts';
import type { Start } from './start.ts';

export type Services = ReturnType<typeof createServices>;

/** What is done for stations and departments, and the jobs behind it. */
export function createServices(
  start: Start,
  stores: Stores,
  { logRows, announcements }: { logRows: LogRows; announcements: Announcements },
) {
  const { settings, catalogue, log, clock, makeId, opened } = start;
  const { db, pool, blobs, seals, serverKey, atomic, jobRows, subscriptions } = stores;
  const { stations, items, feed, records, cases, registers, catalogues } = stores;
  const { verificationCodes } = stores;
  const opening = createCaseOpening({
    registers,
    askQualifications: createAskQualifications({
      ...{ register: start.outside.qualificationRegister, rows: createQualificationRows(db), log },
    }),
  });

  // its child process starts with the first submission
  const { enabled: readsAgain, ...pack } = settings.secondReading;
  const reader = readsAgain
    ? createPaperReader({ ...pack, onError: (text) => log.error({ text }, 'trouble with the reader') })
    : undefined;
  if (reader) opened.defer(() => reader.close());

  const lines = new Map(
    settings.departments.map(({ name, url, token, timeoutSeconds }) => [
      name,
      createHttpDepartment({ url, token, timeoutMs: timeoutSeconds * 1000 }),
    ]),
  );
  const metrics = settings.metrics
    ? createMetrics({ count: () => countFleet(db, clock.nowMs()) })
    : undefined;
  const keyAccess = createKeyAccess({ rows: createOwnAccountRows(db) });
  const handlers: JobHandlers = {
    submission: createVerifySubmission({
      keyAccess,
      opening,
      items,
      records,
      catalogues,
      blobs,
      seals,
      holdRegister: createHoldRegister(start.outside),
      holdOnce: createHoldOnce({ records, catalogue }),
      holdReleased: createHoldReleased({ records, catalogue }),
      stations,
      secondReading: createRecheck({ reader, clock, log }),
      dropDraft: createDropHandedIn({
        rows: createRecordDraftRows(db),
        files: createDraftFiles({ blobs }),
        announcements,
      }),
      issueCredential: stores.issueCredential,
      isIssuedAtOnce: createIsIssuedAtOnce(catalogue),
      announcements,
      clock,
      log,
    }),
    push: createOpenPush({
      opening,
      items,
      records,
      cases,
      subscriptions,
      catalogue,
      hasLine: (department) => lines.has(department),
      announcements,
      clock,
      makeId,
      log,
    }),
    release: createReleaseFile({
      ...{ items, records, subscriptions, catalogue, announcements, clock, log },
    }),
    withdrawal: createWithdrawCase({
      ...{ items, records, cases, catalogues, subscriptions, announcements, clock, log },
    }),
    case: createOpenCase({
      opening,
      records,
      cases,
      catalogues,
      catalogue,
      announcements,
      clock,
      makeId,
      log,
    }),
    delivery: createDeliverCase({ cases, records, jobs: jobRows, lines, clock, log }),
  };
  const admission = createAdmission();
  const isOneOfSeveral = pool !== undefined;
  const jobs = createRunJobs({
    jobs: jobRows,
    isBusy: () => admission.isBusy(),
    owner: makeId(),
    isOneOfSeveral,
    clock,
    log,
    handlers: metrics?.watchJobs(handlers) ?? handlers,
  });
  opened.defer(jobs.stop);
  const house = createKeepHouse({
    blobs,
    dropUploads: async (before) => {
      await dropUploads(db, before);
      await dropSubscriptions(db, before);
    },
    dropOvertaken: (before) => dropOvertaken(db, before),
    forgetLimits: (nowMs) => atomic.forget(nowMs),
    tellCodes: async () => {
      const told = await tellCodes(db, { codeOf: verificationCodes.of, at: clock.now() });
      announcements.announceFeed(told);
      return told.size > 0;
    },
    keepUploadsDays: settings.keepUploadsDays,
    keepChangesDays: settings.keepChangesDays,
    clock,
    log,
  });
  opened.defer(house.stop);
  const sessions = createStationSessions({ stations, announcements, isOneOfSeveral, clock, log });
  opened.defer(() => sessions.stop());
  const quota = createStationQuota({
    bytesPerDay: settings.stationBytesPerDay,
    clock,
    onExceeded: (stationId, bytesPerDay) => {
      log.warn({ stationId, bytesPerDay }, '采集站今天上传的数据超过限额（stationBytesPerDay）');
      stations
        .noteQuota(stationId, `more than ${bytesPerDay} bytes in a day`, clock.now())
        .catch((error: unknown) => log.error({ error }, 'alarm not kept'));
    },
  });
  const access = createSubjectAccess({
    ...{ subscriptions, feed, keyAccess, clock, log },
    proofs: stores.keyProofs,
    publicKey: serverKey.publicKeyPem,
  });
  const overrules = createOverruleRows(db);
  const subjectRecords = createSubjectRecords({
    links: stores.links,
    ...{ access, records, cases, overrules, items, stations, blobs, seals, verificationCodes, catalogue },
  });
  const marketRows = createMarketRows({
    ...{ access, catalogue, clock },
    buildingMarket: start.outside.buildingMarket,
    rows: createRemovedRows(db),
  });
  const receive = createReceiveItems({
    items,
    stations,
    proofs: createProofRows(db),
    feed,
    access,
    blobs,
    admission,
    quota,
    isOneOfSeveral,
    serverKey,
    clock,
    makeId,
    onReceived: (action) => {
      metrics?.accepted(action);
      jobs.wake();
    },
  });
  const fileRecord = createFileRecord({
    ...{ rows: stores.filedRecords, catalogue, opening, serverKey, makeId, clock, log },
    onFiled: () => jobs.wake(),
  });
  const deskCases = createDeskCases({
    onDecided: () => jobs.wake(),
    cases,
    records,
    catalogues,
    catalogue,
    registers,
    notices: createNoticeRows(db),
    opening,
    verificationCodes,
    overrules,
    calendar: loadWorkingCalendar(settings.catalogueFolder),
    makeId,
    announcements,
    logRows,
    clock,
    log,
  });

  const recordFiles = createRecordFiles({
    findRecord: deskCases.findRecord,
    cutMarks: async (page, places) => (await cutMarksOfJpeg(page, places))?.jpeg,
    ...{ blobs, seals, clock },
  });

  const fleet = createFleet({ fleet: createFleetRows(db), stations, announcements, clock, log });
  const audit = createAuditStation({ items, stations, blobs, clock, log });
  return {
    ...{ access, subjectRecords, marketRows, fileRecord },
    ...{
      announcements,
      opening,
      verificationCodes,
      metrics,
      sessions,
      receive,
      deskCases,
      recordFiles,
      fleet,
      audit,
    },
  };
}

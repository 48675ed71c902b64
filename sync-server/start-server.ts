import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { monotonicFactory } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { writePrivateFile } from '#config/private-files.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import { cutMarksOfJpeg } from '#paper/imaging/files/cut-marks.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { keyPathOf, openBlobs } from './choose-stores.ts';
import { keepFilesPrivate } from './keep-files-private.ts';
import { anchorsOf, isDemonstration } from './demonstration.ts';
import { createHighWater, installationOf } from './high-water.ts';
import type { HighWater } from './high-water.ts';
import { createHttpMobileCheck } from './integrations/http-mobile-check.ts';
import { createHttpDepartment } from './integrations/http-department.ts';
import { openServerKey } from './keys/server-key.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import type { RecordRows } from './ports/case-rows.ts';
import type { Clock, Log } from './ports/surroundings.ts';
import { refuseWrongDatabase } from './refuse-wrong-database.ts';
import { createPdfInspector } from '#sealing/inspection/inspector.ts';
import { createPdfSeals } from './seals/pdf-seals.ts';
import { createAdmission } from './services/stations/admission.ts';
import { createAnnouncements } from './services/announcements.ts';
import { createAuditStation } from './services/stations/audit-station.ts';
import { createAttemptLimit } from './services/accounts/attempt-limit.ts';
import { createDeliverCase } from './services/cases/deliver-case.ts';
import { createDemoAccount } from './services/accounts/demo-account.ts';
import { createPasswordLogin } from './services/accounts/login/password.ts';
import { createOperators } from './services/accounts/operators.ts';
import { createSessions } from './services/accounts/sessions.ts';
import { createCaseOpening } from './services/cases/case-opening.ts';
import { createDeskAccounts } from './services/accounts/desk-accounts.ts';
import { createDeskCases } from './services/cases/desk-cases.ts';
import { createEnrolment, normaliseKey } from './services/stations/enrol-station.ts';
import { sha256 } from './services/hashing.ts';
import { createFleet } from './services/stations/fleet.ts';
import { createKnownBrowsers } from './services/accounts/known-browsers.ts';
import { createPasswordHashing } from './services/accounts/password-hashing.ts';
import { createKeepHouse } from './services/keep-house.ts';
import { createLookUpCredential } from './services/credentials/look-up-credential.ts';
import { createManageAccounts, permissionsOf } from './services/accounts/manage-accounts.ts';
import { createOpenCase } from './services/cases/open-case.ts';
import { createOpenPush } from './services/cases/open-push.ts';
import { createOwnPassword } from './services/accounts/own-password.ts';
import { createRecordFiles } from './services/cases/record-files.ts';
import { createReceiveItems } from './services/submissions/receive-items.ts';
import { createRunJobs } from './services/run-jobs.ts';
import type { JobHandlers } from './services/run-jobs.ts';
import { createRecheck } from './services/submissions/recheck.ts';
import { createStationQuota } from './services/stations/station-quota.ts';
import { createStationSessions } from './services/stations/station-sessions.ts';
import { createVerificationCodes } from './services/credentials/verification-codes.ts';
import { createVerifySubmission } from './services/submissions/verify-submission.ts';
import { serverSettingsSchema } from './settings.ts';
import type { ServerSettings, ServerSettingsInput } from './settings.ts';
import { createAtomicRows } from './store/atomic-rows.ts';
import { createAccountAdministration } from './store/account-administration.ts';
import { createAccountRows } from './store/account-rows.ts';
import { createCaseRows } from './store/case-rows.ts';
import { createCatalogueRows } from './store/catalogue-rows.ts';
import { findFact, findOrMakeFact } from './store/facts.ts';
import { createFeedRows, dropOvertaken, dropUploads } from './store/feed-rows.ts';
import { countFleet, createFleetRows } from './store/fleet-rows.ts';
import { createItemRows } from './store/item-rows.ts';
import { createJobRows } from './store/job-rows.ts';
import { openStore } from './store/open-store.ts';
import { createOperatorRows } from './store/operator-rows.ts';
import { createOverruleRows } from './store/overrule-rows.ts';
import { createProofRows } from './store/proof-rows.ts';
import { createNoticeRows, createRegisterRows } from './store/register-rows.ts';
import { createRecordRows } from './store/record-rows.ts';
import { createSessionRows } from './store/session-rows.ts';
import { createStationRows } from './store/station-rows.ts';
import { tellCodes } from './store/told-codes.ts';
import { addAccountRoutes } from './transport/account-routes.ts';
import { addConsoleFiles } from './transport/console-files.ts';
import { addDeskEvents } from './transport/desk-events.ts';
import { addCaseRoutes } from './transport/case-routes.ts';
import { createCallerAddresses, loopbackNetworks } from './transport/caller-address.ts';
import { createHttpServer, isLoopback } from './transport/http-server.ts';
import { addFleetRoutes } from './transport/fleet-routes.ts';
import { addHealthRoutes } from './transport/health-routes.ts';
import { addMetricsRoute, askMetricsToken } from './transport/metrics-route.ts';
import { addOperatorRoutes } from './transport/operator-routes.ts';
import { addPageRoute, createStationDoor } from './transport/page-route.ts';
import { demandPermission } from './transport/route-access.ts';
import type { RegisteredRoute } from './transport/route-access.ts';
import { addPublicRoutes } from './transport/public-routes.ts';
import { createServe } from './transport/serve.ts';
import { addSessionRoutes } from './transport/session-routes.ts';
import { addStationRoutes } from './transport/station-routes.ts';
import { createWhoAsks } from './transport/who-asks.ts';
import { openStationSockets } from './transport/station-sockets.ts';

export interface RunningServer {
  url: string;
  port: number;
  /** PEM. */
  publicKey: string;
  /** Everything it answers over HTTP, and who may ask. */
  routes: readonly RegisteredRoute[];
  /** Ends every wait and connection, finishes the job in hand, closes the store. Twice is fine. */
  close(): Promise<void>;
}

/** What stations and people send may cross other machines only over TLS: of its own, or of a proxy that names the public address. */
function refuseOpenLine({ host, tls, publicUrl, allowPlainHttp }: ServerSettings): void {
  const isClosed = isLoopback(host) || tls !== undefined || publicUrl?.startsWith('https:') === true;
  if (!isClosed && !allowPlainHttp)
    throw new Error(
      `服务器将在 ${host} 上不加密地提供服务：请配置 tls（certFile、keyFile），或由 https 代理转发并配置 publicUrl；封闭的测试网络可设 allowPlainHttp: true`,
    );
}

/** Digest of the one-time code that an earlier start left in the file. */
const codeIn = (file: string): string | undefined =>
  existsSync(file) ? sha256(readFileSync(file, 'utf8').trim()) : undefined;

/** A unique code is noted beside the database before its station hears of it. */
const keepingNumbers = (records: RecordRows, highWater: HighWater): RecordRows => ({
  ...records,
  async store(input) {
    const isStored = await records.store(input);
    await highWater.keep();
    return isStored;
  },
});

export interface ServerParts {
  /** Instead of the one in the configuration folder. */
  catalogue?: Catalogue;
  log?: Log;
  /** `--new`: an empty database is meant, although there are a key, pages or numbers of an earlier one. */
  isNew?: boolean;
}

/**
 * Starts a server on `settings`. Throws ConfigError for a configuration that cannot be used, STORE_LOCKED when another
 * process has the data folder, and whatever listening throws.
 */
export async function startServer(
  input: ServerSettingsInput,
  parts: ServerParts = {},
): Promise<RunningServer> {
  const settings = serverSettingsSchema.parse(input);
  refuseOpenLine(settings);
  const log = parts.log ?? createLog(settings.logLevel);
  const clock: Clock = { now: () => new Date().toISOString(), nowMs: () => Date.now() };
  const makeId = monotonicFactory();
  const catalogue = parts.catalogue ?? loadCatalogue(settings.catalogueFolder);
  const { dataFolder } = settings;
  const revocationLists = createRevocationLists({
    sources: settings.revocationLists,
    folder: join(dataFolder, 'revocation-lists'),
    now: clock.now,
    onError: (trouble) => log.warn(trouble, 'revocation list'),
  });
  const tightening = keepFilesPrivate(settings, log);
  // its children start with the first sealed file
  const inspector = createPdfInspector({
    onError: (text) => log.error({ text }, 'fault in the reader of PDFs'),
  });
  const trustAnchors = anchorsOf(settings, log);
  const seals = createPdfSeals({
    ...settings,
    trustAnchors,
    revocation: revocationLists.check,
    opener: inspector,
  });

  const {
    db,
    pool,
    flush,
    close: closeStore,
  } = await openStore({
    folder: dataFolder,
    database: settings.database,
    onConnectionLost: (error) => log.warn({ error }, 'connection to the database lost'),
  });
  const undo: (() => Promise<void> | void)[] = [closeStore, () => tightening.done, () => inspector.close()];
  let isDraining = false;
  const closeAll = async (): Promise<void> => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  };
  undo.push(revocationLists.start());
  try {
    const { blobs, close: closeBlobs } = openBlobs(settings);
    undo.push(closeBlobs);
    const { isNew = false } = parts;
    const checked = await refuseWrongDatabase({ settings, db, blobs, catalogue, isNew, clock, log });
    const serverKey = openServerKey(keyPathOf(settings), await findFact(db, 'server-key'));
    // of two first processes with a key each, one was there first
    openServerKey(keyPathOf(settings), await findOrMakeFact(db, 'server-key', serverKey.publicKeyPem));
    checked.done();
    const highWater = createHighWater({
      db,
      flush,
      folder: dataFolder,
      installation: installationOf(serverKey.publicKeyPem),
      log,
    });
    undo.push(() => highWater.stop());
    const stations = createStationRows(db);
    const items = createItemRows(db, flush);
    const feed = createFeedRows(db, await findOrMakeFact(db, 'feed-epoch', makeId()));
    const records = keepingNumbers(createRecordRows(db), highWater);
    const lockRules = catalogue.programmes.flatMap(({ locks }) => locks ?? []);
    const cases = createCaseRows(db, lockRules);
    const registers = createRegisterRows(db, lockRules);
    const opening = createCaseOpening({ registers });
    const catalogues = createCatalogueRows(db);
    await catalogues.add(catalogue, clock.now());
    await highWater.keep();

    const announcements = createAnnouncements();
    const verificationCodes = createVerificationCodes({ serverKey });
    const atomic = createAtomicRows(db);
    const attempts = createAttemptLimit({ rows: atomic, nowMs: clock.nowMs });
    const hashing = createPasswordHashing();
    const browsers = createKnownBrowsers({ serverKey, nowMs: clock.nowMs });
    const accountRows = createAccountRows(db);
    const signedIn = createSessions({ rows: createSessionRows(db), clock, log });
    const accounts = createDeskAccounts({
      accounts: accountRows,
      passwordLogin: createPasswordLogin({
        accounts: accountRows,
        ...{ clock, log, attempts, hashing, browsers },
      }),
      sessions: signedIn,
      ...{ clock, hashing },
    });
    await accounts.seed(settings.accounts);
    const demo = createDemoAccount({
      accounts: createAccountAdministration(db),
      ...{ hashing, clock, log },
    });
    await (isDemonstration(settings) ? demo.begin(permissionsOf(catalogue)) : demo.end());
    for (const { id, name, publicKey } of settings.stations)
      await stations.addKnown({ id, name, publicKey: normaliseKey(publicKey) }, clock.now());
    const codeFile = join(dataFolder, 'enrolment-code');
    const enrolment = createEnrolment({
      stations,
      serverKey,
      trustAnchors,
      clock,
      log,
      ...(settings.enrolment
        ? {}
        : { keepNextCode: (code: string) => writePrivateFile(codeFile, `${code}\n`) }),
    });
    if (settings.enrolment) {
      rmSync(codeFile, { force: true });
      const { code, reusable } = settings.enrolment;
      await stations.dropCodes({ keepSha: sha256(code) });
      await stations.addCode({ sha: sha256(code), reusable }, clock.now());
    } else {
      await stations.dropCodes({ writtenSha: codeIn(codeFile) });
      await enrolment.makeNextCode();
    }

    // its child process starts with the first submission
    const { enabled: readsAgain, ...pack } = settings.secondReading;
    const reader = readsAgain
      ? createPaperReader({ ...pack, onError: (text) => log.error({ text }, 'trouble with the reader') })
      : undefined;
    if (reader) undo.push(() => reader.close());

    const lines = new Map(
      settings.departments.map(({ name, url, token, timeoutSeconds }) => [
        name,
        createHttpDepartment({ url, token, timeoutMs: timeoutSeconds * 1000 }),
      ]),
    );
    const metrics = settings.metrics
      ? createMetrics({ count: () => countFleet(db, clock.nowMs()) })
      : undefined;
    const jobRows = createJobRows(db);
    const handlers: JobHandlers = {
      submission: createVerifySubmission({
        items,
        records,
        catalogues,
        blobs,
        seals,
        stations,
        secondReading: createRecheck({ reader, clock, log }),
        serverKey,
        verificationCodes,
        announcements,
        clock,
        log,
      }),
      push: createOpenPush({
        opening,
        items,
        records,
        cases,
        catalogue,
        hasLine: (department) => lines.has(department),
        announcements,
        clock,
        makeId,
        log,
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
    undo.push(jobs.stop);
    const house = createKeepHouse({
      blobs,
      dropUploads: (before) => dropUploads(db, before),
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
    undo.push(house.stop);
    const sessions = createStationSessions({ stations, announcements, isOneOfSeveral, clock, log });
    undo.push(() => sessions.stop());
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
    const receive = createReceiveItems({
      items,
      stations,
      proofs: createProofRows(db),
      feed,
      blobs,
      admission,
      quota,
      isOneOfSeveral,
      serverKey,
      clock,
      makeId,
      onReceived: (kind) => {
        metrics?.accepted(kind);
        jobs.wake();
      },
    });
    const deskCases = createDeskCases({
      cases,
      records,
      catalogues,
      catalogue,
      registers,
      notices: createNoticeRows(db),
      opening,
      verificationCodes,
      overrules: createOverruleRows(db),
      makeId,
      announcements,
      clock,
      log,
    });

    const recordFiles = createRecordFiles({
      findRecord: deskCases.findRecord,
      cutMarks: async (page, places) => (await cutMarksOfJpeg(page, places))?.jpeg,
      ...{ blobs, seals, clock },
    });

    const publicOrigin = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin;
    const tls = settings.tls && {
      cert: readFileSync(settings.tls.certFile, 'utf8'),
      key: readFileSync(settings.tls.keyFile, 'utf8'),
    };
    const callers = createCallerAddresses(
      settings.trustedProxies ?? (publicOrigin === undefined ? [] : loopbackNetworks),
    );
    const app = createHttpServer({ log, host: settings.host, tls, publicOrigin, callers });
    const ownPassword = createOwnPassword({
      accounts: accountRows,
      sessions: signedIn,
      hashing,
      tallies: atomic,
      clock,
      log,
    });
    const isSecure = publicOrigin?.startsWith('https:') ?? tls !== undefined;
    const stationDoor = createStationDoor(sessions);
    const routes = demandPermission(app, {
      whoAsks: createWhoAsks({ accounts, isSecure }),
      askOfNoAccount: { station: stationDoor.ask, metrics: askMetricsToken(settings.metrics?.token) },
    });
    const serve = createServe(app);
    undo.push(() => app.close());
    addStationRoutes(serve, { enrolment, attempts });
    addPageRoute(app, { door: stationDoor, receive });
    addSessionRoutes(serve, {
      accounts,
      announcements,
      browsers,
      ownPassword,
      isSecure,
    });
    addCaseRoutes(serve, { cases: deskCases, files: recordFiles });
    addPublicRoutes(serve, {
      lookUpCredential: createLookUpCredential({
        records,
        verificationCodes,
        attempts,
        serverKey,
        catalogue,
      }),
    });
    serve(deskRoutes.catalogue, () => catalogue);
    const manage = createManageAccounts({
      accounts: createAccountAdministration(db),
      hashing,
      catalogue,
      clock,
      log,
    });
    const operators = createOperators({
      rows: createOperatorRows(db),
      mobileCheck: settings.mobileCheck && createHttpMobileCheck(settings.mobileCheck),
      ...{ attempts, hashing, makeId, clock, log },
    });
    addOperatorRoutes(serve, { operators, sessions: signedIn, announcements });
    addAccountRoutes(serve, { manage, announcements });
    const fleet = createFleet({ fleet: createFleetRows(db), stations, announcements, clock, log });
    if (metrics) addMetricsRoute(serve, metrics);
    addFleetRoutes(serve, { fleet });
    addHealthRoutes(serve, {
      checks: { database: () => findFact(db, 'feed-epoch').then(flush), blobs: () => blobs.check() },
      isDraining: () => isDraining,
      log,
    });
    addDeskEvents(app, serve, { accounts, announcements, maySee: deskCases.maySee });
    await addConsoleFiles(app, settings.consoleFolder);
    const sockets = openStationSockets({
      httpServer: app.server,
      sessions,
      receive: metrics
        ? { ...receive, commit: (...args) => metrics.timed(() => receive.commit(...args)) }
        : receive,
      audit: createAuditStation({ items, stations, blobs, clock, log }),
      fleet,
      announcements,
      pool,
      clock,
      log,
    });
    undo.push(sockets.close);
    undo.push(async () => {
      isDraining = true;
      if (settings.drainSeconds > 0) log.info({ seconds: settings.drainSeconds }, 'server drains');
      await pause(settings.drainSeconds * 1000);
    });

    await app.listen({ host: settings.host, port: settings.port });
    const address = app.server.address();
    const port = typeof address === 'object' && address ? address.port : settings.port;
    const url = `${tls ? 'https' : 'http'}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    log.info({ url, catalogue: catalogue.hash }, 'server listens');
    return { url, port, publicKey: serverKey.publicKeyPem, routes: routes(), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

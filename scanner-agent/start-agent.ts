/** Wires the agent: opens the store, the devices, the reader and the line, and serves the kiosk's page on loopback. */
import { chinaDay } from '#domain/primitives.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import { driverStatusesOf } from '#domain/catalogue/driver-status.ts';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import {
  loadCardReaderTable,
  loadScannerTable,
  loadSigningTokens,
  loadStationProfile,
} from '#config/load-table.ts';
import { keepPrivate } from '#config/private-files.ts';
import type { RegisteredRoute } from './api/guard.ts';
import { listenForOpeners } from './api/opening-socket.ts';
import { createPageSessions } from './api/page-sessions.ts';
import { createApi } from './api/server.ts';
import { createCardPhotos } from './devices/card-photo/photo-helper.ts';
import { createCardReaders } from './devices/card-readers/card-readers.ts';
import { createScanners } from './devices/scanners/scanners.ts';
import { createSigningTokens } from './devices/signing-tokens.ts';
import { loadSealFonts } from './devices/seal-fonts.ts';
import { readAuthorities } from '#sealing/read-certificates.ts';
import { requestTimestamp } from '#sealing/request-timestamp.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { isSimulatedAuthority } from '#sealing/simulated-authority.ts';
import { drawSeparatorSheet } from '#paper/barcodes/separator-sheet.ts';
import { drawCardSheet } from '#paper/imaging/card-sheet.ts';
import { rotateJpeg, shrinkJpeg } from '#paper/imaging/jpeg.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { Clock } from './ports/clock.ts';
import type { LogError } from './ports/log.ts';
import type { OutboxItemState } from './ports/store.ts';
import { createAddPortrait } from './services/capture/add-portrait.ts';
import { createArrangePages } from './services/capture/arrange-pages.ts';
import { createCapture } from './services/capture/capture.ts';
import { createCheck } from './services/records/check.ts';
import { createDevices } from './services/devices/devices.ts';
import { createEvents } from './services/events.ts';
import { createJobs } from './services/jobs.ts';
import { createOneAtATime } from './services/one-at-a-time.ts';
import { createKeepPage } from './services/capture/keep-page.ts';
import { createPagePictures } from './services/capture/page-pictures.ts';
import { createReadCard } from './services/capture/read-card.ts';
import { createRecordService } from './services/records/record-service.ts';
import type { StationTrust } from './services/sealing/apply-seal.ts';
import { createSealing } from './services/sealing/seal.ts';
import { createSessions } from './services/login/session.ts';
import { createKeyHold } from './services/sealing/key-hold.ts';
import { createSubmitting } from './services/delivery/submit.ts';
import { readTrustFile } from './services/read-trust-file.ts';
import { createSurroundings } from './services/devices/surroundings.ts';
import { createTestDevice } from './services/devices/test-device.ts';
import { createBatches } from './services/capture/batches.ts';
import type { AgentPaths } from './settings.ts';
import { openStore } from './store/open-store.ts';
import { settledMs, housekeepStore } from './store/tidy-store.ts';
import { createLink } from './sync/create-link.ts';
import { enrolStation } from './sync/enrol.ts';
import { refusePlainHttp } from './sync/plain-http.ts';
import { version } from './version.ts';

/** How often the devices are looked at; a pulled-out key shows within two seconds. */
const pollIntervalMs = 2_000;
/** SANE probes every bus, which takes seconds; a person who has just plugged one in asks for a search. */
const findScannersEveryMs = 60_000;
const enrolEveryMs = 5_000;
const hourMs = 3_600_000;
/** Whoever asked for an address opens it now. */
const askedCodeMs = 120_000;
/** A person stands at the counter: the seal is good without the stamp. */
const stampTimeoutMs = 6_000;

export interface AgentOptions extends AgentPaths {
  logError: LogError;
  logWarning: (message: string, context: Record<string, unknown>) => void;
  clock?: Clock;
}

export interface RunningAgent {
  /** The kiosk's page, e.g. `http://127.0.0.1:8710/`. */
  url: string;
  /** The same with a code that opens the page once; `livesMs`: and no later than that. */
  openingUrl(options?: { livesMs?: number }): string;
  /** Everything it answers, and who may ask. */
  routes: readonly RegisteredRoute[];
  close(): Promise<void>;
}

/** Throws ConfigError, PLAIN_HTTP_REFUSED, STORE_LOCKED, VERSION_UNSUPPORTED, MODEL_INVALID. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const { logError, clock = systemClock } = options;
  const catalogue = loadCatalogue(options.configFolder);
  const profile = loadStationProfile(options.profileFile);
  const tokenTable = loadSigningTokens(options.configFolder);
  const programme = getProgramme(catalogue, profile.programme);
  const closers: (() => Promise<void> | void)[] = [];
  const createId = (): string => ulid();
  keepPrivate(
    {
      folder: options.dataFolder,
      // a profile without a code holds nothing secret
      files: profile.server.enrolmentCode === undefined ? [] : [options.profileFile],
    },
    options.logWarning,
  );

  const {
    store,
    blobs,
    batches: batchStore,
  } = openStore({
    folder: options.dataFolder,
    logLinesOf: (programmeId) => logLinesOf(catalogue, programmeId),
    onListenerError: (error) => logError(error, { in: 'store listener' }),
  });
  closers.push(() => store.close());
  const allowPlainHttp = profile.server.allowPlainHttp || options.allowPlainHttp;
  // an enrolled station stays with its server, whatever the profile says by now
  refusePlainHttp(store.identity().enrolment?.serverUrl ?? profile.server.url, allowPlainHttp);

  const modelPack = await resolveModelPack(options, (problem) =>
    options.logWarning('model pack refused, the built-in one reads', problem),
  );
  const reader = createPaperReader({
    ...modelPack,
    onError: (text) => options.logWarning('paper reader', { text }),
  });
  closers.push(() => reader.close());
  const tokenDrivers = [...profile.tokenDrivers, ...tokenTable.drivers];
  const tokens = createSigningTokens({
    drivers: tokenDrivers,
    environment: options.childEnvironment,
  });
  closers.push(() => tokens.close());
  const cardReaderTable = loadCardReaderTable(options.configFolder);
  const cardReaders = createCardReaders({
    driverTable: cardReaderTable,
    serialReaders: profile.serialCardReaders,
    services: profile.cardReaderServices,
  });
  closers.push(() => cardReaders.close());

  const scannerTable = loadScannerTable(options.configFolder);
  const scanners = createScanners({
    driverTable: scannerTable,
    configured: profile.scanners,
    find: profile.findScanners,
    environment: options.childEnvironment,
    scratchFolder: emptyFolder(join(options.dataFolder, 'scans')),
    onError: (error) => options.logWarning('scanners', { problem: String(error) }),
  });
  closers.push(() => scanners.close());

  const besideProfile = (file: string): string => resolve(dirname(options.profileFile), file);
  const authoritiesIn = (file: string): Uint8Array[] => readTrustFile(besideProfile(file));
  const localAnchors = profile.trustAnchorFiles.flatMap(authoritiesIn);
  // a station that was enrolled in a demonstration was told of the simulated authority, and kept it
  const isSimulated = profile.tokenDrivers.some(({ simulated }) => simulated);
  const trustAnchors = (): Uint8Array[] => [
    ...localAnchors,
    ...(store.identity().enrolment?.trustAnchors ?? [])
      .flatMap((pem) => readAuthorities(Buffer.from(pem)))
      .filter((der) => isSimulated || !isSimulatedAuthority(der)),
  ];

  const revocationLists = createRevocationLists({
    sources: profile.revocation.lists.map((one) => (/^https?:/.test(one) ? one : besideProfile(one))),
    folder: join(options.dataFolder, 'revocation-lists'),
    now: () => clock.now(),
    onError: (trouble) => options.logWarning('revocation list', trouble),
  });
  const trust: StationTrust = {
    anchors: trustAnchors,
    timestampAnchors: (profile.timestamp?.anchorFiles ?? []).flatMap(authoritiesIn),
    revocation: revocationLists.check,
    mustKnowRevocation: profile.revocation.mustKnow,
  };
  const timeUrl = profile.timestamp?.url;

  const pages = createPageSessions({ nowMs: () => performance.now() });
  // a large picture takes hundreds of megabytes while it is drawn
  const pictures = createOneAtATime();
  let isClosing = false;
  let tidyAgain: NodeJS.Timeout | undefined;
  const events = createEvents();
  let address = { port: profile.port };
  const openingUrl = (choice: { livesMs?: number } = {}): string =>
    `http://127.0.0.1:${address.port}/#code=${pages.makeCode(choice)}`;

  const keyHold = createKeyHold();
  const sessions = createSessions({
    tokens,
    trust,
    get origin() {
      return `http://127.0.0.1:${address.port}`;
    },
    programme,
    clock,
    createId,
    idleEndMs: profile.idle.endAfterMs * 2, // the page counts touches and is first; this is for a page that died
    onStarted: leaveNothing,
    onEnded(reason, { subject }) {
      keyHold.forget();
      const until = keptUntil(subject.creditCode);
      events.announce({
        type: 'session-ended',
        reason,
        ...(until === undefined ? {} : { draftsKeptUntil: until }),
      });
      leaveNothing();
    },
  });
  const desk = createRecordService({ store, sessions, catalogue, clock, createId });
  const jobs = createJobs({
    createId,
    announce: (job, { creditCode }) => events.announce({ type: 'job', job }, creditCode),
    sessions,
    logError,
  });
  const storePage = createKeepPage({ blobs, clock });
  const devices = createDevices({
    cardReaders: () => cardReaders.readers(),
    tokens,
    scanners: () => scanners.list(),
    reader,
    testedOf: driverStatusesOf({
      cardReaders: cardReaderTable,
      scanners: scannerTable,
      tokens: tokenDrivers,
    }),
    onChange: (list) => {
      const { tokenId } = keyHold.find() ?? {};
      if (tokenId !== undefined && !list.some(({ id }) => id === tokenId)) keyHold.forget();
      events.announce({ type: 'devices', devices: list });
    },
  });
  const batches = createBatches({
    store: batchStore,
    blobs,
    reader,
    sources: scanners,
    sessions,
    catalogue,
    clock,
    createId,
    announce: events.announce,
    logError,
    rotateJpeg: (...args) => pictures(() => rotateJpeg(...args)),
  });
  const link = createLink({
    store,
    blobs,
    catalogueHash: catalogue.hash,
    appVersion: version,
    surroundings: createSurroundings({ devices: () => devices.last(), folder: options.dataFolder }),
  });
  closers.push(() => link.close());

  closers.push(
    store.subscribe((event) => {
      if (event.type === 'record') events.announce(event, event.record.subject.creditCode);
      if (event.type === 'outbox') {
        const { recordId, state, blobsDone, blobsTotal } = event.item;
        // asked for somebody who listens alone: a queue of pages must not open its record at each of them
        if (sessions.current())
          events.announce(
            { type: 'upload', recordId, state: uploadState(state), blobsDone, blobsTotal },
            store.getRecord(recordId)?.subject.creditCode ?? '',
          );
      }
    }),
    link.onState((line) => events.announce({ type: 'line', line })),
  );

  const capture = createCapture({ desk, jobs, reader, blobs, catalogue, storePage });
  const pictureService = createPagePictures({
    desk,
    batches,
    blobs,
    shrinkJpeg: (...args) => pictures(() => shrinkJpeg(...args)),
  });
  const { app, routes } = await createApi({
    services: {
      session: { sessions, station, catalogue, draftsKeptUntil },
      records: {
        desk,
        check: createCheck({ desk, jobs, reader, blobs, catalogue, clock }),
        submitting: createSubmitting({
          ...{ desk, sessions, store, tokens, trust, keyHold, catalogue, clock },
          createId,
          stationId: profile.stationId,
        }),
      },
      pages: {
        desk,
        capture,
        addPortrait: createAddPortrait({ desk, jobs, reader, storePage }),
        arrangePages: createArrangePages({
          desk,
          blobs,
          rotateJpeg: (...args) => pictures(() => rotateJpeg(...args)),
        }),
        readCard: createReadCard({
          desk,
          jobs,
          readCard: (options) => cardReaders.readFirst(options),
          photos: createCardPhotos({
            helper: profile.cardPhotoHelper,
            environment: options.childEnvironment,
            onError: (trouble) => options.logWarning('card photo', trouble),
          }),
          blobs,
          catalogue,
          clock,
          drawCardSheet,
        }),
        jobs,
        blobs,
        pictures: pictureService,
      },
      seals: {
        sealing: createSealing({
          keyHold,
          desk,
          sessions,
          jobs,
          tokens,
          blobs,
          catalogue,
          clock,
          reader,
          keywords: tokenTable.sealKeywords,
          fonts: loadSealFonts(tokenTable.sealFonts),
          trust,
          stampTime: timeUrl
            ? (signature, signal) =>
                requestTimestamp(signature, { url: timeUrl, signal, timeoutMs: stampTimeoutMs })
            : undefined,
          logError,
        }),
      },
      devices: {
        devices,
        reader,
        testDevice: createTestDevice({ cardReaders: () => cardReaders.readers(), tokens }),
      },
      batches: {
        batches,
        scanners,
        capture,
        blobs,
        pictures: pictureService,
        drawSeparator: async () => (await drawSeparatorSheet()).png,
      },
      events: { events, sessions },
      isLoggedIn: () => sessions.current() !== undefined,
      filesInWork: () => jobs.running('capture'),
    },
    pages,
    port: () => address.port,
    pageFolder: options.pageFolder,
    logError,
    logWarning: options.logWarning,
  });
  closers.push(() => jobs.cancelAll());
  closers.push(() => batches.close());
  closers.push(() => app.close());

  /** Work and half-done captures of a session that is over. */
  function leaveNothing(): void {
    void jobs.endSession().then(tidyLoudly);
    // and what was still too young to be judged
    clearTimeout(tidyAgain);
    tidyAgain = setTimeout(tidyLoudly, settledMs * 2);
    tidyAgain.unref();
  }

  /** When the first of this subject's drafts will be deleted. */
  function keptUntil(creditCode: string): string | undefined {
    const oldest = store.oldestDraft(creditCode);
    return oldest && new Date(Date.parse(oldest) + profile.keepDraftsHours * hourMs).toISOString();
  }

  function draftsKeptUntil(): string | undefined {
    const session = sessions.current();
    return session && keptUntil(session.subject.creditCode);
  }

  function station(): Station {
    const session = sessions.current();
    const until = draftsKeptUntil();
    return {
      stationId: store.identity().enrolment?.stationId ?? profile.stationId,
      stationName: store.settings()?.settings.name ?? profile.stationName,
      version,
      programme: profile.programme,
      catalogueHash: catalogue.hash,
      now: clock.now(),
      simulated: profile.simulated,
      line: link.state(),
      devices: devices.last(),
      ...(session ? { session } : {}),
      ...(until === undefined ? {} : { draftsKeptUntil: until }),
      idle: profile.idle,
    };
  }

  /** Enrols first where that was not done yet, trying until the server answers; then the line keeps itself up. */
  function startLine(): () => void {
    const stopping = new AbortController();
    const { url, enrolmentCode } = profile.server;
    const enrol = async (code: string): Promise<void> => {
      while (!store.identity().enrolment && !stopping.signal.aborted) {
        try {
          await enrolStation({
            store,
            serverUrl: url,
            code,
            stationId: profile.stationId,
            stationName: profile.stationName,
            allowPlainHttp,
            signal: stopping.signal,
          });
        } catch (error) {
          const again = error instanceof AppError && errorTable[error.code].retry === 'later';
          if (!again) throw error;
          await pause(enrolEveryMs, undefined, { signal: stopping.signal });
        }
      }
    };
    const ready = store.identity().enrolment || !enrolmentCode ? Promise.resolve() : enrol(enrolmentCode);
    ready
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) logError(error, { in: 'enrolment' });
      })
      .finally(() => {
        if (!stopping.signal.aborted) link.start();
      });
    return () => stopping.abort();
  }

  /** A public place is no archive: what is no longer needed leaves the disk. */
  function tidy(): void {
    if (isClosing) return;
    housekeepStore({
      store,
      blobs,
      keepDays: profile.keepDays,
      keepDraftsHours: profile.keepDraftsHours,
      atCounter: sessions.current()?.subject.creditCode,
      isCapturing: !jobs.isIdle() || !batches.isIdle(),
      now: () => new Date(clock.now()),
    });
  }

  function tidyLoudly(): void {
    try {
      tidy();
    } catch (error) {
      logError(error, { in: 'tidying' });
    }
  }

  function tidyHourly(): () => void {
    tidy();
    const timer = setInterval(tidyLoudly, hourMs);
    return () => clearInterval(timer);
  }

  await app.listen({ host: '127.0.0.1', port: profile.port });
  const bound = app.server.address();
  if (bound !== null && typeof bound === 'object') address = bound;

  closers.push(
    await listenForOpeners({
      folder: options.dataFolder,
      openingUrl: () => openingUrl({ livesMs: askedCodeMs }),
      onError: (error) => options.logWarning('no way to ask for another address', { problem: String(error) }),
    }),
  );
  closers.push(lookRegularly((signal) => devices.look(signal), logError, pollIntervalMs));
  closers.push(lookRegularly((signal) => scanners.refresh(signal), logError, findScannersEveryMs));
  closers.push(revocationLists.start());
  closers.push(startLine());
  closers.push(tidyHourly());

  return {
    url: `http://127.0.0.1:${address.port}/`,
    openingUrl,
    routes: routes(),
    async close() {
      isClosing = true;
      for (const close of closers.reverse()) await close();
    },
  };
}

const systemClock: Clock = {
  now: () => new Date().toISOString(),
  today: () => chinaDay(Date.now()),
};

/** What a crash left of pictures on their way is gone before the next one comes. */
function emptyFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function uploadState(state: OutboxItemState): 'waiting' | 'sending' | 'received' | 'parked' {
  switch (state) {
    case 'ready':
      return 'waiting';
    case 'uploading':
    case 'committing':
      return 'sending';
    case 'accepted':
    case 'purged':
      return 'received';
    case 'rejected':
    case 'parked':
      return 'parked';
  }
}

/** Looks again a while after each look has ended; returns the way to stop. */
function lookRegularly(
  look: (signal: AbortSignal) => Promise<unknown>,
  logError: LogError,
  everyMs: number,
): () => Promise<void> {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const lookOnce = (): void => {
    looking = look(stopping.signal)
      .then(() => undefined)
      .catch((error: unknown) => logError(error, { in: 'devices' }))
      .finally(() => {
        if (!stopping.signal.aborted) timer = setTimeout(lookOnce, everyMs);
      });
  };
  lookOnce();
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await looking;
  };
}

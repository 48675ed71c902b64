/** What the station does, made of its store, its devices and whom it believes; what happens is announced to the pages. */
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { programmesOf } from '#domain/catalogue/station-profile.ts';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import { drawSeparatorSheet } from '#paper/barcodes/separator-sheet.ts';
import { drawCardSheet } from '#paper/imaging/rectify/card-sheet.ts';
import { rotateJpeg, shrinkJpeg } from '#paper/imaging/files/jpeg.ts';
import type { Services } from '../api/services.ts';
import { createAddPortrait } from '../services/capture/add-portrait.ts';
import { createArrangePages } from '../services/capture/arrange-pages.ts';
import { createBatches } from '../services/capture/batches.ts';
import { createCapture } from '../services/capture/capture.ts';
import { createKeepPage } from '../services/capture/keep-page.ts';
import { createPagePictures } from '../services/capture/page-pictures.ts';
import { createReadCard } from '../services/capture/read-card.ts';
import { createSubmitting } from '../services/delivery/submit.ts';
import { createDevices } from '../services/devices/devices.ts';
import { createSurroundings } from '../services/devices/surroundings.ts';
import { createTestDevice } from '../services/devices/test-device.ts';
import { createEvents } from '../services/events.ts';
import { createJobs } from '../services/jobs.ts';
import { toWireError } from '#domain/errors/app-error.ts';
import { createKeyStanding } from '../services/login/key-standing.ts';
import { createPeopleLogins } from '../services/login/people.ts';
import { createBrowserLogin } from '../services/login/browser-login.ts';
import { createSessions } from '../services/login/session.ts';
import { stationLoginWays } from '../services/login/ways.ts';
import { createOneAtATime } from '../services/one-at-a-time.ts';
import { createAttachFiles } from '../services/records/attach-files.ts';
import { createCarriedDrafts } from '../services/records/carried-drafts.ts';
import { createCheck } from '../services/records/check.ts';
import { createRecordFiles } from '../services/records/record-files.ts';
import { createReadAttachment } from '../services/records/read-attachment.ts';
import { createSynchronise } from '../services/records/synchronise.ts';
import { createRecordService } from '../services/records/record-service.ts';
import { createKeyHold } from '../services/sealing/key-hold.ts';
import { createSealing } from '../services/sealing/seal.ts';
import type { OpenedStore } from '../store/open-store.ts';
import { createLink } from '../sync/create-link.ts';
import { version } from '../version.ts';
import { announceStore } from './announce-store.ts';
import type { OpenDevices } from './devices.ts';
import { createHousekeeping } from './housekeeping.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { Start } from './start.ts';
import { createSubjectRecords } from './subject-records.ts';
import type { Trust } from './trust.ts';

export interface Wired {
  services: Services;
  housekeeping: Housekeeping;
  link: ReturnType<typeof createLink>;
  /** Asks all devices how they are. */
  askDevices: (signal: AbortSignal) => Promise<unknown>;
}

export function createServices(
  start: Start,
  parts: { opened: OpenedStore; devices: OpenDevices; trust: Trust; origin: () => string },
): Wired {
  const { options, profile, catalogue, clock, createId } = start;
  const { logError } = options;
  const { store, blobs, batches: batchStore } = parts.opened;
  const { reader, tokens, cardReaders, scanners } = parts.devices;
  const { trust, stampTime } = parts.trust;

  // a large picture takes hundreds of megabytes while it is drawn
  const pictures = createOneAtATime();
  const rotate: typeof rotateJpeg = (...args) => pictures(() => rotateJpeg(...args));
  const shrink: typeof shrinkJpeg = (...args) => pictures(() => shrinkJpeg(...args));
  const events = createEvents();
  const keyHold = createKeyHold();
  const housekeeping = createHousekeeping(start, {
    store,
    blobs,
    sessions: () => sessions,
    jobs: () => jobs,
    batches: () => batches,
  });

  const subjectRecords = createSubjectRecords(start, {
    ...{ store, tokens, trust, events },
    onRefused: (error) => sessions.refuse(error),
  });
  const sessions = createSessions({
    tokens,
    trust,
    get origin() {
      return parts.origin();
    },
    programmes: programmesOf(profile).map((id) => getProgramme(catalogue, id)),
    clock,
    createId,
    idleEndMs: profile.idle.endAfterMs * 2, // the page counts touches and is first; this is for a page that died
    standingOf: createKeyStanding({ store, isOnline: () => link.state().state === 'online' }),
    onStarted: (session, key) => {
      housekeeping.leaveNothing();
      if (key) subjectRecords.logIn(session, key);
      else subjectRecords.leave();
    },
    onProved: subjectRecords.proveAgain,
    onEnded({ reason, error }, { subject }) {
      keyHold.forget();
      subjectRecords.leave();
      const until = housekeeping.keptUntil(subject.creditCode);
      events.announce({
        type: 'session-ended',
        reason,
        ...(error ? { error: toWireError(error, '') } : {}),
        ...(until === undefined ? {} : { draftsKeptUntil: until }),
      });
      housekeeping.leaveNothing();
    },
  });
  const people = createPeopleLogins({
    ...{ sessions, tokens, trust, clock, createId, origin: parts.origin },
    readCard: (wanted) => cardReaders.readFirst(wanted),
    offices: new Set(profile.assistants.map(({ creditCode }) => creditCode)),
  });
  const desk = createRecordService({ store, blobs, sessions, catalogue, clock, createId });
  const jobs = createJobs({
    createId,
    announce: (job, { creditCode }) => events.announce({ type: 'job', job }, creditCode),
    sessions,
    logError,
  });
  const devices = createDevices({
    cardReaders: () => cardReaders.readers(),
    tokens,
    scanners: () => scanners.list(),
    reader,
    testedOf: parts.devices.testedOf,
    onChange: (list) => {
      const { tokenId } = keyHold.find() ?? {};
      if (tokenId !== undefined && !list.some(({ id }) => id === tokenId)) keyHold.forget();
      subjectRecords.noteDevices(list);
      events.announce({ type: 'devices', devices: list });
    },
  });
  const batches = createBatches({
    ...{
      store: batchStore,
      blobs,
      reader,
      sources: scanners,
      sessions,
      catalogue,
      clock,
      createId,
      logError,
    },
    announce: events.announce,
    rotateJpeg: rotate,
  });
  const link = createLink({
    store,
    blobs,
    catalogueHash: catalogue.hash,
    appVersion: version,
    subjectFeed: subjectRecords.feed,
    surroundings: createSurroundings({ devices: () => devices.last(), folder: options.dataFolder }),
  });
  start.opened.defer(() => link.close());
  announceStore(start.opened, { store, link, events, sessions });
  // closed before the store and the devices that they use, after the pages' requests
  start.opened.defer(() => sessions.close());
  start.opened.defer(() => jobs.cancelAll());
  start.opened.defer(() => batches.close());

  function draftsKeptUntil(): string | undefined {
    const session = sessions.current();
    return session && housekeeping.keptUntil(session.subject.creditCode);
  }
  function station(): Station {
    const session = sessions.current();
    const until = draftsKeptUntil();
    return {
      stationId: store.identity().enrolment?.stationId ?? profile.stationId,
      stationName: store.settings()?.settings.name ?? profile.stationName,
      version,
      programme: profile.programme,
      programmes: programmesOf(profile),
      catalogueHash: catalogue.hash,
      now: clock.now(),
      simulated: profile.simulated,
      line: link.state(),
      devices: devices.last(),
      ...(session ? { session, subjectRecords: subjectRecords.feed.state() } : {}),
      loginWays: [...stationLoginWays],
      assists: profile.assistants.length > 0,
      ...(until === undefined ? {} : { draftsKeptUntil: until }),
      idle: profile.idle,
    };
  }

  const files = createRecordFiles({ blobs, store, feed: subjectRecords.feed });
  const storePage = createKeepPage({ blobs, clock });
  const capture = createCapture({ desk, jobs, reader, blobs, catalogue, storePage });
  const attachFiles = createAttachFiles({ desk, blobs, files, catalogue, clock });
  const carriedDrafts = createCarriedDrafts({
    ...{ line: subjectRecords.feed.drafts, desk, store, blobs, reader, sessions, catalogue, clock },
  });
  const pagePictures = createPagePictures({ desk, batches, blobs, files, shrinkJpeg: shrink });
  const services: Services = {
    session: { sessions, people, station, catalogue, draftsKeptUntil },
    records: {
      ...{ desk, carriedDrafts },
      synchronising: createSynchronise({
        ...{ line: subjectRecords.feed.market, desk, store, sessions, catalogue, clock, createId },
      }),
      check: createCheck({ desk, jobs, reader, blobs, catalogue, clock }),
      submitting: createSubmitting({
        ...{ desk, sessions, store, tokens, trust, keyHold, catalogue, clock },
        createId,
        stationId: profile.stationId,
      }),
    },
    pages: {
      ...{ desk, capture, jobs, blobs, pictures: pagePictures },
      addPortrait: createAddPortrait({ desk, jobs, reader, storePage }),
      arrangePages: createArrangePages({ desk, blobs, rotateJpeg: rotate }),
      readCard: createReadCard({
        ...{ desk, jobs, blobs, catalogue, clock, drawCardSheet },
        readCard: (wanted) => cardReaders.readFirst(wanted),
        photos: parts.devices.cardPhotos,
      }),
    },
    attachments: {
      ...{ attachFiles, blobs },
      readAttachment: createReadAttachment({ desk, attachFiles, jobs, reader, catalogue }),
    },
    seals: {
      sealing: createSealing({
        ...{
          keyHold,
          desk,
          sessions,
          jobs,
          tokens,
          blobs,
          files,
          catalogue,
          clock,
          reader,
          trust,
          stampTime,
          logError,
        },
        keywords: parts.devices.sealKeywords,
        fonts: parts.devices.sealFonts,
      }),
    },
    devices: {
      devices,
      reader,
      testDevice: createTestDevice({ cardReaders: () => cardReaders.readers(), tokens }),
    },
    batches: {
      ...{ batches, scanners, capture, blobs, pictures: pagePictures },
      drawSeparator: async () => (await drawSeparatorSheet()).png,
    },
    events: { events, sessions },
    browserLogin: createBrowserLogin({
      ...{ tokens, trust, clock },
      serverUrl: () => store.identity().enrolment?.serverUrl,
      otherOrigins: profile.server.browserOrigins,
    }),
    isLoggedIn: () => sessions.current() !== undefined,
    filesInWork: () => jobs.running('capture'),
  };
  return { services, housekeeping, link, askDevices: (signal) => devices.look(signal) };
}

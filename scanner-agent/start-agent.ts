/** Wires the agent: opens the store, the devices, the reader and the line, and serves the kiosk's page on loopback. */
import { ulid } from 'ulid';
import { logLinesOf } from '#domain/catalogue/log-lines.ts';
import { chinaDay } from '#domain/primitives.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { loadStationProfile } from '#config/load-table.ts';
import { keepPrivate } from '#config/private-files.ts';
import type { RegisteredRoute } from './api/guard.ts';
import { listenForOpeners } from './api/opening-socket.ts';
import { createPageSessions } from './api/page-sessions.ts';
import { createApi } from './api/server.ts';
import type { Clock } from './ports/clock.ts';
import { openStore } from './store/open-store.ts';
import { refusePlainHttp } from './sync/plain-http.ts';
import { connect } from './wiring/connect.ts';
import { openDevices } from './wiring/devices.ts';
import { pollDevices } from './wiring/poll-devices.ts';
import { createServices } from './wiring/services.ts';
import type { AgentOptions, Start } from './wiring/start.ts';
import { openTrust } from './wiring/trust.ts';

export type { AgentOptions } from './wiring/start.ts';

/** A pulled-out key shows within two seconds. */
const devicesEveryMs = 2_000;
/** SANE probes every bus, which takes seconds; a person who has just plugged one in asks for a search. */
const scannersEveryMs = 60_000;
/** Whoever asked for an address opens it now. */
const askedCodeMs = 120_000;

export interface RunningAgent {
  /** The kiosk's page, e.g. `http://127.0.0.1:8710/`. */
  url: string;
  /** The same with a code that opens the page once; `livesMs`: and no later than that. */
  openingUrl(options?: { livesMs?: number }): string;
  /** Everything it answers, and who may ask. */
  routes: readonly RegisteredRoute[];
  /** In reverse of how it was opened. Twice is fine. */
  close(): Promise<void>;
}

/** Throws ConfigError, PLAIN_HTTP_REFUSED, STORE_LOCKED, VERSION_UNSUPPORTED, MODEL_INVALID. */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const opened = new AsyncDisposableStack();
  try {
    return await start({
      options,
      catalogue: loadCatalogue(options.configFolder),
      profile: loadStationProfile(options.profileFile),
      clock: options.clock ?? systemClock,
      createId: () => ulid(),
      opened,
    });
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function start(parts: Start): Promise<RunningAgent> {
  const { options, profile, catalogue, opened } = parts;
  const { dataFolder, logError, logWarning } = options;
  // a profile without a code holds nothing secret
  const secretFiles = profile.server.enrolmentCode === undefined ? [] : [options.profileFile];
  keepPrivate({ folder: dataFolder, files: secretFiles }, logWarning);

  const stores = openStore({
    folder: dataFolder,
    logLinesOf: (programme) => logLinesOf(catalogue, programme),
    onListenerError: (error) => logError(error, { in: 'store listener' }),
  });
  const { store } = stores;
  opened.defer(() => store.close());
  const allowPlainHttp = profile.server.allowPlainHttp || options.allowPlainHttp;
  // an enrolled station stays with its server, whatever the profile says by now
  refusePlainHttp(store.identity().enrolment?.serverUrl ?? profile.server.url, allowPlainHttp);

  const devices = await openDevices(parts);
  const trust = openTrust(parts, store);
  const pages = createPageSessions({ nowMs: () => performance.now() });
  let { port } = profile;
  const origin = (): string => `http://127.0.0.1:${port}`;
  const openingUrl = (choice: { livesMs?: number } = {}): string =>
    `${origin()}/#code=${pages.makeCode(choice)}`;

  const { services, housekeeping, link, askDevices } = createServices(parts, {
    opened: stores,
    devices,
    trust,
    origin,
  });
  const { app, routes } = await createApi({
    services,
    pages,
    port: () => port,
    pageFolder: options.pageFolder,
    logError,
    logWarning,
  });
  opened.defer(() => app.close());
  await app.listen({ host: '127.0.0.1', port });
  const bound = app.server.address();
  if (bound !== null && typeof bound === 'object') ({ port } = bound);

  opened.defer(
    await listenForOpeners({
      folder: dataFolder,
      openingUrl: () => openingUrl({ livesMs: askedCodeMs }),
      onError: (error) => logWarning('no way to ask for another address', { problem: String(error) }),
    }),
  );
  pollDevices(opened, { ask: askDevices, everyMs: devicesEveryMs, logError });
  pollDevices(opened, {
    ask: (signal) => devices.scanners.refresh(signal),
    everyMs: scannersEveryMs,
    logError,
  });
  opened.defer(trust.followLists());
  connect(parts, { store, link, allowPlainHttp });
  housekeeping.start();

  return { url: `${origin()}/`, openingUrl, routes: routes(), close: () => opened.disposeAsync() };
}

const systemClock: Clock = {
  now: () => new Date().toISOString(),
  today: () => chinaDay(Date.now()),
};

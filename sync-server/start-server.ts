import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { monotonicFactory } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { createLog } from './log.ts';
import { serverSettingsSchema } from './settings.ts';
import type { ServerSettings, ServerSettingsInput } from './settings.ts';
import { createCallerAddresses, loopbackNetworks } from './transport/caller-address.ts';
import { createHttpServer, isLoopback } from './transport/http-server.ts';
import type { RegisteredRoute } from './transport/route-access.ts';
import { createAnnouncements } from './services/announcements.ts';
import { createAccountServices } from './wiring/accounts.ts';
import { openEnrolment } from './wiring/enrolment.ts';
import { createLogs } from './wiring/logs.ts';
import { openStores } from './wiring/open-stores.ts';
import { createOutsideServices } from './wiring/outside-services.ts';
import { createRegistrationServices } from './wiring/registrations.ts';
import { createPortalServices } from './wiring/portals.ts';
import { bindRoutes } from './wiring/routes.ts';
import { createOperatorNames } from './wiring/operators.ts';
import { createPersons } from './wiring/persons.ts';
import { createServices } from './wiring/services.ts';
import { createUnits } from './wiring/units.ts';
import type { ServerParts, Start } from './wiring/start.ts';

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

export type { ServerParts } from './wiring/start.ts';

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
  const opened = new AsyncDisposableStack();
  const log = parts.log ?? createLog(settings.logLevel);
  const clock = { now: () => new Date().toISOString(), nowMs: () => Date.now() };
  try {
    return await start({
      settings,
      catalogue: parts.catalogue ?? loadCatalogue(settings.catalogueFolder),
      log,
      clock,
      outside: createOutsideServices(settings, { clock, log, opened }),
      makeId: monotonicFactory(),
      isNew: parts.isNew ?? false,
      opened,
    });
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function start(parts: Start): Promise<RunningServer> {
  const { settings, catalogue, log, opened } = parts;
  const stores = await openStores(parts);
  const logs = createLogs(parts, stores);
  const announcements = createAnnouncements();
  const people = await createAccountServices(parts, { ...stores, logRows: logs.rows, announcements });
  const enrolment = await openEnrolment(parts, stores);
  const services = createServices(parts, stores, { logRows: logs.rows, announcements });
  const registration = createRegistrationServices(parts, stores, { services, people });
  const portals = createPortalServices(parts, stores, { services, people });
  const units = createUnits(parts, stores, { people, services, logs });
  const operatorNames = createOperatorNames(parts, stores, { people, services });
  const persons = createPersons(parts, stores, { people, services, logs });

  const publicOrigin = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin;
  const tls = settings.tls && {
    cert: readFileSync(settings.tls.certFile, 'utf8'),
    key: readFileSync(settings.tls.keyFile, 'utf8'),
  };
  const callers = createCallerAddresses(
    settings.trustedProxies ?? (publicOrigin === undefined ? [] : loopbackNetworks),
  );
  const isSecure = publicOrigin?.startsWith('https:') ?? tls !== undefined;
  const { host, stationProgram } = settings;
  const app = await createHttpServer({ log, host, tls, publicOrigin, isSecure, stationProgram, callers });
  let isDraining = false;
  const routes = await bindRoutes(parts, {
    ...{
      app,
      stores,
      services,
      people,
      units,
      operatorNames,
      logs,
      persons,
      publicOrigin,
      enrolment,
      registration,
      portals,
    },
    isDraining: () => isDraining,
  });
  opened.defer(async () => {
    isDraining = true;
    if (settings.drainSeconds > 0) log.info({ seconds: settings.drainSeconds }, 'server drains');
    await pause(settings.drainSeconds * 1000);
  });

  await app.listen({ host: settings.host, port: settings.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  const url = `${tls ? 'https' : 'http'}://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  log.info({ url, catalogue: catalogue.hash }, 'server listens');
  return {
    ...{ url, port },
    publicKey: stores.serverKey.publicKeyPem,
    routes: routes(),
    close: () => opened.disposeAsync(),
  };
}

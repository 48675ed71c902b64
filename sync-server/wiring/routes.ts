import { loadSigningTokens } from '#config/load-table.ts';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import { loadSealFonts } from '#sealing/seal-fonts.ts';
import { createCredentials } from './credentials.ts';
import { findFact } from '../store/facts.ts';
import { addAccountRoutes } from '../transport/account-routes.ts';
import { addCaLoginRoutes } from '../transport/ca-login-routes.ts';
import { addCaseRoutes } from '../transport/case-routes.ts';
import { addConsoleFiles } from '../transport/console-files.ts';
import { addDeskEvents } from '../transport/desk-events.ts';
import { addDirectoryRoutes } from '../transport/directory-routes.ts';
import { createEventStreams } from '../transport/event-streams.ts';
import { addFleetRoutes } from '../transport/fleet-routes.ts';
import { addHealthRoutes } from '../transport/health-routes.ts';
import { addLogRoutes } from '../transport/log-routes.ts';
import { addLoginTicketRoutes } from '../transport/login-ticket-routes.ts';
import { addMetricsRoute, askToken } from '../transport/metrics-route.ts';
import { addMobileAccountRoutes } from '../transport/mobile-account-routes.ts';
import { addMobileRoutes } from '../transport/mobile-routes.ts';
import { addOpenidLoginRoutes } from '../transport/openid-login-routes.ts';
import { addPageRoute, createStationDoor } from '../transport/page-route.ts';
import { addPublicRoutes } from '../transport/public-routes.ts';
import { demandPermission } from '../transport/route-access.ts';
import type { RegisteredRoute } from '../transport/route-access.ts';
import { createServe } from '../transport/serve.ts';
import { addSessionRoutes } from '../transport/session-routes.ts';
import { addStationRoutes } from '../transport/station-routes.ts';
import { openStationSockets } from '../transport/station-sockets.ts';
import { addOperatorLoginRoutes } from '../transport/operator-login-routes.ts';
import { addNameApplicationRoutes } from '../transport/name-application-routes.ts';
import { addOperatorRoutes } from '../transport/operator-routes.ts';
import { addInstitutionRoutes } from '../transport/institution-routes.ts';
import { addUnitRoutes } from '../transport/unit-routes.ts';
import type { UnitServices } from '../transport/unit-routes.ts';
import { addRegistrantRoutes } from '../transport/registrant-routes.ts';
import { addPortalEvents } from '../transport/portal-events.ts';
import { addWorkPushRoutes } from '../transport/work-push-routes.ts';
import { createReceiveWork } from '../services/works/receive-work.ts';
import { createUsableRecords } from '../services/cases/usable-records.ts';
import { createPushedRecordRows } from '../store/pushed-record-rows.ts';
import { createWorkPushRows } from '../store/work-push-rows.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { addPortalRoutes } from '../transport/portal-routes.ts';
import { addUserCentreRoutes } from '../transport/user-centre-routes.ts';
import { addRegistrationRoutes } from '../transport/registration-routes.ts';
import { createEnterByTicket } from '../services/registrations/enter-by-ticket.ts';
import { createMobileAccounts } from '../services/portals/mobile-accounts.ts';
import { createMobileAccountRows } from '../store/mobile-account-rows.ts';
import { createUserCentres } from '../services/accounts/user-centres.ts';
import { createWhoAsks } from '../transport/who-asks.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Enrolment } from '../services/stations/enrol-station.ts';
import type { AccountServices } from './accounts.ts';
import type { Logs } from './logs.ts';
import type { OperatorNames } from './operators.ts';
import type { Persons } from './persons.ts';
import type { Stores } from './open-stores.ts';
import type { PortalParts } from './portals.ts';
import type { RegistrationParts } from './registrations.ts';
import type { Services } from './services.ts';
import type { Start } from './start.ts';
import { createInstitutions } from './institutions.ts';
import { createRegistrants } from './registrants.ts';
import { createWaysIn } from './ways-in.ts';

export interface RoutesParts {
  app: FastifyInstance;
  stores: Stores;
  services: Services;
  people: AccountServices;
  units: UnitServices;
  operatorNames: OperatorNames;
  logs: Logs;
  persons: Persons;
  /** As browsers name this server, where the settings say so. */
  publicOrigin: string | undefined;
  enrolment: Enrolment;
  registration: RegistrationParts;
  portals: PortalParts;
  isDraining: () => boolean;
}

/** Every route and message, each bound to what does it. Answers a list of what is registered by then. */
export async function bindRoutes(
  { settings, catalogue, log, clock, makeId, outside, opened }: Start,
  {
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
    isDraining,
  }: RoutesParts,
): Promise<() => RegisteredRoute[]> {
  const { db, pool, flush, blobs, serverKey, atomic, keyProofs } = stores;
  const { announcements, metrics, sessions, receive, deskCases, recordFiles } = services;
  const { fleet, audit, access, subjectRecords, marketRows } = services;
  const { accounts, ownPassword, manage, operators, browsers, attempts, operatorLogin } = people;

  const stationDoor = createStationDoor(sessions);
  const routes = demandPermission(app, {
    whoAsks: createWhoAsks({ accounts }),
    askOfNoAccount: {
      station: stationDoor.ask,
      metrics: askToken(settings.metrics?.token),
      'approval-system': askToken(settings.services.approvalSystem?.token),
    },
  });
  const serve = createServe(app);
  // whatever was asked for and is no reading is written down, done or refused
  app.addHook('onResponse', async ({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') announcements.announce({ type: 'log' });
  });
  opened.defer(() => app.close());
  addStationRoutes(serve, { enrolment, attempts });
  addPageRoute(app, { door: stationDoor, receive });
  addSessionRoutes(serve, {
    accounts,
    announcements,
    browsers,
    ownPassword,
  });
  addOperatorLoginRoutes(serve, { operatorLogin, ownPassword, browsers });
  addCaseRoutes(serve, {
    ...{ cases: deskCases, files: recordFiles, compare: registration.compare },
    usable: createUsableRecords({
      ...{ catalogue, records: stores.records, cases: stores.cases },
      rows: createPushedRecordRows(db),
    }),
  });
  const centres = createUserCentres({ catalogue });
  addUserCentreRoutes(serve, { centres });
  addPortalRoutes(app, serve, { ...portals, sessions: people.sessions });
  addWorkPushRoutes(serve, {
    receiveWork: createReceiveWork({
      rows: createWorkPushRows(db, (programme) => getProgramme(catalogue, programme).locks ?? []),
      catalogue,
      clock,
      log,
    }),
  });
  const waysIn = createWaysIn(
    { catalogue, outside, clock, log, makeId },
    { db, atomic, keyProofs, serverKey, people, announcements, centres },
  );
  const originOf = ({ protocol, host }: FastifyRequest): string => publicOrigin ?? `${protocol}://${host}`;
  const tokens = loadSigningTokens(settings.catalogueFolder);
  addPublicRoutes(app, serve, {
    ...createCredentials(stores, { attempts, catalogue, fonts: loadSealFonts(tokens.sealFonts) }),
    originOf,
  });
  addOpenidLoginRoutes(serve, { openidLogin: waysIn.openidLogin, originOf });
  addMobileAccountRoutes(serve, {
    announcements,
    mobileAccounts: createMobileAccounts({
      ...{ catalogue, rows: createMobileAccountRows(db), codes: persons.codes, hashing: people.hashing },
      ...{ makeId, clock, log },
    }),
  });
  addLoginTicketRoutes(app, serve, waysIn);
  const { phoneScan } = waysIn;
  const enter = createEnterByTicket({ phoneScan, sessions: people.sessions, follow: registration.follow });
  addRegistrationRoutes(app, { ...registration, announcements, enter, signOut: accounts.signOut });
  addCaLoginRoutes(serve, {
    ukeyLogin: waysIn.ukeyLogin,
    drivers: tokens.drivers,
    station: settings.stationProgram,
    originOf,
  });
  addInstitutionRoutes(serve, {
    ...createInstitutions({ catalogue, clock, log, outside }, { db, people, waysIn }),
    originOf,
  });
  addRegistrantRoutes(serve, {
    ...createRegistrants({ catalogue, clock, log, makeId, outside }, { db, atomic, people, waysIn }),
    ...{ sessions: people.sessions, browsers, announcements, originOf },
  });
  serve(deskRoutes.catalogue, () => catalogue);
  addAccountRoutes(serve, { manage, announcements });
  addDirectoryRoutes(serve, { directory: people.directory, announcements });
  addLogRoutes(serve, logs);
  addOperatorRoutes(serve, { operators, sessions: people.sessions, announcements });
  const openStream = createEventStreams(app, { accounts, announcements });
  addPortalEvents(serve, { openStream, entering: portals.entering });
  addUnitRoutes(serve, { ...units, announcements, sessions: people.sessions, openStream });
  addNameApplicationRoutes(app, operatorNames);
  if (metrics) addMetricsRoute(serve, metrics);
  addFleetRoutes(serve, { fleet });
  addHealthRoutes(serve, {
    checks: { database: () => findFact(db, 'feed-epoch').then(flush), blobs: () => blobs.check() },
    isDraining,
    log,
  });
  addDeskEvents(serve, { openStream, maySee: deskCases.maySee });
  addMobileRoutes(serve, {
    ...persons,
    ...{ sessions: people.sessions, announcements, openStream, publicOrigin },
  });
  await addConsoleFiles(app, settings.consoleFolder);
  logs.heads.onSigned((head) => announcements.announce({ type: 'log-head', head }));
  const sockets = openStationSockets({
    httpServer: app.server,
    sessions,
    receive: metrics
      ? { ...receive, commit: (...args) => metrics.timed(() => receive.commit(...args)) }
      : receive,
    audit,
    fleet,
    access,
    subjectRecords,
    marketRows,
    carrying: portals.carrying,
    announcements,
    lastLogHead: logs.heads.last,
    pool,
    clock,
    log,
  });
  opened.defer(sockets.close);
  return routes;
}

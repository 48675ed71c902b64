/** A server, a simulated counter and an agent in one folder, on free ports: everything real but the hardware. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startSimulatedCounter } from '#tests/emulators/counter.ts';
import type { SimulatedCounter } from '#tests/emulators/counter.ts';
import type { SimulatedHolder } from '#tests/emulators/signing-token/simulated-token.ts';
import { startAgent } from '../../scanner-agent/start-agent.ts';
import type { RunningAgent } from '../../scanner-agent/start-agent.ts';
import { readAgentPaths } from '../../scanner-agent/settings.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { startServer } from '../../sync-server/start-server.ts';
import { storeSettings } from './server-stores.ts';
import { createStationClient } from './station-client.ts';
import type { StationClient } from './station-client.ts';

export interface WholeStation {
  folder: string;
  counter: SimulatedCounter;
  /** Of the agent that runs now. */
  readonly agent: RunningAgent;
  readonly station: StationClient;
  /** What the agent logged as a warning, oldest first. */
  warnings: { message: string; context: Record<string, unknown> }[];
  /** The environment with which scanner-agent/main.ts is this very station. */
  agentEnvironment: Record<string, string>;
  serverUrl: () => string;
  startAgent(): Promise<void>;
  stopAgent(): Promise<void>;
  /** The same station once more, without devices, on another data folder. */
  startTwin(dataFolder: string): Promise<{ agent: RunningAgent; station: StationClient }>;
  /** Another station of the same server, into which the same keys are plugged. */
  startNeighbour(options: {
    stationId: string;
    stationName: string;
    serverUrl: string;
  }): Promise<{ agent: RunningAgent; station: StationClient }>;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  close(): Promise<void>;
}

export async function startWholeStation(
  options: {
    withServer?: boolean;
    /** The server keeps things in its folder, whatever the project of vitest provides: for what is no test. */
    inFolder?: boolean;
    /** With which any number of stations may enrol; else the server makes one for a single use. */
    enrolmentCode?: string;
    otherHolders?: readonly SimulatedHolder[];
    /** What the server's settings say besides. */
    serverSettings?: object;
    /** Of station and server, instead of the repository's. */
    configFolder?: string;
    /** What the station's profile says besides. */
    profile?: object;
    /** What the server is called besides, by the station's profile. */
    browserOrigins?: readonly string[];
  } = {},
): Promise<WholeStation> {
  const { otherHolders = [], enrolmentCode: code } = options;
  const folder = await mkdtemp(join(tmpdir(), 'ludeng-station-'));
  const counter = await startSimulatedCounter({ folder: join(folder, 'simulated'), otherHolders });
  const serverData = join(folder, 'server');
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  let port = 0;

  const bringUp = async (): Promise<void> => {
    if (server) return;
    server = await startServer(
      serverSettingsSchema.parse({
        ...(options.inFolder ? {} : await storeSettings(serverData)),
        dataFolder: serverData,
        port,
        trustAnchors: [readFileSync(counter.trustAnchorFile, 'utf8')],
        demo: true,
        ...(code === undefined ? {} : { enrolment: { code, reusable: true } }),
        logLevel: 'error',
        minFreeBytes: 0,
        ...(options.configFolder === undefined ? {} : { catalogueFolder: options.configFolder }),
        ...options.serverSettings,
      }),
    );
    port = Number(new URL(server.url).port);
  };
  const takeDown = async (): Promise<void> => {
    await server?.close();
    server = undefined;
  };

  await bringUp();
  const codeFile = join(serverData, 'enrolment-code');
  const profileFile = join(folder, 'station.yaml');
  const profile = {
    stationId: 'station-1',
    stationName: '一号采集站',
    programme: 'liaoning-subject-library',
    server: {
      url: `http://127.0.0.1:${port}`,
      ...(options.browserOrigins ? { browserOrigins: options.browserOrigins } : {}),
      ...(code !== undefined ? { enrolmentCode: code } : {}),
      ...(existsSync(codeFile) ? { enrolmentCode: readFileSync(codeFile, 'utf8').trim() } : {}),
    },
    port: 0,
    findScanners: false,
  };
  writeFileSync(profileFile, stringify({ ...profile, ...counter.profile, ...options.profile }));
  if (options.withServer === false) await takeDown();

  const warnings: WholeStation['warnings'] = [];
  const environmentOf = (dataFolder: string, file: string) => ({
    LUDENG_DATA: dataFolder,
    LUDENG_STATION_PROFILE: file,
    ...(options.configFolder === undefined ? {} : { LUDENG_CONFIG: options.configFolder }),
  });
  const start = async (environment: Record<string, string>) => {
    const agent = await startAgent({
      ...readAgentPaths({ ...process.env, ...environment }),
      logError: (error, context) => console.error(context, error),
      logWarning: (message, context) => warnings.push({ message, context }),
    });
    return { agent, station: createStationClient(agent) };
  };
  const agentEnvironment = environmentOf(join(folder, 'station'), profileFile);
  let running: Awaited<ReturnType<typeof start>> | undefined = await start(agentEnvironment);
  const now = () => {
    if (!running) throw new Error('the agent was stopped');
    return running;
  };
  const stopAgent = async (): Promise<void> => {
    await running?.agent.close();
    running = undefined;
  };

  return {
    folder,
    counter,
    get agent() {
      return now().agent;
    },
    get station() {
      return now().station;
    },
    warnings,
    agentEnvironment,
    serverUrl: () => `http://127.0.0.1:${port}`,
    async startAgent() {
      running ??= await start(agentEnvironment);
    },
    stopAgent,
    async startTwin(dataFolder) {
      const file = join(folder, 'twin.yaml');
      const { trustAnchorFiles } = counter.profile;
      writeFileSync(file, stringify({ ...profile, trustAnchorFiles }));
      return start(environmentOf(dataFolder, file));
    },
    async startNeighbour({ stationId, stationName, serverUrl }) {
      const file = join(folder, `${stationId}.yaml`);
      const { trustAnchorFiles, tokenDrivers } = counter.profile;
      const server = { ...profile.server, url: serverUrl };
      const neighbour = {
        ...{ ...profile, ...options.profile, stationId, stationName, server },
        ...{ trustAnchorFiles, tokenDrivers },
      };
      writeFileSync(file, stringify(neighbour));
      return start(environmentOf(join(folder, stationId), file));
    },
    startServer: bringUp,
    stopServer: takeDown,
    async close() {
      await stopAgent();
      await takeDown();
      await counter.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `look` answers something; throws with `what` when it never does. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 30_000,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

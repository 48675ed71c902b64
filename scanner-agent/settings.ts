/** The agent's settings from the environment; the only file of the agent that reads it. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface AgentPaths {
  /** Store, pages and device key. */
  dataFolder: string;
  /** YAML, see domain/catalogue/station-profile.ts. */
  profileFile: string;
  configFolder: string;
  modelFolder: string;
  pageFolder: string;
  /** PEM of the authority that made the server's TLS certificate, where the system does not know it. */
  serverCaFile?: string;
  /** As the profile's `server.allowPlainHttp`. */
  allowPlainHttp: boolean;
  /** What vendor libraries and child processes need of the environment. */
  childEnvironment: Record<string, string>;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Defaults: the embedded station of this folder. Override with LUDENG_DATA, LUDENG_STATION_PROFILE, LUDENG_CONFIG, LUDENG_MODELS; LUDENG_SERVER_CA names a PEM file, LUDENG_ALLOW_PLAIN_HTTP is 1 in a closed network. */
export function readAgentPaths(env: NodeJS.ProcessEnv = process.env): AgentPaths {
  const passed = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'SystemRoot', 'ProgramFiles', 'LD_LIBRARY_PATH'];
  return {
    dataFolder: resolve(env['LUDENG_DATA'] ?? join(root, 'var', 'station')),
    profileFile: resolve(env['LUDENG_STATION_PROFILE'] ?? join(root, 'config', 'stations', 'default.yaml')),
    configFolder: resolve(env['LUDENG_CONFIG'] ?? join(root, 'config')),
    modelFolder: resolve(env['LUDENG_MODELS'] ?? join(root, 'models', 'weights')),
    pageFolder: join(root, 'kiosk', 'dist'),
    ...(env['LUDENG_SERVER_CA'] === undefined ? {} : { serverCaFile: env['LUDENG_SERVER_CA'] }),
    allowPlainHttp: env['LUDENG_ALLOW_PLAIN_HTTP'] === '1',
    childEnvironment: Object.fromEntries(
      passed.flatMap((name) => {
        const value = env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
}

/** What belongs to a demonstration and must not outlive it. */
import { isSimulatedAuthority } from '#sealing/simulated-authority.ts';
import type { Log } from './ports/surroundings.ts';
import { isLoopback } from './transport/http-server.ts';
import type { ServerSettings } from './settings.ts';

/** Only where nobody but this machine can reach it. */
export const isDemonstration = ({ demo, host }: ServerSettings): boolean => demo && isLoopback(host);

/** The settings' authorities; without the simulated one, aloud, where this is no demonstration. */
export function anchorsOf(settings: ServerSettings, log: Pick<Log, 'warn'>): string[] {
  if (isDemonstration(settings)) return settings.trustAnchors;
  const [simulated, real] = [true, false].map((wanted) =>
    settings.trustAnchors.filter((pem) => isSimulatedAuthority(pem) === wanted),
  ) as [string[], string[]];
  if (simulated.length > 0)
    log.warn(
      { count: simulated.length },
      '本次启动不是演示：配置中的模拟认证中心不予信任，请从 trustAnchors 中去掉',
    );
  return real;
}

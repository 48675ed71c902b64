import { AppError } from '#domain/errors/app-error.ts';
import type { KeyStanding } from '#domain/record/standing.ts';
import type { StationStore } from '../../ports/store.ts';

/**
 * By whose word a key is let in. With a connection the server judges it in the next moment; without one the station goes by what
 * the server said of it last. Throws the code with which the server refused it.
 */
export function createKeyStanding(deps: { store: Pick<StationStore, 'knownKey'>; isOnline: () => boolean }) {
  return function standingOf({
    certificateSha,
    serialNumber,
  }: {
    certificateSha: string;
    serialNumber: string;
  }): KeyStanding {
    const { acceptedAt, refused } = deps.store.knownKey(certificateSha);
    const known = { serialNumber, ...(acceptedAt === undefined ? {} : { acceptedAt }) };
    if (deps.isOnline()) return { by: 'server', ...known };
    if (refused !== undefined) throw new AppError(refused);
    return { by: acceptedAt === undefined ? 'unknown' : 'cached', ...known };
  };
}

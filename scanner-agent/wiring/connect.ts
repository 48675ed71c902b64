import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { SyncStore } from '../ports/store.ts';
import { enrolStation } from '../sync/enrol.ts';
import type { Start } from './start.ts';

/** A server that is not there tells nobody when it comes. */
const enrolEveryMs = 5_000;

/** Enrols first where that was not done yet, trying until the server answers; then the connection keeps itself up. */
export function connect(
  { options, profile, opened }: Start,
  parts: { store: SyncStore; link: { start: () => void }; allowPlainHttp: boolean },
): void {
  const { store, link, allowPlainHttp } = parts;
  const stopping = new AbortController();
  opened.defer(() => stopping.abort());
  const { url, enrolmentCode } = profile.server;

  async function enrol(code: string): Promise<void> {
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
  }

  const ready = store.identity().enrolment || !enrolmentCode ? Promise.resolve() : enrol(enrolmentCode);
  ready
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) options.logError(error, { in: 'enrolment' });
    })
    .finally(() => {
      if (!stopping.signal.aborted) link.start();
    });
}

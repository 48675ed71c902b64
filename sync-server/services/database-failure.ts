import { AppError } from '#domain/errors/app-error.ts';

/** PostgreSQL: a lock, a statement or a deadlock that took too long; no more connections; starting up or going down. */
const busyCodes: ReadonlySet<unknown> = new Set(['55P03', '57014', '40P01', '53300', '57P01', '57P03']);
const retryAfterMs = 2_000;

/** Somebody else has the database, or it does not answer just now: nothing is wrong with what was asked. */
export function databaseFailure(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const isBusy =
    busyCodes.has(code) ||
    /^SQLITE_(BUSY|LOCKED)/.test(String(code)) ||
    // of the pool, which has no code for it
    error.message === 'timeout exceeded when trying to connect';
  return isBusy ? new AppError('DATABASE_BUSY', { retryAfterMs }, { cause: error }) : undefined;
}

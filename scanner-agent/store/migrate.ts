import type { Database } from 'better-sqlite3';
import { AppError } from '#domain/errors/app-error.ts';
import { identity } from './migrations/0001-identity.ts';
import { records } from './migrations/0002-records.ts';
import { outbox } from './migrations/0003-outbox.ts';
import { inbox } from './migrations/0004-inbox.ts';
import { stacks } from './migrations/0005-stacks.ts';
import { settings } from './migrations/0006-settings.ts';
import { offerAgain } from './migrations/0007-offer-again.ts';
import { ownKeys } from './migrations/0008-own-keys.ts';
import { lifecycle } from './migrations/0009-lifecycle.ts';
import { seedLifecycle } from './seed-lifecycle.ts';
import { actions } from './migrations/0010-actions.ts';
import { fetchedRecords } from './migrations/0011-fetched-records.ts';
import { logHeads } from './migrations/0012-log-heads.ts';
import { knownKeys } from './migrations/0013-known-keys.ts';
import { freedDrafts } from './migrations/0014-freed-drafts.ts';

/** In order; a released migration is never edited, a change is a further file. `user_version` counts those applied. */
export const migrations: readonly string[] = [
  identity,
  records,
  outbox,
  inbox,
  stacks,
  settings,
  offerAgain,
  ownKeys,
  lifecycle,
  actions,
  fetchedRecords,
  logHeads,
  knownKeys,
  freedDrafts,
];

/**
 * Brings the database up to `upTo`, each step in its own transaction; the newest reads a record's life from the domain.
 * Throws VERSION_UNSUPPORTED when the database was written by a newer program.
 */
export function migrate(db: Database, upTo = migrations.length): void {
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found > migrations.length)
    throw new AppError('VERSION_UNSUPPORTED', { found, known: migrations.length });
  migrations.slice(found, upTo).forEach((sql, step) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${found + step + 1}`);
    })();
  });
  if (upTo === migrations.length) seedLifecycle(db);
}

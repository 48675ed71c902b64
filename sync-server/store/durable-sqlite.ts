/**
 * SQLite whose commits are as durable as with synchronous = FULL, without stopping the process while the disk works.
 *
 * In WAL mode FULL differs from NORMAL in one thing: after each commit SQLite flushes the log, waiting in place. Here it runs
 * on NORMAL, which keeps every other flush (of the log before a checkpoint, of the database before the log begins anew), and
 * the flush after a commit is done by a thread. One flush makes durable all that was committed before it.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { CompiledQuery, SelectQueryNode, SqliteDialect } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, Kysely, QueryResult } from 'kysely';
import { shareFlush, syncFolder } from '../blobs/disk.ts';
import type { Tables } from './tables.ts';

const maxStatements = 200;
/** Another program has the database: so long a statement waits for it, without stopping the process; then all are refused at once. */
const patienceMs = 1_000;
/** Locks further apart than this are two. */
const sameLockMs = 1_000;
const maxPauseMs = 50;

const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));

/** Resolves when all that was committed before the call is durable. */
export type Flush = () => Promise<void>;

/**
 * A transaction that does not wait for the disk. Either its maker flushes before anybody is told, or it holds what may be
 * taken back by a power cut. (PostgreSQL reads committed rows under this name too, and its commits are durable.)
 */
export const looseTransaction = (db: Kysely<Tables>) =>
  db.transaction().setIsolationLevel('read uncommitted');

/** Of the log at `path`. After a failure nobody knows what the disk holds: every later call fails too. */
export function createFlush(path: string): { flush: Flush; close: () => Promise<void> } {
  let file: Promise<FileHandle> | undefined;

  async function openLog(): Promise<FileHandle> {
    const opened = await open(path, 'r+');
    // the name of a new log must be durable too
    await syncFolder(dirname(path));
    return opened;
  }
  return {
    flush: shareFlush(async () => {
      file ??= openLog();
      await (await file).datasync();
    }),
    close: async () => (await file?.catch(() => undefined))?.close(),
  };
}

/** Statements and transactions are durable when they resolve, and seen by no other before; loose ones are not. */
export function createDurableDialect(sqlite: Database.Database, flush: Flush): Dialect {
  const plain = new SqliteDialect({ database: sqlite });
  return {
    createAdapter: () => plain.createAdapter(),
    createQueryCompiler: () => plain.createQueryCompiler(),
    createIntrospector: (db) => plain.createIntrospector(db),
    createDriver: () => createDriver(plain.createDriver(), sqlite, flush),
  };
}

function createDriver(plain: Driver, sqlite: Database.Database, flush: Flush): Driver {
  let isDirty = false;
  let isLoose = false;
  let connection: DatabaseConnection | undefined;

  const statements = new Map<string, Database.Statement>();
  /** Reading SQL takes longer than most of these statements themselves. */
  function prepare(sql: string): Database.Statement {
    const known = statements.get(sql);
    if (known) return known;
    const [oldest] = statements.keys();
    if (statements.size >= maxStatements && oldest !== undefined) statements.delete(oldest);
    const statement = sqlite.prepare(sql);
    statements.set(sql, statement);
    return statement;
  }
  function run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const statement = prepare(sql);
    // Kysely gives the rows the type of its query
    if (statement.reader) return { rows: statement.all(...parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
  }

  let lockedSince = 0;
  let lockedLast = -Infinity;
  /** A statement that met a lock has done nothing: it is tried again. Throws SQLITE_BUSY in the end. */
  async function runPatiently<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    for (let n = 0; ; n += 1) {
      try {
        return run<R>(compiled);
      } catch (error) {
        if (!isLocked(error)) throw error;
        const now = performance.now();
        if (now - lockedLast > sameLockMs) lockedSince = now;
        lockedLast = now;
        if (now - lockedSince > patienceMs) throw error;
        await pause(Math.min(maxPauseMs, 2 ** n));
      }
    }
  }

  const wrap = (inner: DatabaseConnection): DatabaseConnection => ({
    async executeQuery<R>(compiled: CompiledQuery) {
      const result = await runPatiently<R>(compiled);
      if (!SelectQueryNode.is(compiled.query)) isDirty = true;
      if (isDirty && !isLoose && !sqlite.inTransaction) {
        isDirty = false;
        await flush();
      }
      return result;
    },
    streamQuery: (compiled, size) => inner.streamQuery(compiled, size),
  });

  return {
    init: (options) => plain.init(options),
    acquireConnection: async () => (connection ??= wrap(await plain.acquireConnection())),
    async beginTransaction(own, settings) {
      // the lock that writing needs is taken first: in the middle it could not be waited for
      const how = settings.accessMode === 'read only' ? 'begin' : 'begin immediate';
      await own.executeQuery(CompiledQuery.raw(how));
      isLoose = settings.isolationLevel === 'read uncommitted';
    },
    commitTransaction: (own) => plain.commitTransaction(own).finally(() => (isLoose = false)),
    rollbackTransaction: (own) => plain.rollbackTransaction(own).finally(() => (isLoose = false)),
    releaseConnection: (own) => plain.releaseConnection(own),
    destroy: () => plain.destroy(),
  };
}

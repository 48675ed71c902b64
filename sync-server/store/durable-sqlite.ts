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
import type Database from 'better-sqlite3';
import { SelectQueryNode, SqliteDialect } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, Kysely, QueryResult } from 'kysely';
import { shareFlush, syncFolder } from '../blobs/disk.ts';
import type { Tables } from './tables.ts';

const mostStatements = 200;

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
    if (statements.size >= mostStatements && oldest !== undefined) statements.delete(oldest);
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

  const wrap = (inner: DatabaseConnection): DatabaseConnection => ({
    async executeQuery<R>(compiled: CompiledQuery) {
      const result = run<R>(compiled);
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
      isLoose = settings.isolationLevel === 'read uncommitted';
      await plain.beginTransaction(own, {});
    },
    commitTransaction: (own) => plain.commitTransaction(own).finally(() => (isLoose = false)),
    rollbackTransaction: (own) => plain.rollbackTransaction(own).finally(() => (isLoose = false)),
    releaseConnection: (own) => plain.releaseConnection(own),
    destroy: () => plain.destroy(),
  };
}

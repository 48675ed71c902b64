import type { Database } from 'better-sqlite3';
import { AppError } from '#domain/errors/app-error.ts';
import type { LogLines } from '#domain/catalogue/log-lines.ts';
import type { StoreEvent } from '../ports/store.ts';
import type { Ballast } from './ballast.ts';
import { isDiskFull } from './durable-file.ts';
import type { Envelope } from './envelope.ts';
import type { KeyOwner, OwnKeys } from './own-keys.ts';

/** What the tables' code shares: the database, the envelope, the clock, and the one way to write. */
export interface StoreContext {
  db: Database;
  /** Of the station. */
  envelope: Envelope;
  keys: OwnKeys;
  /** Of the record or batch; the station's for what an older program wrote and could not be lifted. */
  envelopeOf: (owner: KeyOwner, id: string) => Envelope;
  /** Stands in columns for the subject's credit code. */
  subjectTag: (creditCode: string) => string;
  /** The words of a programme's log. */
  logLinesOf: (programme: string) => LogLines;
  /** Wall time, ISO UTC; for display only. */
  now: () => string;
  /**
   * One immediate transaction. Events raised inside are delivered after the commit, none when it fails.
   * On a full disk the ballast is given up and the transaction runs once more; then STORE_FULL.
   */
  write: <T>(work: (raise: (event: StoreEvent) => void) => T) => T;
  /**
   * As `write`, without waiting for the disk: a power cut may take the newest of these back, whole and in order. For what
   * the server tells again when it is asked; the next `write` makes it durable too.
   */
  note: <T>(work: (raise: (event: StoreEvent) => void) => T) => T;
  subscribe: (listener: (event: StoreEvent) => void) => () => void;
}

export function createContext(options: {
  db: Database;
  envelope: Envelope;
  keys: OwnKeys;
  ballast: Ballast;
  /** Makes durable what was committed. */
  flush: () => void;
  now: () => string;
  logLinesOf: (programme: string) => LogLines;
  onListenerError: (error: unknown) => void;
}): StoreContext {
  const { db, envelope, keys, ballast, flush, now, logLinesOf, onListenerError } = options;
  const listeners = new Set<(event: StoreEvent) => void>();

  function attempt<T>(work: (raise: (event: StoreEvent) => void) => T): { result: T; events: StoreEvent[] } {
    const events: StoreEvent[] = [];
    const result = db.transaction(() => work((event) => events.push(event))).immediate();
    return { result, events };
  }

  function withRoom<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      if (!ballast.free()) throw new AppError('STORE_FULL', {}, { cause: error });
    }
    try {
      return work();
    } catch (error) {
      throw isDiskFull(error) ? new AppError('STORE_FULL', {}, { cause: error }) : error;
    }
  }

  return {
    db,
    envelope,
    keys,
    envelopeOf: (owner, id) => keys.find(owner, id) ?? envelope,
    subjectTag: (creditCode) => envelope.tag(`subject|${creditCode}`),
    now,
    logLinesOf,
    write(work) {
      const outcome = withRoom(() => {
        const done = attempt(work);
        flush();
        return done;
      });
      return tell(outcome);
    },
    note: (work) => tell(withRoom(() => attempt(work))),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function tell<T>({ result, events }: { result: T; events: StoreEvent[] }): T {
    for (const event of events) for (const listener of listeners) deliver(listener, event);
    return result;
  }

  function deliver(listener: (event: StoreEvent) => void, event: StoreEvent): void {
    try {
      listener(event);
    } catch (error) {
      onListenerError(error);
    }
  }
}

/** The message of a trigger's `raise(abort, ...)`, when the error is one. */
export function triggerMessage(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'SQLITE_CONSTRAINT_TRIGGER' && typeof message === 'string' ? message : undefined;
}

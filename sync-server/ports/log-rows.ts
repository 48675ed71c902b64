/** Port: the log of logins, operations and unmaskings, a chain in which each line holds the hash of the one before it. */
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { LogCheck } from '#domain/contracts/desk/logs.ts';
import type { LogHead, LogKind, LogLine } from '#domain/accounts/log-lines.ts';

/** A line before it has its place in the chain. Who asks and from where is found by the store where it is not said. */
export interface NewLogLine {
  at: string;
  kind: LogKind;
  /** Id of the account, or of the station; `server`, `administrator`. */
  actor: string;
  action: string;
  refId: string;
  /** A code of the error table; left out: it was done. */
  result?: string;
  detail?: string;
  place?: string;
  device?: string;
  onBehalfOf?: Identity | undefined;
}

export interface LogQuery {
  /** Of the action `log.read`. */
  visible: Filter<Things['log']>;
  kind?: LogKind | undefined;
  account?: string | undefined;
  /** `scheme:value`. */
  organisation?: string | undefined;
  /** ISO instants; `until` itself is not in it. */
  from?: string | undefined;
  until?: string | undefined;
  /** From 1 on. */
  page: number;
  pageSize: number;
}

/** A line with what holds it in its place, as it stands: nothing of it is believed. */
export interface ChainedLine {
  line: Omit<LogLine, 'kind'> & { kind: string };
  before: string;
  sha: string;
}

export interface LogRows {
  /** By itself, where no other act is with it; acts call `appendLine` in their own transaction. */
  append(line: NewLogLine): Promise<void>;
  /** Newest first. */
  list(query: LogQuery): Promise<{ lines: LogLine[]; total: number }>;
  /** The newest line; undefined where there is none yet. */
  head(): Promise<{ number: number; sha: string } | undefined>;
  /** In order, those above `after`, at the most `count`. */
  chain(after: number, count: number): Promise<ChainedLine[]>;
  /** Of two processes that sign the same line, the first. */
  addSigned(head: LogHead): Promise<void>;
  /** Newest last. */
  signed(): Promise<LogHead[]>;
  lastSigned(): Promise<LogHead | undefined>;
  /** In place of the one before; where it found something, with an alarm. */
  keepCheck(check: LogCheck): Promise<void>;
  lastCheck(): Promise<LogCheck | undefined>;
}

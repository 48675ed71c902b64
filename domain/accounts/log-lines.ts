/**
 * What is written down of logins, operations and unmaskings. Every line holds the hash of the one before it, so that none can be
 * altered, taken out or moved without the rest saying so; the newest hash is signed now and then and kept elsewhere besides.
 */
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { maxLength } from '../limits.ts';
import { instantSchema, sha256Schema } from '../primitives.ts';

export const logKindSchema = z.enum(['login', 'operation', 'unmask']);
export type LogKind = z.infer<typeof logKindSchema>;

/** What stands in `result` where it was done; else the code of the error table with which it was refused. */
export const logDone = 'done';

export const logLineSchema = z.object({
  number: z.int().positive(),
  at: instantSchema,
  kind: logKindSchema,
  /** Who: an account, a station, `server` or `administrator`. */
  account: z.string().max(maxLength.name),
  /** As shown at that moment, `X（代Y）` where somebody acted for another. */
  name: z.string().max(maxLength.name),
  /** `scheme:value` of the organisation whose the account is; empty where it is none's. */
  organisation: z.string().max(maxLength.name),
  action: z.string().max(maxLength.name),
  /** What it was done to: an account, a case, a record. */
  ref: z.string().max(maxLength.name),
  result: z.string().max(maxLength.name),
  /** The way of a login, the reason of an unmasking or a freezing. */
  detail: z.string().max(maxLength.name),
  /** From where and with what. */
  place: z.string().max(maxLength.name),
  device: z.string().max(maxLength.name),
});
export type LogLine = Readonly<z.infer<typeof logLineSchema>>;

/** What is hashed: the line with the hash of the one before it, which is empty for the first. */
export const logLineText = (line: Omit<LogLine, 'kind'> & { kind: string }, before: string): string =>
  canonicalJson({ ...line, before });

/** The newest line at a moment, signed with the server's key. */
export const logHeadSchema = z.object({
  number: z.int().positive(),
  sha: sha256Schema,
  at: instantSchema,
  /** Ed25519 over `logHeadText`, base64. */
  signature: z.string().max(maxLength.name),
});
export type LogHead = Readonly<z.infer<typeof logHeadSchema>>;

export const logHeadText = ({ number, sha, at }: Omit<LogHead, 'signature'>): string =>
  ['log-head', String(number), sha, at].join('|');

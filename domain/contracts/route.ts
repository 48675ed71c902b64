/**
 * What a route is: one request and its answer, once, for the page that asks and the process that answers. A process binds it
 * with its `serve`, which parses, asks for the permission, runs, answers; a route without a permission cannot be written.
 */
import { z } from 'zod';
import type { Action } from '../accounts/permissions.ts';

/**
 * Who may call. What a permission asks of a caller is said by the process that serves it, one line each; what may be done
 * with a certain thing (a department's case, one's own record) is asked where the thing is at hand.
 */
export const kioskPermissions = [
  /** The station's page with a code that works once. */
  'opening',
  /** The station's page, whoever stands before it. */
  'page',
  /** A subject that is logged in at the counter. */
  'subject',
  /** A page of the server at which the station is enrolled, in a browser of the same computer. */
  'browser-login',
] as const;
export type KioskPermission = (typeof kioskPermissions)[number];

/** Of the server: an action of domain/accounts, or what no account has to do with. */
export const serverPermissions = [
  /** Whoever comes: with what every actor may do, a closed list, held by a test. */
  'public',
  /** An enrolled station, by the token of its session. */
  'station',
  /** A program that reads the metrics, by its token. */
  'metrics',
  /** The project approval system, which sends works, by its token. */
  'approval-system',
] as const;
export type ServerPermission = (typeof serverPermissions)[number] | Action;
export type Permission = KioskPermission | ServerPermission;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The body is a file as it is, whatever type the browser gives it. */
export interface FileBody {
  readonly file: true;
  readonly maxBytes: number;
}

/** Bytes that are read as they come; the route says how many there may be. */
export interface StreamBody {
  readonly stream: 'application/octet-stream';
}

export interface BytesAnswer {
  readonly bytes: string;
}

/** Server-sent events: `event: <type>`, `data: <JSON>`. */
export interface EventsAnswer {
  readonly events: z.ZodType;
}

export interface Route<P extends Permission = Permission> {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly permission: P;
  /** Of the `:names` in the path, all of them. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | FileBody | StreamBody;
  readonly answer: z.ZodType | BytesAnswer | EventsAnswer;
}
export type Routes<P extends Permission = Permission> = Readonly<Record<string, Route<P>>>;
export type KioskRoutes = Routes<KioskPermission>;
export type ServerRoutes = Routes<ServerPermission>;

type SchemaOf<R extends Route, Part extends 'params' | 'query' | 'body'> = R extends {
  readonly [P in Part]: infer S extends z.ZodType;
}
  ? S
  : never;
type Parsed<R extends Route, Part extends 'params' | 'query' | 'body'> = [SchemaOf<R, Part>] extends [never]
  ? undefined
  : z.output<SchemaOf<R, Part>>;

/** What a handler receives. */
export interface Request<R extends Route> {
  readonly params: Parsed<R, 'params'>;
  readonly query: Parsed<R, 'query'>;
  readonly body: R extends { readonly body: FileBody }
    ? Uint8Array
    : R extends { readonly body: StreamBody }
      ? undefined
      : Parsed<R, 'body'>;
}

/** What a handler answers; bytes for pictures and files, nothing where it writes events itself. */
export type Answer<R extends Route> = R['answer'] extends z.ZodType
  ? z.input<R['answer']>
  : R['answer'] extends BytesAnswer
    ? Uint8Array
    : void;

/** What a page sends. */
export type Call<R extends Route> = ([SchemaOf<R, 'params'>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: z.input<SchemaOf<R, 'params'>> }) &
  ([SchemaOf<R, 'query'>] extends [never]
    ? { readonly query?: undefined }
    : Partial<z.input<SchemaOf<R, 'query'>>> extends z.input<SchemaOf<R, 'query'>>
      ? { readonly query?: z.input<SchemaOf<R, 'query'>> }
      : { readonly query: z.input<SchemaOf<R, 'query'>> }) &
  (R extends { readonly body: FileBody }
    ? { readonly body: Blob }
    : [SchemaOf<R, 'body'>] extends [never]
      ? { readonly body?: undefined }
      : { readonly body: z.input<SchemaOf<R, 'body'>> });

/** What a page receives. */
export type Received<R extends Route> = R['answer'] extends z.ZodType
  ? z.output<R['answer']>
  : R['answer'] extends BytesAnswer
    ? Blob
    : never;

export const isOfKiosk = (permission: Permission): permission is KioskPermission =>
  kioskPermissions.some((one) => one === permission);
export const isOfServer = (permission: Permission): permission is ServerPermission => !isOfKiosk(permission);
export const isSchema = (part: unknown): part is z.ZodType => part instanceof z.ZodType;
export const isFileBody = (body: Route['body']): body is FileBody => body !== undefined && 'file' in body;

const namesInPath = /:(\w+)/g;

export function paramNamesOf({ path }: Pick<Route, 'path'>): string[] {
  return [...path.matchAll(namesInPath)].map(([, name = '']) => name);
}

/** Path and query of a call, each part escaped. */
export function addressOf(
  { path }: Pick<Route, 'path'>,
  { params, query }: { params?: unknown; query?: unknown } = {},
): string {
  const values = new Map<string, unknown>(Object.entries(params ?? {}));
  const filled = path.replace(namesInPath, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new RangeError(`${path} needs ${name}`);
    return encodeURIComponent(textOf(value));
  });
  const asked = Object.entries(query ?? {}).filter(([, value]: [string, unknown]) => value !== undefined);
  if (asked.length === 0) return filled;
  return `${filled}?${new URLSearchParams(asked.map(([name, value]) => [name, textOf(value)]))}`;
}

/** Parts of an address are texts and numbers. */
function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return `${value}`;
  throw new TypeError('a part of an address is a text or a number');
}

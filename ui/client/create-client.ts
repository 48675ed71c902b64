/** How every page asks: one request made from a route of the contracts, its answer parsed by the same. */
import { addressOf, isFileBody, isSchema } from '#domain/contracts/route.ts';
import type { Call, Permission, Received, Route } from '#domain/contracts/route.ts';
import { Unreachable, failureOf } from './failure.ts';
import type { RequestFailure, ShownError } from './failure.ts';

const defaultTimeoutMs = 20_000;

export interface ClientOptions {
  /** Where the process listens, without a slash at its end; empty for the page's own. */
  origin: string;
  fetch: typeof fetch;
  /** What a person reads of an answer that is none of ours. */
  unexpected: (status: number) => Pick<ShownError, 'message' | 'action'>;
  /** Every expected failure passes here before it is thrown. */
  onFailure?: (failure: RequestFailure) => void;
}
interface Parts {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}
interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}
/** A route that asks for nothing needs no second argument. */
type Rest<C> = object extends C ? [call?: C & Waiting] : [call: C & Waiting];

export interface Client<P extends Permission> {
  /** Throws RequestFailure, Unreachable, and what `signal` was aborted with. */
  readonly ask: <R extends Route<P>>(route: R, ...rest: Rest<Call<R>>) => Promise<Received<R>>;
  /** For what a page shows or opens by its address. */
  readonly address: <R extends Route<P>>(route: R, call?: { params?: object; query?: object }) => string;
}

export function createClient<P extends Permission>(options: ClientOptions): Client<P> {
  const address: Client<P>['address'] = (route, call) => `${options.origin}${addressOf(route, call)}`;

  async function send(route: Route, call: Parts & Waiting): Promise<Response> {
    const timeout = AbortSignal.timeout(call.timeoutMs ?? defaultTimeoutMs);
    let response: Response;
    try {
      response = await options.fetch(`${options.origin}${addressOf(route, call)}`, {
        method: route.method,
        ...bodyOf(route, call.body),
        credentials: 'same-origin',
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new Unreachable({ cause: error });
    }
    if (response.ok) return response;
    const failure = await failureOf(response, options.unexpected);
    options.onFailure?.(failure);
    throw failure;
  }

  return {
    address,
    async ask(route, ...rest) {
      // what a route needs is in its type; here all parts are optional
      const [call = {}]: [call?: Parts & Waiting] = rest;
      const response = await send(route, call);
      // the types are those of the same route: TypeScript cannot follow them through the condition
      return (
        isSchema(route.answer) ? route.answer.parse(await response.json()) : await response.blob()
      ) as Received<typeof route>;
    },
  };
}

function bodyOf(route: Route, body: unknown): Pick<RequestInit, 'headers' | 'body'> {
  if (isFileBody(route.body) && body instanceof Blob)
    return { headers: { 'content-type': body.type || 'application/octet-stream' }, body };
  if (body === undefined) return { body: null };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

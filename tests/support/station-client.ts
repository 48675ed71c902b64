/** The kiosk's side of the agent's API for tests without a page: every answer is parsed with the contract. */
import type { z } from 'zod';
import { AppError, wireErrorSchema } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { addressOf, isSchema } from '#domain/contracts/route.ts';
import type { Route } from '#domain/contracts/route.ts';
import { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import { jobSchema } from '#domain/contracts/kiosk/jobs.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';

type Routes = typeof agentRoutes;
type RouteName = keyof Routes;
type Answer<Name extends RouteName> = Routes[Name] extends { answer: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Response;

export interface CallOptions {
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface StationClient {
  call<Name extends RouteName>(name: Name, options?: CallOptions): Promise<Answer<Name>>;
  /** What lets a request through that `call` does not make; the same for every request of this client. */
  headers(): Promise<{ cookie: string }>;
  /** Waits for the job's end; throws its failure. */
  finished(job: Job, timeoutMs?: number): Promise<Job>;
}

/** `openingUrl` is used once, with the first request. */
export function createStationClient({ openingUrl }: { openingUrl: () => string }): StationClient {
  let opened: Promise<{ url: string; cookie: string }> | undefined;
  const open = () => (opened ??= openPage(openingUrl()));
  const call = async <Name extends RouteName>(
    name: Name,
    options: CallOptions = {},
  ): Promise<Answer<Name>> => {
    const route: Route = agentRoutes[name];
    const { url, cookie } = await open();
    const address = new URL(addressOf(route, options), url);
    const isFile = options.body instanceof Uint8Array;
    const answer = await fetch(address, {
      method: route.method,
      headers: {
        cookie,
        ...(options.body === undefined
          ? {}
          : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: isFile ? Buffer.from(options.body as Uint8Array) : JSON.stringify(options.body) }),
    });
    if (!answer.ok) throw failureOf(wireErrorSchema.parse(await answer.json()));
    // The schema of the route gives the type; bytes are left to the caller.
    return (isSchema(route.answer) ? route.answer.parse(await answer.json()) : answer) as Answer<Name>;
  };

  return {
    call,
    headers: async () => ({ cookie: (await open()).cookie }),
    async finished(job, timeoutMs = 90_000) {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const now = jobSchema.parse(await call('job', { params: { id: job.id } }));
        if (now.state === 'done') return now;
        if (now.error) throw failureOf(now.error);
        if (performance.now() > until) throw new Error(`the job ${job.kind} did not end: ${now.stage}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

/** As the page does: the code of its address for the cookie of its session. */
export async function openPage(openingUrl: string): Promise<{ url: string; cookie: string }> {
  const { origin, hash } = new URL(openingUrl);
  const { method, path } = agentRoutes.open;
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: hash.replace('#code=', '') }),
  });
  if (!answer.ok) throw failureOf(wireErrorSchema.parse(await answer.json()));
  return { url: origin, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
}

/** The words that travelled with it are its cause: what a person reads is the wire's, not this side's table. */
function failureOf(wire: WireError): AppError {
  return new AppError(wire.code, wire.details, { cause: wire });
}

/** Every call to the server, once; answers are parsed with the contract's schemas. The session is a cookie. */
import type { z } from 'zod';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { accountRoutes } from '#domain/contracts/desk/accounts.ts';
import type { AccountChange, NewAccount } from '#domain/contracts/desk/accounts.ts';
import type { AcknowledgeRequest } from '#domain/contracts/desk/fleet.ts';
import type { ChangePassword } from '#domain/contracts/desk/session.ts';
import type { OverruleRequest } from '#domain/contracts/desk/cases.ts';
import type { StationSettings } from '#domain/sync/fleet.ts';
import { serverRoutes } from '#domain/contracts/desk/routes.ts';
import { issuedCredentialSchema } from '../credential/issued-credential.ts';
import { ServerUnreachable, failureOf } from './server-failure.ts';

type Route =
  (typeof serverRoutes)[keyof typeof serverRoutes] | (typeof accountRoutes)[keyof typeof accountRoutes];
const timeoutMs = 20_000;

export interface CaseListQuery {
  state: 'open' | 'closed' | 'all';
  search?: string;
  page?: number;
  pageSize?: number;
}
interface CallOptions {
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal;
}

export type ServerClient = ReturnType<typeof createServerClient>;

export function createServerClient(options: { fetch: typeof fetch; onSessionLost: () => void }) {
  async function send(route: Route, call: CallOptions = {}): Promise<Response> {
    const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    try {
      response = await options.fetch(`${addressOf(route, call.params)}${query}`, {
        method: route.method,
        headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        credentials: 'same-origin',
        signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      });
    } catch (error) {
      if (call.signal?.aborted) throw error;
      throw new ServerUnreachable({ cause: error });
    }
    if (response.ok) return response;
    const failure = await failureOf(response);
    if (failure.wire.code === 'UNAUTHENTICATED') options.onSessionLost();
    throw failure;
  }
  async function ask<S extends z.ZodType>(
    route: Route & { response: S },
    call?: CallOptions,
  ): Promise<z.infer<S>> {
    const response = await send(route, call);
    return route.response.parse(await response.json());
  }
  const routes = serverRoutes;

  return {
    signIn: (body: { account: string; password: string }) => ask(routes.signIn, { body }),
    me: () => ask(routes.me),
    changePassword: (body: ChangePassword) => ask(routes.changePassword, { body }),
    signOut: () => ask(routes.signOut),
    /** Served by our own server, which checked it when it started. */
    catalogue: async () => (await ask(routes.catalogue)) as Catalogue,
    cases: ({ state, search = '', page = 1, pageSize = 20 }: CaseListQuery) =>
      ask(routes.cases, { query: { state, search, page: String(page), pageSize: String(pageSize) } }),
    case: (id: string) => ask(routes.case, { params: { id } }),
    decide: (id: string, body: { step: string; decision: string; opinion: string }) =>
      ask(routes.decide, { params: { id }, body }),
    overrule: (id: string, body: OverruleRequest) => ask(routes.overrule, { params: { id }, body }),
    stations: () => ask(routes.stations),
    fleet: () => ask(routes.fleet),
    findings: (id: string) => ask(routes.findings, { params: { id } }),
    acknowledge: (id: string, body: AcknowledgeRequest) => ask(routes.acknowledge, { params: { id }, body }),
    changeStation: (id: string, body: StationSettings) => ask(routes.changeStation, { params: { id }, body }),
    accounts: () => ask(accountRoutes.accounts),
    addAccount: (body: NewAccount) => ask(accountRoutes.addAccount, { body }),
    changeAccount: (id: string, body: AccountChange) =>
      ask(accountRoutes.changeAccount, { params: { id }, body }),
    resetPassword: (id: string) => ask(accountRoutes.resetPassword, { params: { id } }),
    disableAccount: (id: string, isDisabled: boolean) =>
      ask(accountRoutes.disableAccount, { params: { id }, body: { isDisabled } }),
    acknowledgeGuessing: (id: string) => ask(accountRoutes.acknowledgeGuessing, { params: { id } }),
    accountOperations: (id: string) => ask(accountRoutes.accountOperations, { params: { id } }),
    credential: async ({ uniqueCode, verificationCode }: { uniqueCode: string; verificationCode: string }) =>
      issuedCredentialSchema.parse(
        await (await send(routes.credential, { params: { uniqueCode }, query: { verificationCode } })).json(),
      ),
    page: async (of: PagePlace, signal: AbortSignal) =>
      (await send(routes.page, { params: { ...of }, signal })).blob(),
    cropAddress: (of: { id: string; slot: string; field: string }) => addressOf(routes.crop, of),
    sealReportAddress: (of: { id: string; slot: string }) => addressOf(routes.sealReport, of),
    pdfAddress: (of: { id: string; slot: string }) => addressOf(routes.pdf, of),
    eventsAddress: () => routes.events.path,
  };
}

/** `page` counts from 0. */
export interface PagePlace {
  id: string;
  slot: string;
  page: number;
}

function addressOf(route: Route, params: Record<string, string | number> = {}): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')));
}

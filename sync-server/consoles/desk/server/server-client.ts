/** Every call to the server, once, as the desk makes them. The session is a cookie. */
import type { AccountChange, NewAccount } from '#domain/contracts/desk/accounts.ts';
import type { OverruleRequest } from '#domain/contracts/desk/cases.ts';
import type { PersonalField } from '#domain/contracts/desk/directory.ts';
import type { AcknowledgeRequest } from '#domain/contracts/desk/fleet.ts';
import { deskRoutes } from '#domain/contracts/desk/routes.ts';
import type { ChangePassword } from '#domain/contracts/desk/session.ts';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { Call, ServerPermission } from '#domain/contracts/route.ts';
import type { StationSettings } from '#domain/sync/fleet.ts';
import { createClient } from '#ui/client/create-client.ts';
import { words } from '../locales/zh-CN.ts';

export type CaseListQuery = NonNullable<Call<typeof deskRoutes.cases>['query']>;

export type ServerClient = ReturnType<typeof createServerClient>;

export function createServerClient(options: { fetch: typeof fetch; onSessionLost: () => void }) {
  const { ask, address } = createClient<ServerPermission>({
    origin: '',
    fetch: options.fetch,
    unexpected: words.trouble.unexpected,
    onFailure: ({ wire }) => {
      if (wire.code === 'UNAUTHENTICATED') options.onSessionLost();
    },
  });
  const routes = deskRoutes;

  return {
    signIn: (body: { account: string; password: string }) => ask(routes.signIn, { body }),
    me: () => ask(routes.me),
    changePassword: (body: ChangePassword) => ask(routes.changePassword, { body }),
    signOut: () => ask(routes.signOut),
    catalogue: () => ask(routes.catalogue),
    cases: (query: CaseListQuery) => ask(routes.cases, { query }),
    case: (id: string) => ask(routes.case, { params: { id } }),
    decide: (id: string, body: { step: string; decision: string; opinion: string }) =>
      ask(routes.decide, { params: { id }, body }),
    complain: (id: string, body: { reason: string }) => ask(routes.complain, { params: { id }, body }),
    usableRecords: (query: NonNullable<Call<typeof deskRoutes.usableRecords>['query']>) =>
      ask(routes.usableRecords, { query }),
    claim: (id: string, step: string) => ask(routes.claim, { params: { id }, body: { step } }),
    release: (id: string, step: string) => ask(routes.release, { params: { id }, body: { step } }),
    overrule: (id: string, body: OverruleRequest) => ask(routes.overrule, { params: { id }, body }),
    stations: () => ask(routes.stations),
    fleet: () => ask(routes.fleet),
    findings: (id: string) => ask(routes.findings, { params: { id } }),
    acknowledge: (id: string, body: AcknowledgeRequest) => ask(routes.acknowledge, { params: { id }, body }),
    changeStation: (id: string, body: StationSettings) => ask(routes.changeStation, { params: { id }, body }),
    accounts: () => ask(routes.accounts),
    addAccount: (body: NewAccount) => ask(routes.addAccount, { body }),
    changeAccount: (id: string, body: AccountChange) => ask(routes.changeAccount, { params: { id }, body }),
    resetPassword: (id: string) => ask(routes.resetPassword, { params: { id } }),
    disableAccount: (id: string, isDisabled: boolean) =>
      ask(routes.disableAccount, { params: { id }, body: { isDisabled } }),
    acknowledgeGuessing: (id: string) => ask(routes.acknowledgeGuessing, { params: { id } }),
    accountOperations: (id: string) => ask(routes.accountOperations, { params: { id } }),
    directory: (query: NonNullable<Call<typeof deskRoutes.directory>['query']>) =>
      ask(routes.directory, { query }),
    freezeAccount: (id: string, body: { reason: string; note: string }) =>
      ask(routes.freezeAccount, { params: { id }, body }),
    resetRegistrantPassword: (id: string, body: { reason: string }) =>
      ask(routes.resetRegistrantPassword, { params: { id }, body }),
    thawAccount: (id: string, body: { reason: string }) => ask(routes.thawAccount, { params: { id }, body }),
    unmaskAccount: (id: string, body: { field: PersonalField; reason: string }) =>
      ask(routes.unmaskAccount, { params: { id }, body }),
    unmaskCase: (id: string, body: Call<typeof deskRoutes.unmaskCase>['body']) =>
      ask(routes.unmaskCase, { params: { id }, body }),
    sessions: () => ask(routes.sessions),
    accountSessions: (id: string) => ask(routes.accountSessions, { params: { id } }),
    endSession: (id: string) => ask(routes.endSession, { params: { id } }),
    logLines: (query: NonNullable<Call<typeof deskRoutes.logLines>['query']>) =>
      ask(routes.logLines, { query }),
    logState: () => ask(routes.logState),
    checkLog: () => ask(routes.checkLog),
    credential: ({ uniqueCode, verificationCode }: { uniqueCode: string; verificationCode: string }) =>
      ask(publicRoutes.credential, { params: { uniqueCode }, query: { verificationCode } }),
    identifiedCredential: (identifier: string) =>
      ask(publicRoutes.identifiedCredential, { params: { identifier } }),
    checkCredential: (body: Blob) => ask(publicRoutes.credentialCheck, { body }),
    page: (params: PagePlace, signal: AbortSignal) => ask(routes.page, { params, signal }),
    cropAddress: (of: { id: string; slot: string; field: string }) => address(routes.crop, { params: of }),
    attachmentAddress: (of: { id: string; attachment: string; sha: string }) =>
      address(routes.attachment, { params: of }),
    registerComparison: (id: string) => ask(routes.registerComparison, { params: { id } }),
    sealReportAddress: (of: { id: string; slot: string }) => address(routes.sealReport, { params: of }),
    pdfAddress: (of: { id: string; slot: string }) => address(routes.pdf, { params: of }),
    eventsAddress: () => address(routes.events),
  };
}

/** `page` counts from 0. */
export interface PagePlace {
  id: string;
  slot: string;
  page: number;
}

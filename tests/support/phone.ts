/** A person with a phone, through the server's API: every answer is parsed with the contract. */
import type { Call, Received, Route } from '#domain/contracts/route.ts';
import { addressOf, isSchema } from '#domain/contracts/route.ts';
import type { ServerPermission } from '#domain/contracts/route.ts';
import { mobileRoutes } from '#domain/contracts/mobile/routes.ts';
import { loginTicketRoutes } from '#domain/contracts/public/login-tickets.ts';
import type { TicketAccount } from '#domain/contracts/public/login-tickets.ts';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { TestOutsideServices } from './outside-services.ts';

export const userCentre = 'yunnan-user-centre';
export const agreements = (['terms', 'privacy'] as const).map((document) => ({
  document,
  version: '2026-11',
}));
export const faceConsent = { document: 'face', version: '2026-11' } as const;

export interface Someone {
  name: string;
  idNumber: string;
  mobile: string;
}

/** What the server said no with. */
export class RefusedByServer extends Error {
  readonly code: string;
  readonly told: string;
  readonly details: Record<string, unknown>;
  constructor({
    code,
    message,
    details,
  }: {
    code: string;
    message: string;
    details: Record<string, unknown>;
  }) {
    super(`${code}: ${message}`);
    this.code = code;
    this.told = message;
    this.details = details;
  }
}

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof RefusedByServer) return error.code;
      throw error;
    },
  );

export type Phone = ReturnType<typeof createPhone>;

export function createPhone(url: string, services: TestOutsideServices, { mobile, name, idNumber }: Someone) {
  let cookie = '';

  async function ask<R extends Route<ServerPermission>>(
    route: R,
    call: Call<R> & { from?: string },
  ): Promise<Received<R>> {
    const parts = call as { body?: unknown; from?: string };
    const answer = await fetch(`${url}${addressOf(route, call)}`, {
      method: route.method,
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(parts.from === undefined ? {} : { 'x-forwarded-for': parts.from }),
        'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/128 Mobile',
      },
      body: parts.body === undefined ? null : JSON.stringify(parts.body),
    });
    const [given] = answer.headers.getSetCookie();
    if (given) cookie = given.split(';')[0] ?? '';
    if (!answer.ok) throw new RefusedByServer(wireErrorSchema.parse(await answer.json()));
    // the types are those of the same route: TypeScript cannot follow them through the condition
    return (
      isSchema(route.answer) ? route.answer.parse(await answer.json()) : await answer.blob()
    ) as Received<R>;
  }

  const sendCode = (from?: string) =>
    ask(mobileRoutes.sendSignInCode, {
      body: { programme: userCentre, mobile },
      ...(from === undefined ? {} : { from }),
    });
  const newestCode = async (): Promise<string> => (await services.sms.last(mobile))?.code ?? '';
  const signInWith = (code: string, ticked = agreements) =>
    ask(mobileRoutes.mobileSignIn, { body: { programme: userCentre, mobile, code, agreements: ticked } });
  const checkName = (given: { name?: string; idNumber?: string } = {}) =>
    ask(mobileRoutes.checkRealName, { body: { programme: userCentre, name, idNumber, ...given } });
  const consentToFace = () =>
    ask(mobileRoutes.agree, { body: { programme: userCentre, agreements: [faceConsent] } });
  const beginFace = (body: Call<typeof mobileRoutes.beginFace>['body']) =>
    ask(mobileRoutes.beginFace, { body });
  const finishFace = (id: string) => ask(mobileRoutes.finishFace, { params: { id } });
  const checkIn = ({ url: page }: { url: string }): string => page.split('/').at(-1) ?? '';

  /** What the person presses on the service's page, and what the server makes of it. */
  async function face(body: Call<typeof mobileRoutes.beginFace>['body'], passed = true) {
    const begun = await beginFace(body);
    await services.answerFace(checkIn(begun), passed);
    return finishFace(begun.id);
  }

  return {
    ask,
    sendCode,
    newestCode,
    signInWith,
    checkName,
    consentToFace,
    beginFace,
    finishFace,
    checkIn,
    face,
    get cookie() {
      return cookie;
    },
    me: () => ask(mobileRoutes.person, { query: { programme: userCentre } }),
    todos: (state: 'waiting' | 'done' = 'waiting') => ask(mobileRoutes.todos, { query: { state } }),
    todo: (id: string) => ask(mobileRoutes.todo, { params: { id } }),
    notices: () => ask(mobileRoutes.notices, {}),
    /** 扫一扫 before some computer that shows a code: through what the person may sign in there. */
    async scan(): Promise<{ ticket: string; accounts: TicketAccount[] }> {
      const made = await fetch(`${url}${loginTicketRoutes.makeTicket.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ programme: userCentre, purpose: 'sign-in' }),
      });
      const { path } = (await made.json()) as { path: string };
      const ticket = new URL(path, url).searchParams.get('t') ?? '';
      const { accounts } = await ask(loginTicketRoutes.scanTicket, { body: { ticket } });
      return { ticket, accounts };
    },
    async signIn() {
      await sendCode();
      return signInWith(await newestCode());
    },
    /** Signed in, real name proved with the face. */
    async proveName() {
      await services.addPerson({ name, idNumber, mobile });
      await sendCode();
      await signInWith(await newestCode());
      await checkName();
      await consentToFace();
      await face({ purpose: 'real-name', programme: userCentre });
    },
    async confirm(id: string, decision = 'confirm') {
      const { step = '' } = await ask(mobileRoutes.todo, { params: { id } });
      return face({ purpose: 'decision', todo: id, step, decision, opinion: '' });
    },
  };
}

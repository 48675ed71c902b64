import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownPerson } from '#domain/accounts/conditions.ts';
import { mobileRoutes } from '#domain/contracts/mobile/routes.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import type { Sessions } from '../services/accounts/sessions.ts';
import type { Announcements } from '../services/announcements.ts';
import type { PersonCases } from '../services/cases/person-cases.ts';
import { sha256 } from '../services/hashing.ts';
import type { MobileLogin } from '../services/accounts/login/mobile-sms.ts';
import type { Consents } from '../services/persons/consents.ts';
import type { OwnEntry } from '../services/persons/own-entry.ts';
import type { PersonFaces } from '../services/persons/person-faces.ts';
import type { RealName } from '../services/persons/real-name.ts';
import { putCookie, readToken, sessionCookie } from './cookies.ts';
import type { OpenEventStream } from './event-streams.ts';
import type { Serve } from './serve.ts';

export interface MobileServices {
  login: MobileLogin;
  consents: Consents;
  realName: RealName;
  faces: PersonFaces;
  own: OwnEntry;
  personCases: PersonCases;
  sessions: Pick<Sessions, 'find'>;
  announcements: Pick<Announcements, 'announce'>;
  openStream: OpenEventStream;
  /** As browsers name this server; undefined: as the request does. */
  publicOrigin: string | undefined;
}

/** A person's own entry on the phone. */
export function addMobileRoutes(serve: Serve, services: MobileServices): void {
  const { login, consents, own, sessions, announcements } = services;
  const setCookie = (reply: FastifyReply, token: string): void =>
    putCookie(reply, sessionCookie, token, sessionMs / 1000);

  serve(mobileRoutes.sendSignInCode, ({ body, request }) => login.sendCode(body, request.ip));
  serve(mobileRoutes.mobileSignIn, async ({ body, request, reply }) => {
    const { token } = await login.signIn(body, {
      ...{ address: request.ip, device: request.headers['user-agent'] ?? '' },
      earlierToken: readToken(request),
    });
    setCookie(reply, token);
    return own.view((await sessions.find(token)).actor, body.programme);
  });
  serve(mobileRoutes.person, ({ actor, query }) => own.view(actor, query.programme));
  serve(mobileRoutes.agree, async ({ actor, body }) => {
    await consents.give(actor.account, body.programme, body.agreements);
    return own.view(actor, body.programme);
  });
  serve(mobileRoutes.withdrawFaceConsent, async ({ actor, query }) => {
    await consents.withdrawFace(actor, query.programme);
    return own.view(actor, query.programme);
  });
  serve(mobileRoutes.checkRealName, async ({ actor, body, request }) => {
    await services.realName.check(actor, body, request.ip);
    return own.view(actor, body.programme);
  });
  serve(mobileRoutes.ownData, async ({ query, request, reply }) => {
    const found = await sessions.find(readToken(request));
    void reply.header('content-disposition', 'attachment; filename="own-data.json"');
    return own.copy(found.actor, { programme: query.programme, session: found.id });
  });
  serve(mobileRoutes.sendErasureCode, ({ actor, body, request }) =>
    own.sendErasureCode(actor, { programme: body.programme, address: request.ip }),
  );
  serve(mobileRoutes.eraseAccount, async ({ actor, body, request, reply }) => {
    await own.erase(actor, { code: body.code, address: request.ip });
    announcements.announce({ type: 'account', accountId: actor.account });
    putCookie(reply, sessionCookie, '', 0);
    return {};
  });
  addFaceRoutes(serve, services, setCookie);
  addTodoRoutes(serve, services);
}

function addFaceRoutes(
  serve: Serve,
  { faces, sessions, announcements, publicOrigin }: MobileServices,
  setCookie: (reply: FastifyReply, token: string) => void,
): void {
  const originOf = ({ protocol, headers }: FastifyRequest): string =>
    publicOrigin ?? `${protocol}://${headers.host ?? ''}`;

  serve(mobileRoutes.beginFace, ({ actor, body, request }) =>
    faces.begin(actor, body, (id) => `${originOf(request)}/m/face/${id}`),
  );
  serve(mobileRoutes.finishFace, async ({ params, request, reply }) => {
    const { outcome, token, ended } = await faces.finish(await sessions.find(readToken(request)), params.id);
    if (token !== undefined) setCookie(reply, token);
    if (outcome.state === 'erased') putCookie(reply, sessionCookie, '', 0);
    for (const accountId of ended) announcements.announce({ type: 'account', accountId });
    return outcome;
  });
}

function addTodoRoutes(serve: Serve, { personCases, own, openStream }: MobileServices): void {
  serve(mobileRoutes.todos, ({ actor, query }) => personCases.list(actor, query.state));
  serve(mobileRoutes.todo, ({ actor, params }) => personCases.detail(actor, params.id));
  serve(mobileRoutes.todoAttachment, async ({ actor, params, reply }) => {
    const { bytes, mime } = await personCases.attachment(actor, params);
    void reply.header('content-type', mime);
    return bytes;
  });
  serve(mobileRoutes.decideTodo, ({ actor, params, body }) => personCases.decide(actor, params.id, body));
  serve(mobileRoutes.notices, ({ actor }) => own.notices(actor));
  serve(mobileRoutes.readNotice, async ({ actor, params }) => {
    await own.readNotice(actor, params.id);
    return {};
  });
  serve(mobileRoutes.mobileEvents, ({ actor, request, reply }) =>
    openStream({
      ...{ actor, request, reply },
      eventOf: (told) => (told.type === 'person' ? { type: 'todos-changed' } : undefined),
      mayHear: (now, told) => told.type === 'person' && sha256(knownPerson(now) ?? '') === told.personSha,
    }),
  );
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { credentialLookUpSchema } from '#domain/contracts/public/credentials.ts';
import { changePasswordSchema, signInSchema } from '#domain/contracts/desk/session.ts';
import { decideRequestSchema, overruleRequestSchema } from '#domain/contracts/desk/cases.ts';
import { serverRoutes } from '#domain/contracts/desk/routes.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { isUniqueCode } from '#domain/record/unique-code.ts';
import type { RecordRows } from '../ports/case-rows.ts';
import type { StationRows } from '../ports/station-rows.ts';
import type { Clock, ServerKey } from '../ports/surroundings.ts';
import type { Announcements } from '../services/announcements.ts';
import type { AttemptLimit } from '../services/attempt-limit.ts';
import { limitKeyOf } from '../services/limit-key.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import type { DeskAccounts } from '../services/desk-accounts.ts';
import type { OwnPassword } from '../services/own-password.ts';
import type { DeskCases } from '../services/desk-cases.ts';
import type { VerificationCodes } from '../services/verification-codes.ts';
import { knownBrowserMs } from '../services/known-browsers.ts';
import type { KnownBrowsers } from '../services/known-browsers.ts';
import { parseInput } from './http-server.ts';
import { forPublic, forSession } from './route-access.ts';

export interface DeskRoutesOptions {
  accounts: DeskAccounts;
  announcements: Pick<Announcements, 'announce'>;
  attempts: AttemptLimit;
  browsers: Pick<KnownBrowsers, 'cookieName'>;
  ownPassword: OwnPassword;
  cases: DeskCases;
  records: RecordRows;
  stations: StationRows;
  clock: Clock;
  serverKey: ServerKey;
  verificationCodes: Pick<VerificationCodes, 'isRight'>;
  catalogue: Catalogue;
  /** The cookie goes over TLS only. */
  isSecure: boolean;
}

const cookieName = 'ludeng-desk';
/** Public look-ups from one address within an hour, before the next one waits. */
const freeLookUps = 30;
const caseQuerySchema = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  search: z.string().max(100).default(''),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
});
const idSchema = z.object({ id: z.string().max(64) });
const slotSchema = z.object({ id: z.string().max(64), slot: z.string().max(64) });
const pageSchema = slotSchema.extend({ page: z.coerce.number().int().min(0).max(1000) });
const cropSchema = slotSchema.extend({ field: z.string().max(64) });

/** The desk's API, as domain/contracts/desk has it. */
export function addDeskRoutes(app: FastifyInstance, options: DeskRoutesOptions): void {
  const {
    accounts,
    announcements,
    attempts,
    browsers,
    ownPassword,
    cases,
    records,
    stations,
    clock,
    serverKey,
    verificationCodes,
    catalogue,
    isSecure,
  } = options;
  const whoIs = (request: FastifyRequest): Promise<Actor> => accounts.whoIs(readToken(request));
  const routes = serverRoutes;
  /** The other sessions' streams end at once. */
  const tell = <A extends AccountView>(account: A): A => {
    announcements.announce({ type: 'account', accountId: account.id });
    return account;
  };

  app.post(routes.signIn.path, forPublic, async (request, reply) => {
    const wanted = parseInput(signInSchema, request.body);
    const known = browsers.cookieName(wanted.account);
    const { token, browser } = await accounts.signIn(wanted, {
      address: request.ip,
      cookie: readCookie(request, known),
      device: request.headers['user-agent'] ?? '',
      earlierToken: readToken(request),
    });
    void reply.header('set-cookie', [
      cookie(cookieName, token, sessionMs / 1000, isSecure),
      cookie(known, browser, knownBrowserMs / 1000, isSecure),
    ]);
    return ownPassword.me(token);
  });
  app.get(routes.me.path, forSession, async (request) => ownPassword.me(readToken(request)));
  app.put(routes.changePassword.path, forSession, async (request, reply) => {
    const wanted = parseInput(changePasswordSchema, request.body);
    const { account, token } = await ownPassword.change(readToken(request), wanted);
    void reply.header('set-cookie', cookie(cookieName, token, sessionMs / 1000, isSecure));
    return tell(account);
  });
  app.delete(routes.signOut.path, forSession, async (request, reply) => {
    const token = readToken(request);
    const left = await ownPassword.me(token).catch(() => undefined);
    await accounts.signOut(token);
    if (left) announcements.announce({ type: 'account', accountId: left.id });
    void reply.header('set-cookie', cookie(cookieName, '', 0, isSecure));
    return {};
  });
  app.get(routes.catalogue.path, async (request) => {
    demandAtAll(await whoIs(request), 'catalogue.read');
    return catalogue;
  });

  app.get(routes.cases.path, async (request) => {
    const account = await whoIs(request);
    return cases.list(account, parseInput(caseQuerySchema, request.query));
  });
  app.get(routes.case.path, async (request) => {
    const account = await whoIs(request);
    return cases.detail(account, parseInput(idSchema, request.params).id);
  });
  app.post(routes.decide.path, async (request) => {
    const account = await whoIs(request);
    const { id } = parseInput(idSchema, request.params);
    return cases.decide(account, id, parseInput(decideRequestSchema, request.body));
  });

  app.post(routes.overrule.path, async (request) => {
    const account = await whoIs(request);
    const { id } = parseInput(idSchema, request.params);
    return cases.overrule(account, id, parseInput(overruleRequestSchema, request.body));
  });

  app.get(routes.page.path, async (request, reply) => {
    const account = await whoIs(request);
    const { id, slot, page } = parseInput(pageSchema, request.params);
    const bytes = await cases.page(account, { recordId: id, slot, page });
    return sendBytes(reply, bytes, 'image/jpeg');
  });
  app.get(routes.crop.path, async (request, reply) => {
    const account = await whoIs(request);
    const { id, slot, field } = parseInput(cropSchema, request.params);
    return sendBytes(reply, await cases.crop(account, { recordId: id, slot, field }), 'image/jpeg');
  });
  app.get(routes.sealReport.path, async (request, reply) => {
    const account = await whoIs(request);
    const { id, slot } = parseInput(slotSchema, request.params);
    const page = await cases.sealReport(account, { recordId: id, slot });
    return sendBytes(reply, Buffer.from(page), 'text/html; charset=utf-8');
  });
  app.get(routes.pdf.path, async (request, reply) => {
    const account = await whoIs(request);
    const { id, slot } = parseInput(slotSchema, request.params);
    const bytes = await cases.pdf(account, { recordId: id, slot });
    return sendBytes(reply, bytes, 'application/pdf');
  });

  app.get(routes.stations.path, async (request) => {
    demandAtAll(await whoIs(request), 'station.list');
    return (await stations.list()).map(
      ({ id, name, state, pending, appVersion, lastSeenAt, onlineUntilMs }) => ({
        id,
        name,
        state,
        pending,
        version: appVersion,
        online: onlineUntilMs > clock.nowMs(),
        ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
      }),
    );
  });

  const isAtWork = (request: FastifyRequest): Promise<boolean> =>
    whoIs(request).then(
      () => true,
      () => false,
    );
  app.get(routes.credential.path, forPublic, async (request) => {
    const asked = Object.assign({}, request.query, request.params);
    const { uniqueCode, verificationCode } = parseInput(credentialLookUpSchema, asked);
    // whoever guesses waits ever longer, and a miss counts as a hit does
    if (!(await isAtWork(request)))
      await attempts.take([{ name: `certificate from ${limitKeyOf(request.ip)}`, free: freeLookUps }]);
    // codes count up: without the right one nothing is looked for, so that no answer and no delay tells which exist
    const isRight = verificationCodes.isRight(uniqueCode, verificationCode) && isUniqueCode(uniqueCode);
    const found = isRight ? await records.findCredential(uniqueCode) : undefined;
    if (!found) throw new AppError('NOT_FOUND', { uniqueCode });
    // `body` is the very text that is signed
    return { ...found, serverPublicKey: serverKey.publicKeyPem, titles: titlesOf(found.body, catalogue) };
  });
}

/** What programme and kind are called today; a kind that the configuration has no more keeps its id. */
function titlesOf(body: string, catalogue: Catalogue): { programme: string; kind: string } {
  const ids = z.object({ programme: z.string(), kind: z.string() }).parse(JSON.parse(body));
  const programme = catalogue.programmes.find(({ id }) => id === ids.programme);
  const kind = programme?.recordKinds.find(({ id }) => id === ids.kind);
  return { programme: programme?.name ?? ids.programme, kind: kind?.title ?? ids.kind };
}

function sendBytes(reply: FastifyReply, bytes: Uint8Array, type: string): FastifyReply {
  return reply
    .header('content-type', type)
    .header('content-disposition', 'inline')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('content-security-policy', "frame-ancestors 'self'")
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

export const readToken = (request: FastifyRequest): string | undefined => readCookie(request, cookieName);

function readCookie(request: FastifyRequest, wanted: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === wanted && value) return value;
  }
  return undefined;
}

function cookie(name: string, value: string, maxAgeS: number, isSecure: boolean): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeS}`];
  if (isSecure) attributes.push('Secure');
  return [`${name}=${value}`, ...attributes].join('; ');
}

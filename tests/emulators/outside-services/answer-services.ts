/** The services over HTTP, as the contracts have them. */
import { timingSafeEqual, createHash, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OutsideOperation } from '#domain/contracts/outside/service.ts';
import { refusals } from '#domain/contracts/outside/service.ts';
import { outsideServiceIds, outsideServices } from '#domain/contracts/outside/services.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { forgedResult } from './face-results.ts';
import { answerInstitutionAccounts } from './institution-accounts.ts';
import type { Sandbox } from './open-state.ts';

export interface AnswerOptions {
  sandbox: Sandbox;
  token: string;
  faceKey: KeyObject;
  /** Of the page that a face check shows to the person. */
  facePage: (checkId: string) => string;
}

type Services = typeof outsideServices;
type RequestOf<O> = O extends { request: infer S extends z.ZodType } ? z.output<S> : undefined;
type Handle = (request: unknown, params: Record<string, unknown>) => object | undefined;
type Handlers = {
  [S in OutsideServiceId]: {
    [O in keyof Services[S]['operations']]: (
      request: RequestOf<Services[S]['operations'][O]>,
      params: Record<string, string>,
    ) => object | undefined;
  };
};

/** Answers undefined where there is no such thing: 404. */
function createHandlers({ sandbox, faceKey, facePage }: AnswerOptions): Handlers {
  return {
    sms: {
      send({ mobile, text }) {
        const id = randomBytes(12).toString('base64url');
        const code = /(?<!\d)\d{4,8}(?!\d)/.exec(text)?.[0];
        const at = new Date().toISOString();
        sandbox.addMessage({ id, at, mobile, text, ...(code === undefined ? {} : { code }) });
        return { accepted: true, messageId: id };
      },
    },
    realName: {
      check: ({ name, idNumber, mobile }) => ({
        matches: sandbox
          .persons()
          .some((one) => one.idNumber === idNumber && one.name === name && one.mobile === mobile),
      }),
    },
    mobileCheck: {
      check: ({ name, mobile }) => ({
        matches: sandbox.persons().some((one) => one.name === name && one.mobile === mobile),
      }),
    },
    face: {
      begin(request) {
        const checkId = randomBytes(16).toString('base64url');
        sandbox.addCheck({ checkId, at: new Date().toISOString(), request });
        return { checkId, url: facePage(checkId) };
      },
      result(_, { checkId = '' }) {
        const check = sandbox.findCheck(checkId);
        const { forgery } = sandbox.behaviourOf('face');
        if (!check) return undefined;
        if (forgery === undefined) return check.done ?? { state: 'pending' };
        const earlier = sandbox.checks().flatMap((one) => (one !== check && one.done ? [one.done] : []));
        return forgedResult(check, forgery, { key: faceKey, earlier });
      },
    },
    businessRegister: {
      find: ({ creditCode }) => ({
        business: sandbox.businesses().find((one) => one.creditCode === creditCode) ?? null,
      }),
    },
    caCompany: {
      keys: ({ creditCode: asked }) => ({
        keys: sandbox
          .keys()
          .filter(({ creditCode }) => creditCode === asked)
          .map(({ creditCode: _, ...key }) => key),
      }),
      apply({ creditCode: asked }) {
        const business = sandbox.businesses().find((one) => one.creditCode === asked);
        return business === undefined || business.state === 'active'
          ? { isAccepted: true, reference: `CA-${randomBytes(4).toString('hex').toUpperCase()}` }
          : { isAccepted: false, reason: '工商登记显示该单位已吊销或注销' };
      },
    },
    qualificationRegister: {
      find: ({ idNumber }) => ({
        idNumber,
        qualifications: sandbox
          .qualifications()
          .filter((one) => one.idNumber === idNumber)
          .map(({ idNumber: _, ...one }) => one),
      }),
    },
    buildingMarket: {
      find({ creditCode, idNumber }) {
        const found = sandbox
          .market()
          .filter((one) => one.creditCode === creditCode && one.idNumber === idNumber);
        const given = found.filter(({ isHeldBack }) => !isHeldBack);
        const certificates = given.map(({ creditCode: _, idNumber: _of, isHeldBack: _held, ...row }) => row);
        return { creditCode, total: found.length, certificates };
      },
    },
    institutionAccounts: answerInstitutionAccounts(sandbox),
  };
}

export function answerServices(app: FastifyInstance, options: AnswerOptions): void {
  const handlers = createHandlers(options);
  for (const id of outsideServiceIds)
    for (const [name, operation] of Object.entries<OutsideOperation>(outsideServices[id].operations)) {
      // what it is given has been parsed by its own operation's schemas
      const handle = (handlers[id] as unknown as Record<string, Handle>)[name];
      if (!handle) throw new Error(`no handler for ${id}.${name}`);
      app.route({
        method: operation.method,
        url: `/services/${id}${operation.path}`,
        async handler(request, reply) {
          await answer({ id, operation, handle }, request, reply, options);
          options.sandbox.noteRequest({
            at: new Date().toISOString(),
            service: id,
            operation: name,
            status: reply.statusCode,
            body: operation.request ? request.body : request.params,
          });
          return reply;
        },
      });
    }
}

interface Asked {
  id: OutsideServiceId;
  operation: OutsideOperation;
  handle: Handle;
}

async function answer(
  { id, operation, handle }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  { sandbox, token }: AnswerOptions,
): Promise<void> {
  if (!isBearer(request.headers.authorization, token)) return refuse(reply, 401);
  const { mode, delayMs } = sandbox.behaviourOf(id);
  if (mode === 'fail') return refuse(reply, 500);
  if (mode === 'refuse') return refuse(reply, 403);
  if (mode === 'garbage') return send(reply, '{"matches": tru<html>不是 JSON</html>');
  if (mode === 'stray') return send(reply, JSON.stringify(strayAnswer(id, sandbox)));
  if (mode === 'redirect' && !request.url.endsWith(followed))
    return void reply.redirect(`${request.url}${followed}`, 307);
  if (mode === 'slow') await pause(delayMs);
  const body = operation.request?.safeParse(request.body);
  const params = (operation.params ?? z.object({})).safeParse(request.params);
  if (body?.success === false || !params.success) return refuse(reply, 400);
  const told = handle(body?.data, params.data);
  if (told === undefined) return refuse(reply, 404);
  send(reply, JSON.stringify(mode === 'oversize' ? { ...told, filler: '长'.repeat(1_000_000) } : told));
}

/** JSON, but not what was asked for: another form, and of the register another unit. */
const strayAnswer = (id: OutsideServiceId, sandbox: Sandbox): object =>
  id === 'businessRegister' ? { business: sandbox.businesses().at(-1) } : { unexpected: true };

/** Whoever goes where it is sent finds a good answer there, and has given its question to a stranger. */
const followed = '?followed';

const send = (reply: FastifyReply, json: string): void => void reply.type('application/json').send(json);

function refuse(reply: FastifyReply, status: keyof typeof refusals): void {
  void reply.code(status).send({ error: refusals[status] });
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const isBearer = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(sha256(header ?? ''), sha256(`Bearer ${token}`));

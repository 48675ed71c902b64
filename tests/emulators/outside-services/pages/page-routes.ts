/** The pages that a person sees in the browser, and what their forms send. */
import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openApiOf } from '#domain/contracts/outside/openapi.ts';
import { outsideServiceIds } from '#domain/contracts/outside/services.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { signedResult } from '../face-results.ts';
import type { Sandbox } from '../open-state.ts';
import {
  behaviourChangeSchema,
  businessSchema,
  institutionAccountSchema,
  keySchema,
  personSchema,
  sandboxMarketSchema,
  sandboxQualificationSchema,
} from '../schemas.ts';
import { facePage, facesPage } from './faces.ts';
import type { Html } from './html.ts';
import { institutionAccountsPage } from './institution-accounts.ts';
import { openApiIndexPage, openApiPage } from './openapi.ts';
import { messagesPage, overviewPage, requestsPage } from './overview.ts';
import { marketPage } from './market.ts';
import { qualificationsPage } from './qualifications.ts';
import { businessesPage, keysPage, personsPage } from './registers.ts';
import type { Failed } from './registers.ts';
import { show } from './show.ts';

const assets: Readonly<Record<string, { type: string; file: URL }>> = {
  'tokens.css': { type: 'text/css', file: new URL('../../../../ui/tokens.css', import.meta.url) },
  'base.css': { type: 'text/css', file: new URL('../../../../ui/base.css', import.meta.url) },
  'sandbox.css': { type: 'text/css', file: new URL('../assets/sandbox.css', import.meta.url) },
  'live.js': { type: 'text/javascript', file: new URL('../assets/live.js', import.meta.url) },
};

const formSchema = z.record(z.string(), z.string());
type Form = z.infer<typeof formSchema>;

export interface PageOptions {
  sandbox: Sandbox;
  faceKey: KeyObject;
  addressOf: (id: OutsideServiceId) => string;
}

export function addPageRoutes(app: FastifyInstance, { sandbox, faceKey, addressOf }: PageOptions): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
  for (const [name, { type, file }] of Object.entries(assets))
    app.get(`/assets/${name}`, (_, reply) => reply.type(`${type}; charset=utf-8`).send(readFileSync(file)));

  app.get('/', (_, reply) => show(reply, overviewPage(sandbox)));
  app.get('/messages', (_, reply) => show(reply, messagesPage(sandbox)));
  app.get('/requests', (_, reply) => show(reply, requestsPage(sandbox)));
  app.get('/faces', (_, reply) => show(reply, facesPage(sandbox)));

  app.post('/behaviour', ({ body }, reply) => {
    const { service, mode, delaySeconds, forgery } = formSchema.parse(body);
    const { service: id, ...behaviour } = behaviourChangeSchema.parse({
      ...{ service, mode },
      delayMs: Number(delaySeconds) * 1000,
      ...(forgery ? { forgery } : {}),
    });
    sandbox.setBehaviour(id, behaviour);
    return reply.redirect('/', 303);
  });

  addRows('/persons', personsPage, (form) => sandbox.putPerson(personSchema.parse(form)));
  addRows('/businesses', businessesPage, (form) => sandbox.putBusiness(businessSchema.parse(form)));
  addRows('/qualifications', qualificationsPage, ({ validUntil, ...form }) =>
    sandbox.putQualification(
      sandboxQualificationSchema.parse(validUntil === '' ? form : { ...form, validUntil }),
    ),
  );
  addRows('/market', marketPage, (form) =>
    sandbox.putMarketCertificate(
      sandboxMarketSchema.parse(Object.fromEntries(Object.entries(form).filter(([, text]) => text !== ''))),
    ),
  );
  addRows('/keys', keysPage, ({ validFrom, validUntil, ...form }) =>
    sandbox.putKey(
      keySchema.parse({ ...form, validFrom: beginOf(validFrom), validUntil: beginOf(validUntil) }),
    ),
  );
  addRows('/institution-accounts', institutionAccountsPage, ({ keySerial, ...form }) =>
    sandbox.putInstitutionAccount(
      institutionAccountSchema.parse({
        ...form,
        otpSecret: randomBytes(20).toString('hex'),
        keySerials: keySerial ? [keySerial] : [],
      }),
    ),
  );
  function addRows(
    path: string,
    page: (sandbox: Sandbox, failed?: Failed) => Html,
    put: (form: Form) => void,
  ): void {
    app.get(path, (_, reply) => show(reply, page(sandbox)));
    app.post(path, ({ body }, reply) => {
      const form = formSchema.parse(body);
      try {
        put(form);
      } catch (error) {
        if (!(error instanceof z.ZodError)) throw error;
        const problem = error.issues.map(({ message }) => message).join('；');
        return show(reply.code(400), page(sandbox, { problem: `没有保存：${problem}`, typed: form }));
      }
      return reply.redirect(path, 303);
    });
  }

  const checkParams = z.object({ checkId: z.string() });
  app.get('/face/:checkId', ({ params }, reply) => {
    const check = sandbox.findCheck(checkParams.parse(params).checkId);
    const isKnown = sandbox
      .persons()
      .some(({ name, idNumber }) => name === check?.request.name && idNumber === check.request.idNumber);
    return show(check ? reply : reply.code(404), facePage(check, isKnown));
  });
  app.post('/face/:checkId', ({ params, body }, reply) => {
    const check = sandbox.findCheck(checkParams.parse(params).checkId);
    const { outcome } = z.object({ outcome: z.enum(['passed', 'failed']) }).parse(body);
    if (!check) return show(reply.code(404), facePage(undefined, false));
    sandbox.endCheck(check, signedResult(check, outcome, faceKey));
    return reply.redirect(check.request.returnUrl, 303);
  });

  app.get('/openapi', (_, reply) => show(reply, openApiIndexPage()));
  for (const id of outsideServiceIds) {
    app.get(`/openapi/${id}.json`, () => openApiOf(id, addressOf(id)));
    app.get(`/openapi/${id}`, (_, reply) => show(reply, openApiPage(id, addressOf(id))));
  }
}

/** The day as China begins it. */
const beginOf = (day: string | undefined): string => {
  const begin = new Date(`${day}T00:00:00+08:00`);
  return Number.isNaN(begin.getTime()) ? '' : begin.toISOString();
};

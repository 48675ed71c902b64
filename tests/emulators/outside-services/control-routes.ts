/** `/sandbox/…`: what tests and `npm start` tell the sandbox and ask of it, as JSON. */
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { outsideServiceIds } from '#domain/contracts/outside/services.ts';
import { signedResult } from './face-results.ts';
import type { Sandbox } from './open-state.ts';
import { oneTimeCode } from './one-time-codes.ts';
import {
  behaviourChangeSchema,
  businessSchema,
  institutionAccountSchema,
  keySchema,
  personSchema,
  sandboxMarketSchema,
  sandboxQualificationSchema,
} from './schemas.ts';

export function addControlRoutes(
  app: FastifyInstance,
  { sandbox, faceKey, facePublicKeyPem }: { sandbox: Sandbox; faceKey: KeyObject; facePublicKeyPem: string },
): void {
  app.get('/sandbox/face-public-key', (_, reply) =>
    reply.type('application/x-pem-file; charset=utf-8').send(facePublicKeyPem),
  );

  app.get('/sandbox/behaviour', () =>
    Object.fromEntries(outsideServiceIds.map((id) => [id, sandbox.behaviourOf(id)])),
  );
  app.put('/sandbox/behaviour', ({ body }) => {
    const { service, ...behaviour } = behaviourChangeSchema.parse(body);
    sandbox.setBehaviour(service, behaviour);
    return {};
  });

  app.get('/sandbox/persons', () => sandbox.persons());
  app.put('/sandbox/persons', ({ body }) => {
    sandbox.putPerson(personSchema.parse(body));
    return {};
  });
  app.get('/sandbox/businesses', () => sandbox.businesses());
  app.put('/sandbox/businesses', ({ body }) => {
    sandbox.putBusiness(businessSchema.parse(body));
    return {};
  });
  app.get('/sandbox/qualifications', () => sandbox.qualifications());
  app.put('/sandbox/qualifications', ({ body }) => {
    sandbox.putQualification(sandboxQualificationSchema.parse(body));
    return {};
  });
  app.get('/sandbox/market', () => sandbox.market());
  app.put('/sandbox/market', ({ body }) => {
    sandbox.putMarketCertificate(sandboxMarketSchema.parse(body));
    return {};
  });
  app.get('/sandbox/keys', () => sandbox.keys());
  app.put('/sandbox/keys', ({ body }) => {
    sandbox.putKey(keySchema.parse(body));
    return {};
  });

  /** With the code that its token shows now. */
  app.get('/sandbox/institution-accounts', () =>
    sandbox.institutionAccounts().map((one) => ({ ...one, shown: oneTimeCode(one.otpSecret, Date.now()) })),
  );
  app.put('/sandbox/institution-accounts', ({ body }) => {
    sandbox.putInstitutionAccount(institutionAccountSchema.parse(body));
    return {};
  });

  app.get('/sandbox/messages', ({ query }) => {
    const { mobile } = z.strictObject({ mobile: z.string().optional() }).parse(query);
    return sandbox.messages().filter((one) => mobile === undefined || one.mobile === mobile);
  });
  app.get('/sandbox/requests', ({ query }) => {
    const { service } = z.strictObject({ service: z.enum(outsideServiceIds).optional() }).parse(query);
    return sandbox.requests().filter((one) => service === undefined || one.service === service);
  });

  app.get('/sandbox/faces', () => sandbox.checks());
  /** Instead of the person's hand on the page. */
  app.put('/sandbox/faces/:checkId', ({ params, body }, reply) => {
    const { checkId } = z.object({ checkId: z.string() }).parse(params);
    const { passed } = z.strictObject({ passed: z.boolean() }).parse(body);
    const check = sandbox.findCheck(checkId);
    if (!check) return reply.code(404).send({ error: '没有这次人脸识别' });
    if (check.done) return reply.code(409).send({ error: '这次人脸识别已经完成' });
    sandbox.endCheck(check, signedResult(check, passed ? 'passed' : 'failed', faceKey));
    return {};
  });

  /** `change` whenever a page would look different. */
  app.get('/sandbox/events', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const tell = (): void =>
      void reply.raw.write(`event: change\nid: ${randomBytes(6).toString('hex')}\ndata: {}\n\n`);
    reply.raw.write(': here\n\n');
    sandbox.changes.on('change', tell);
    request.raw.once('close', () => sandbox.changes.off('change', tell));
  });
}

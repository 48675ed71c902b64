/** The provider under `/openid`, and the page on which one of its users signs in. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Sandbox } from '../open-state.ts';
import { show } from '../pages/show.ts';
import { openidBehaviourSchema, openidUserSchema, redirectUrisSchema } from '../schemas.ts';
import { openRows } from './open-rows.ts';
import { openidSignInPage, openidUsersPage } from './pages.ts';
import { createProvider, interactionPath, openidPath } from './provider.ts';
import type { OpenidKeys } from './provider.ts';

export interface OpenidOptions {
  sandbox: Sandbox;
  keys: OpenidKeys;
  /** Known once the sandbox listens. */
  issuer: () => string;
}

export function addOpenidRoutes(app: FastifyInstance, { sandbox, keys, issuer }: OpenidOptions): void {
  const rows = openRows();
  let made: { provider: Provider; redirectUris: readonly string[] } | undefined;
  const providerOf = (): Provider => {
    const { redirectUris } = sandbox.openid();
    if (made?.redirectUris !== redirectUris)
      made = { provider: createProvider(sandbox, { issuer: issuer(), keys, rows }), redirectUris };
    return made.provider;
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // the provider reads bodies by itself
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.all(`${openidPath}/*`, async (request, reply) => {
      const { mode, delayMs } = sandbox.openidBehaviour();
      if (mode === 'fail') return reply.code(500).send({ error: 'server_error' });
      if (mode === 'slow') await pause(delayMs);
      reply.hijack();
      const { raw } = request;
      Object.assign(raw, { originalUrl: raw.url, url: raw.url?.slice(openidPath.length) });
      await providerOf().callback()(raw, reply.raw);
    });
  });

  app.get(interactionPath, (_, reply) => show(reply, openidUsersPage(sandbox)));
  app.post(interactionPath, ({ body }, reply) => {
    const form = z.record(z.string(), z.string()).parse(body);
    const filled = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
    const user = openidUserSchema.safeParse(filled);
    if (user.success) {
      sandbox.putOpenidUser(user.data);
      return reply.redirect(interactionPath, 303);
    }
    const problem = `没有保存：${user.error.issues.map(({ message }) => message).join('；')}`;
    return show(reply.code(400), openidUsersPage(sandbox, { problem, typed: form }));
  });
  app.post(`${interactionPath}/behaviour`, ({ body }, reply) => {
    const { mode, forgery } = z.record(z.string(), z.string()).parse(body);
    sandbox.setOpenidBehaviour(openidBehaviourSchema.parse({ mode, ...(forgery ? { forgery } : {}) }));
    return reply.redirect(interactionPath, 303);
  });

  app.get(`${interactionPath}/:uid`, async (request, reply) => {
    const isOpen = await isWaiting(request, reply);
    return show(isOpen ? reply : reply.code(404), openidSignInPage(isOpen ? sandbox : undefined));
  });
  app.post(`${interactionPath}/:uid`, async (request, reply) => {
    const { login } = z.object({ login: z.string().optional() }).parse(request.body);
    const result =
      login === undefined
        ? { error: 'access_denied', error_description: 'the person said no' }
        : { login: { accountId: login, remember: false } };
    const options = { mergeWithLastSubmission: false };
    const url = await providerOf().interactionResult(request.raw, reply.raw, result, options);
    return reply.redirect(url, 303);
  });
  const isWaiting = (request: FastifyRequest, reply: FastifyReply): Promise<boolean> =>
    providerOf()
      .interactionDetails(request.raw, reply.raw)
      .then(
        () => true,
        () => false,
      );

  app.get('/sandbox/openid', () => sandbox.openid());
  app.put('/sandbox/openid/users', ({ body }) => {
    sandbox.putOpenidUser(openidUserSchema.parse(body));
    return {};
  });
  app.put('/sandbox/openid/redirect-uris', ({ body }) => {
    sandbox.setRedirectUris(redirectUrisSchema.parse(body));
    return {};
  });
  app.put('/sandbox/openid/behaviour', ({ body }) => {
    sandbox.setOpenidBehaviour(openidBehaviourSchema.parse(body));
    return {};
  });
}

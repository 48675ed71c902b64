/**
 * One program in place of all outside services, speaking their HTTP, with pages of its own. It says on each page that it is a
 * sandbox: no message leaves it and nobody is really looked at. Only this machine may use it; a phone in the network, where
 * `publicUrl` names an address for it, reaches the page of a face check and nothing else.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import { z } from 'zod';
import { writePrivateFile } from '#config/private-files.ts';
import { outsideServiceIds } from '#domain/contracts/outside/services.ts';
import type { OutsideServiceId } from '#domain/contracts/outside/services.ts';
import { answerServices } from './answer-services.ts';
import { addApprovalSystem } from './approval-system.ts';
import { addControlRoutes } from './control-routes.ts';
import { openFaceKey } from './face-results.ts';
import { openState } from './open-state.ts';
import { clientId, openOpenidKeys, openidPath } from './openid/provider.ts';
import { addOpenidRoutes } from './openid/routes.ts';
import { addPageRoutes } from './pages/page-routes.ts';

export interface SandboxOptions {
  /** What it knows and its keys; made at the first start. */
  folder: string;
  /** 0: any free one. */
  port: number;
  host?: string | undefined;
  /** As phones reach it; by default the address of this machine alone. */
  publicUrl?: string | undefined;
}

export interface RunningSandbox {
  url: string;
  /** The block `services` of the server's settings. */
  services: SandboxServices;
  close(): Promise<void>;
}

interface Place {
  url: string;
  token: string;
  timeoutSeconds: number;
}
interface OpenidPlace {
  url: string;
  clientId: string;
  clientSecret: string;
}
export type SandboxServices = Record<OutsideServiceId, Place> & {
  face: Place & { publicKey: string };
  openid: Record<string, OpenidPlace>;
  /** It asks the server; the others are asked. */
  approvalSystem: { token: string };
};

export async function startSandbox({
  folder,
  port,
  host = '127.0.0.1',
  publicUrl,
}: SandboxOptions): Promise<RunningSandbox> {
  const sandbox = openState(folder);
  const token = openToken(folder);
  const { privateKey: faceKey, publicKeyPem } = openFaceKey(folder);
  const app = Fastify({ bodyLimit: 256 * 1024, forceCloseConnections: true });
  const openidKeys = openOpenidKeys(folder);
  let url = '';

  app.setErrorHandler((error, _, reply) => {
    if (error instanceof z.ZodError)
      return reply.code(400).send({ error: error.issues.map(({ message }) => message).join('；') });
    const status = z.object({ statusCode: z.int() }).safeParse(error).data?.statusCode ?? 500;
    return reply.code(status).send({ error: status === 500 ? String(error) : '请求不正确' });
  });
  app.addHook('onRequest', async (request, reply) => {
    const isHere = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip);
    const isForPhones = /^\/(?:face|assets)\//.test(request.url);
    // a page of another site that knows this address, by a name of its own or by a form
    const { host: asked = '', origin } = request.headers;
    const own = [url, publicUrl].flatMap((one) => (one ? [new URL(one)] : []));
    const isOwnName = own.some((one) => one.host === asked);
    const isOwnPage = origin === undefined || own.some((one) => one.origin === origin);
    if (!(isHere || isForPhones) || !isOwnName || !isOwnPage)
      await reply.code(403).send({ error: '沙箱只供本机使用' });
  });
  answerServices(app, {
    sandbox,
    token,
    faceKey,
    facePage: (checkId) => `${publicUrl ?? url}/face/${checkId}`,
  });
  const addressOf = (id: OutsideServiceId): string => `${url}/services/${id}`;
  addPageRoutes(app, { sandbox, faceKey, addressOf });
  addOpenidRoutes(app, { sandbox, keys: openidKeys, issuer: () => `${url}${openidPath}` });
  addApprovalSystem(app, { token });
  addControlRoutes(app, { sandbox, faceKey, facePublicKeyPem: publicKeyPem });

  await app.listen({ host, port });
  const address = app.server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  const placeOf = (id: OutsideServiceId): Place => ({
    url: addressOf(id),
    token,
    timeoutSeconds: 10,
  });
  const places = Object.fromEntries(outsideServiceIds.map((id) => [id, placeOf(id)]));
  // the ids are those of the record
  const services = {
    ...(places as Record<OutsideServiceId, Place>),
    face: { ...placeOf('face'), publicKey: publicKeyPem },
    approvalSystem: { token },
    openid: {
      [sandbox.openid().programme]: {
        ...{ url: `${url}${openidPath}`, clientId },
        clientSecret: openidKeys.clientSecret,
      },
    },
  };
  return { url, services, close: () => app.close() };
}

/** The one that the server must send. */
function openToken(folder: string): string {
  const file = join(folder, 'token');
  if (!existsSync(file)) writePrivateFile(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8');
}

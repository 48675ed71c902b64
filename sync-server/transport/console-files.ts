import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#domain/errors/app-error.ts';
import { serveFiles } from './route-access.ts';

/** Where each console's page is found; what is nobody's else is the desk's. */
const places = [
  { under: /^\/m(\/|$|\?)/, page: 'mobile/index.html' },
  { under: /^\/user-centre(\/|$|\?)/, page: 'user-centre/index.html' },
  { under: /^\/portal(\/|$|\?)/, page: 'portal/index.html' },
] as const;
const deskPage = 'desk/index.html';

/** The consoles' pages, where they were built; every path that is no file and no API shows the one to which it belongs. */
export async function addConsoleFiles(app: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, deskPage));
  if (isBuilt) {
    const files: FastifyStaticOptions = { root: folder };
    await serveFiles(app, async (scope) => {
      await scope.register(fastifyStatic, { ...files, wildcard: false, decorateReply: false });
    });
    // for the page itself, at whatever place it is opened
    await app.register(fastifyStatic, { ...files, serve: false });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !/^\/(api|socket\.io)(\/|$)/.test(request.url);
    if (isBuilt && isPage)
      return reply.sendFile(places.find(({ under }) => under.test(request.url))?.page ?? deskPage);
    throw new AppError('NOT_FOUND');
  });
}

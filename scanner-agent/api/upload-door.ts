/**
 * Files of 50 MB come one after another: whoever may not deliver one is told before it is read, and no more than a few are
 * in memory at a time, on their way in or waiting to be read.
 */
import type { FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { maxUploadBytes } from '#domain/contracts/kiosk/pages.ts';
import { AppError } from '#domain/errors/app-error.ts';

const maxHeld = 3;

export interface UploadDoor {
  /** For the options of a route that takes a file. `check` throws what the upload would be refused with. */
  route(check: (request: FastifyRequest) => void): RouteShorthandOptions;
}

export function createUploadDoor(options: {
  /** Files that came in and are being worked on. */
  inWork: () => number;
}): UploadDoor {
  let onTheWay = 0;
  return {
    route: (check) => ({
      bodyLimit: maxUploadBytes,
      onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
        const { 'content-length': length } = request.headers;
        if (length !== undefined && Number(length) > maxUploadBytes)
          throw new AppError('FILE_TOO_LARGE', { maxBytes: maxUploadBytes });
        check(request);
        if (onTheWay + options.inWork() >= maxHeld) throw new AppError('WORK_IN_PROGRESS');
        onTheWay += 1;
        reply.raw.once('close', () => (onTheWay -= 1));
      },
    }),
  };
}

/**
 * Files of 50 MB come one after another: whoever may not deliver one is told before it is read, and no more than a few are
 * in memory at a time, on their way in or waiting to be read.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { maxUploadBytes } from '#domain/contracts/kiosk/pages.ts';
import { AppError } from '#domain/errors/app-error.ts';

const maxHeld = 3;

/** Both before a byte of the body is read. */
export interface UploadDoor {
  /** Throws FILE_TOO_LARGE by what the request says of its length. */
  refuseTooLarge(request: FastifyRequest): void;
  /** Counts this one until it is answered. Throws WORK_IN_PROGRESS where too many are in work. */
  enter(reply: FastifyReply): void;
}

export function createUploadDoor(options: {
  /** Files that came in and are being worked on. */
  inWork: () => number;
}): UploadDoor {
  let onTheWay = 0;
  return {
    refuseTooLarge({ headers: { 'content-length': length } }) {
      if (length !== undefined && Number(length) > maxUploadBytes)
        throw new AppError('FILE_TOO_LARGE', { maxBytes: maxUploadBytes });
    },
    enter(reply) {
      if (onTheWay + options.inWork() >= maxHeld) throw new AppError('WORK_IN_PROGRESS');
      onTheWay += 1;
      reply.raw.once('close', () => (onTheWay -= 1));
    },
  };
}

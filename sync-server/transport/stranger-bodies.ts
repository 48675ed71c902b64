/** How much memory the pictures of strangers take while they are on their way here and read, whoever sends how many. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { maxPictureBytes } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { limitKeyOf } from '../services/accounts/limit-key.ts';

/** Seventeen of the largest; a photograph of a phone is a tenth or so of one. */
const maxHeld = 256 * 1024 * 1024;
/** One address alone leaves room for others. */
const maxHeldOfOne = 64 * 1024 * 1024;
const retryAfterMs = 10_000;

/** Bytes as they have come, not as they were announced: whoever sends slowly holds little. */
function createHeld() {
  let all = 0;
  const byAddress = new Map<string, number>();
  return {
    /** Throws REQUESTS_TOO_MANY where this address, SERVER_BUSY where all of them together hold too much. */
    take(address: string, bytes: number): void {
      const own = (byAddress.get(address) ?? 0) + bytes;
      if (own > maxHeldOfOne) throw new AppError('REQUESTS_TOO_MANY', { retryAfterMs });
      if (all + bytes > maxHeld) throw new AppError('SERVER_BUSY', { retryAfterMs });
      all += bytes;
      byAddress.set(address, own);
    },
    giveBack(address: string, bytes: number): void {
      all -= bytes;
      const left = (byAddress.get(address) ?? 0) - bytes;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    },
  };
}

/** Bodies that are no JSON, as they are, whatever the browser calls them; held until the request is answered. */
export function takeStrangerBodies(scope: FastifyInstance): void {
  const held = createHeld();
  const sizes = new WeakMap<IncomingMessage, number>();
  const giveBack = (request: IncomingMessage, address: string): void => {
    held.giveBack(address, sizes.get(request) ?? 0);
    sizes.delete(request);
  };

  function collect({ raw, ip }: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
    const address = limitKeyOf(ip);
    const chunks: Buffer[] = [];
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        const size = (sizes.get(raw) ?? 0) + chunk.length;
        try {
          if (size > maxPictureBytes) throw new AppError('FILE_TOO_LARGE', { maxBytes: maxPictureBytes });
          held.take(address, chunk.length);
          sizes.set(raw, size);
          chunks.push(chunk);
        } catch (error) {
          // the rest is let pass unkept, so that its sender hears the answer
          payload.off('data', take).resume();
          chunks.length = 0;
          giveBack(raw, address);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      payload.on('data', take);
      payload.once('end', () => resolve(Buffer.concat(chunks)));
      payload.once('close', () => reject(new AppError('BAD_REQUEST')));
    });
  }
  scope.addContentTypeParser('*', collect);
  scope.addHook('onRequest', async ({ raw, ip }, reply) => {
    reply.raw.once('close', () => giveBack(raw, limitKeyOf(ip)));
  });
}

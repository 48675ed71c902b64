import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { sha256Schema } from '#domain/record/schema.ts';
import { stationIdSchema } from '#domain/contracts/station/enrolment.ts';
import { uploadHeaders, uploadPath } from '#domain/sync/schema.ts';
import type { ReceiveItems } from '../services/receive-items.ts';
import type { StationSessions } from '../services/station-sessions.ts';
import { parseInput } from './http-server.ts';
import { forBearer } from './route-access.ts';

/** A body that says nothing for so long has lost its sender. */
const silenceMs = 30_000;

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const headersSchema = z.object({
  authorization: z.string().regex(/^Bearer \S+$/),
  'content-length': number,
  [uploadHeaders.station]: stationIdSchema,
  [uploadHeaders.epoch]: number,
});
const paramsSchema = z.object({ sha: sha256Schema });
const querySchema = z.object({ off: number });

/** Pages of version 2: streamed to the disk as they come, for a session that was opened over /ctl, here or elsewhere. */
export function addPageRoute(
  app: FastifyInstance,
  { sessions, receive }: { sessions: Pick<StationSessions, 'attach'>; receive: Pick<ReceiveItems, 'piece'> },
): void {
  void app.register(async (scope) => {
    // the stream itself: what is too long is refused by its length before a byte is read
    scope.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body));
    scope.put(`${uploadPath}/:sha`, forBearer, async (request) => {
      const headers = headersSchema.safeParse(request.headers);
      if (!headers.success) throw new AppError('UNAUTHENTICATED');
      const { sha } = parseInput(paramsSchema, request.params);
      const { off } = parseInput(querySchema, request.query);
      const session = await sessions.attach({
        stationId: headers.data[uploadHeaders.station],
        sessionEpoch: headers.data[uploadHeaders.epoch],
        token: headers.data.authorization.slice('Bearer '.length),
      });
      const { raw } = request;
      raw.setTimeout(silenceMs, () => raw.destroy());
      return receive.piece(session, { sha, off, bytes: headers.data['content-length'], body: bodyOf(raw) });
    });
  });
}

/** An early end would look like a whole body. */
async function* bodyOf(raw: IncomingMessage): AsyncGenerator<Uint8Array> {
  // an answer given before its end must still find its way
  const parts: AsyncIterable<Uint8Array> = raw.iterator({ destroyOnReturn: false });
  for await (const part of parts) yield part;
  if (!raw.complete) throw new AppError('BAD_REQUEST', { reason: 'body broke off' });
}

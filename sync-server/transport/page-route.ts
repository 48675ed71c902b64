import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { stationIdSchema } from '#domain/primitives.ts';
import { uploadRoutes } from '#domain/contracts/station/pages.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { uploadHeaders } from '#domain/sync/schema.ts';
import type { ReceiveItems } from '../services/submissions/receive-items.ts';
import type { StationSession, StationSessions } from '../services/stations/station-sessions.ts';
import { createServe } from './serve.ts';

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

/** The sessions of requests that showed a station's token. */
export interface StationDoor {
  /** Throws UNAUTHENTICATED, STATION_FENCED. */
  readonly ask: (request: FastifyRequest) => Promise<void>;
  /** What `ask` found. */
  readonly of: (request: FastifyRequest) => { session: StationSession; bytes: number };
}

export function createStationDoor(sessions: Pick<StationSessions, 'attach'>): StationDoor {
  const known = new WeakMap<FastifyRequest, { session: StationSession; bytes: number }>();
  return {
    async ask(request) {
      const headers = headersSchema.safeParse(request.headers);
      if (!headers.success) throw new AppError('UNAUTHENTICATED');
      const session = await sessions.attach({
        stationId: headers.data[uploadHeaders.station],
        sessionEpoch: headers.data[uploadHeaders.epoch],
        token: headers.data.authorization.slice('Bearer '.length),
      });
      known.set(request, { session, bytes: headers.data['content-length'] });
    },
    of(request) {
      const found = known.get(request);
      if (!found) throw new AppError('UNAUTHENTICATED');
      return found;
    },
  };
}

/** Pages of version 2: streamed to the disk as they come, for a session that was opened over /ctl, here or elsewhere. */
export function addPageRoute(
  app: FastifyInstance,
  { door, receive }: { door: StationDoor; receive: Pick<ReceiveItems, 'piece'> },
): void {
  void app.register(async (scope) => {
    // the stream itself: what is too long is refused by its length before a byte is read
    scope.addContentTypeParser(uploadRoutes.upload.body.stream, (_request, body, done) => done(null, body));
    createServe(scope)(uploadRoutes.upload, ({ params: { sha }, query: { off }, request }) => {
      const { session, bytes } = door.of(request);
      const { raw } = request;
      raw.setTimeout(silenceMs, () => raw.destroy());
      return receive.piece(session, { sha, off, bytes, body: bodyOf(raw) });
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

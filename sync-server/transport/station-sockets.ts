import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/postgres-adapter';
import type { Pool } from 'pg';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { ulid } from 'ulid';
import type { z } from 'zod';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import {
  attachSchema,
  auditSchema,
  chunkSchema,
  commitSchema,
  helloSchema,
  offerSchema,
  protocolVersion,
  pullSchema,
  syncEvents,
} from '#domain/sync/schema.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import { stationHealthSchema } from '#domain/sync/fleet.ts';
import type { Welcome } from '#domain/sync/schema.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import { announcementSchema } from '../services/announcements.ts';
import { databaseFailure } from '../services/database-failure.ts';
import type { AuditStation } from '../services/stations/audit-station.ts';
import type { Announcements } from '../services/announcements.ts';
import { createRefusalLog } from '../services/refusal-log.ts';
import type { Fleet } from '../services/stations/fleet.ts';
import { limits, putBytes } from '../services/submissions/receive-items.ts';
import type { ReceiveItems } from '../services/submissions/receive-items.ts';
import type { SubjectAccess } from '../services/submissions/subject-access.ts';
import type { SubjectRecords } from '../services/submissions/subject-records.ts';
import type { StationSession, StationSessions } from '../services/stations/station-sessions.ts';
import { serveSubjectEvents } from './subject-events.ts';

export interface StationSocketsOptions {
  httpServer: HttpServer;
  sessions: StationSessions;
  receive: ReceiveItems;
  fleet: Pick<Fleet, 'report'>;
  access: SubjectAccess;
  subjectRecords: SubjectRecords;
  audit: AuditStation;
  announcements: Announcements;
  /** Of the log of logins and operations, for stations to keep. */
  lastLogHead: () => Promise<LogHead | undefined>;
  /** Where there are other processes: what is announced here is heard there. */
  pool?: Pool | undefined;
  clock: Clock;
  log: Log;
}

/** What is being done for a station when the server stops is done to the end, if it takes no longer. */
const maxDrainMs = 15_000;
const toOthers = 'announcement';

/** The disk of the database is full: nothing of the item is wrong, so it must not count as refused. */
const fullCodes: ReadonlySet<unknown> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', '53100']);
const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && fullCodes.has(error.code);
const fullRetryMs = 10_000;
const lockedRetryMs = 2_000;

/** A connection that does not say who it is, in whatever way it says nothing. */
const introductionMs = 10_000;
/** A hello or an attach, with room; a station that is known may send a payload or a chunk. More closes the connection. */
const strangerBytes = 16 * 1024;
const stationBytes = 2e6;

/** /ctl and /blob. All guarantees sit below; a socket only carries. Close it before the HTTP server. */
export function openStationSockets(options: StationSocketsOptions) {
  const { httpServer, sessions, receive, audit, fleet, access, subjectRecords } = options;
  const { announcements, lastLogHead, pool, clock, log } = options;
  const io = new Server(httpServer, {
    transports: ['websocket'],
    perMessageDeflate: false,
    maxHttpBufferSize: strangerBytes,
    connectTimeout: introductionMs,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    serveClient: false,
    ...(pool
      ? {
          adapter: createAdapter(pool, {
            errorHandler: (error) => log.warn({ error }, 'other processes not reached'),
          }),
        }
      : {}),
    // stations are no browsers: a page of whatever origin has no business here
    allowRequest: (request, answer) => {
      const isBrowser = request.headers.origin !== undefined;
      answer(isBrowser ? 'no browsers here' : null, !isBrowser);
    },
  });
  const strangers = new WeakMap<object, NodeJS.Timeout>();
  io.engine.on('connection', (line: Line) => {
    const timer = setTimeout(() => line.close(), introductionMs);
    strangers.set(line, timer);
    line.on('close', () => clearTimeout(timer));
  });
  /** Who is on the line is known now. */
  function welcome(line: Line): void {
    clearTimeout(strangers.get(line));
    allowBytes(line, stationBytes);
  }
  // nobody has business there
  io.on('connection', (socket) => socket.disconnect(true));
  const refusals = createRefusalLog(log);
  const controls = new Map<StationSession, Socket>();
  const running = new Set<Promise<void>>();
  let isStopping = false;

  async function poke(audience: Audience): Promise<void> {
    for (const [session, socket] of controls) {
      const isOwn = audienceOf.station(session.stationId) === audience;
      if (!isOwn && !access.follows(session, audience)) continue;
      const { seq: head } = await receive.head(audience);
      socket.emit(syncEvents.poke, isOwn ? { head } : { head, audience });
    }
  }
  const stopListening = announcements.listen((announcement) => {
    // a poke that fails is a poke that was lost: the station pulls at its next turn
    if (announcement.type === 'feed') {
      poke(announcement.audience).catch((error: unknown) => log.warn({ error }, 'poke failed'));
    }
    if (announcement.type === 'log-head')
      for (const socket of controls.values()) socket.emit(syncEvents.logHead, announcement.head);
  });

  if (pool) {
    announcements.relayTo((announcement) => io.of('/ctl').serverSideEmit(toOthers, announcement));
    io.of('/ctl').on(toOthers, (message: unknown) => {
      const parsed = announcementSchema.safeParse(message);
      // a newer process may say more than this one understands
      if (parsed.success) announcements.hear(parsed.data);
    });
  }

  io.of('/ctl').on('connection', (socket) => {
    const nonce = sessions.makeNonce();
    let session: StationSession | undefined;
    let isNonceFresh = true;
    const mine = (): StationSession => {
      if (!session) throw new AppError('UNAUTHENTICATED');
      return session;
    };
    const known = { isKnown: () => session !== undefined };

    serve(socket, syncEvents.hello, helloSchema, { isKnown: () => true }, async (hello): Promise<Welcome> => {
      // one connection, one try: a nonce is used once
      if (!isNonceFresh) throw new AppError('BAD_REQUEST', { reason: 'hello was said' });
      isNonceFresh = false;
      const opened = await sessions.open(hello, {
        nonce,
        onFenced: () => socket.emit(syncEvents.fenced, {}),
      });
      welcome(socket.conn);
      session = opened;
      if (socket.disconnected) await sessions.close(opened);
      else controls.set(opened, socket);
      const head = await lastLogHead();
      if (head) socket.emit(syncEvents.logHead, head);
      return {
        proto: Math.min(hello.proto[1], protocolVersion.max),
        sessionEpoch: opened.sessionEpoch,
        serverTime: clock.now(),
        head: await receive.head(audienceOf.station(opened.stationId)),
        blobToken: opened.blobToken,
        limits,
        ...(hello.proto[1] >= 2 ? { putBytes } : {}),
      };
    });
    serve(socket, syncEvents.offer, offerSchema, known, (offer) => receive.offer(mine(), offer));
    serve(socket, syncEvents.commit, commitSchema, known, (commit) => receive.commit(mine(), commit));
    serve(socket, syncEvents.health, stationHealthSchema, known, (health) => fleet.report(mine(), health));
    serve(socket, syncEvents.audit, auditSchema, known, (told) => audit(mine(), told));
    serve(socket, syncEvents.pull, pullSchema, known, (pull) => receive.pull(mine(), pull));
    serveSubjectEvents((event, schema, handle) => serve(socket, event, schema, known, handle), {
      ...{ access, subjectRecords, mine },
    });

    socket.on('disconnect', () => {
      // one that left this room only would stay on the line with nothing to say
      socket.conn.close();
      if (!session) return;
      controls.delete(session);
      sessions
        .close(session)
        .catch((error: unknown) => log.error({ error }, 'closing a station session failed'));
    });
    socket.emit(syncEvents.nonce, { nonce, serverTime: clock.now() });
  });

  io.of('/blob').on('connection', (socket) => {
    let session: StationSession | undefined;
    const known = { isKnown: () => session !== undefined };
    serve(socket, syncEvents.attach, attachSchema, { isKnown: () => true }, async (attach) => {
      session = await sessions.attach(attach);
      welcome(socket.conn);
      return {};
    });
    let last: Promise<unknown> = Promise.resolve();
    serve(socket, syncEvents.chunk, chunkSchema, known, ({ sha, off, buf }) => {
      const own = session;
      if (!own) throw new AppError('UNAUTHENTICATED');
      // version 1 sends several without waiting: they are taken in their order
      const take = () => receive.piece(own, { sha, off, bytes: buf.length, body: [buf] });
      const answer = last.then(take, take);
      last = answer;
      return answer;
    });
    socket.on('disconnect', () => socket.conn.close());
  });

  /** Parses, does, answers. An input that does not parse is answered, never a reason to stop listening. */
  function serve<T extends z.ZodType>(
    socket: Socket,
    event: string,
    schema: T,
    { isKnown }: { isKnown: () => boolean },
    handle: (input: z.infer<T>) => Promise<unknown>,
  ): void {
    socket.on(event, (input: unknown, acknowledge: unknown) => {
      // unanswered is what a broken line is: the station asks again, at the process that is there then
      if (isStopping) return;
      const answer = (result: unknown): void => {
        // a station that wants no answer gets none
        if (typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [result]);
      };
      const run = async (): Promise<unknown> => {
        // nothing is made of what a stranger sends
        if (!isKnown()) throw new AppError('UNAUTHENTICATED');
        const parsed = schema.safeParse(input);
        if (!parsed.success)
          throw new AppError('BAD_REQUEST', { event, at: parsed.error.issues[0]?.path.join('.') ?? '' });
        return handle(parsed.data);
      };
      const done = run().then(
        (result) => answer({ ok: true, result }),
        (failure: unknown) => {
          // stations of every version know this one, and wait
          const error = isFull(failure)
            ? new AppError('SERVER_BUSY', { retryAfterMs: fullRetryMs }, { cause: failure })
            : databaseFailure(failure)
              ? new AppError('SERVER_BUSY', { retryAfterMs: lockedRetryMs }, { cause: failure })
              : failure;
          const traceId = ulid();
          if (error instanceof AppError)
            refusals.refused('station refused', { event, code: error.code }, { traceId });
          else log.error({ traceId, event, error }, 'station message failed');
          answer({ ok: false, error: toWireError(error, traceId) });
        },
      );
      running.add(done);
      void done.finally(() => running.delete(done));
    });
  }

  return {
    close: async (): Promise<void> => {
      isStopping = true;
      await Promise.race([
        Promise.allSettled([...running]),
        new Promise((resolve) => setTimeout(resolve, maxDrainMs).unref()),
      ]);
      refusals.flush();
      stopListening();
      announcements.relayTo(() => undefined);
      // answers that were just given leave before the connections end
      await new Promise((resolve) => setImmediate(resolve));
      const ended = [...controls.keys()].map((session) => sessions.close(session));
      io.disconnectSockets(true);
      await Promise.allSettled(ended);
      for (const name of ['/', '/ctl', '/blob']) await io.of(name).adapter.close();
      // the HTTP server is closed by the one who opened it
      io.engine.close();
    },
  };
}

type Line = Socket['conn'];

/** The limit of a WebSocket is set when it opens; the library has no other way to move it for one that has proved itself. */
function allowBytes(line: Line, bytes: number): void {
  const { socket } = line.transport as unknown as { socket?: { _receiver?: { _maxPayload?: number } } };
  if (socket?._receiver?._maxPayload === undefined) throw new Error('the limit of a line cannot be moved');
  socket._receiver._maxPayload = bytes;
}

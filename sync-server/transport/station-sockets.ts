import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/postgres-adapter';
import type { Pool } from 'pg';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { protocolVersion } from '#domain/sync/schema.ts';
import type { Hello, Welcome } from '#domain/sync/schema.ts';
import { serverMessages } from '#domain/contracts/station/messages.ts';
import type { ServerMessage } from '#domain/contracts/station/messages.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import { announcementSchema } from '../services/announcements.ts';
import type { AuditStation } from '../services/stations/audit-station.ts';
import type { Announcements } from '../services/announcements.ts';
import { createRefusalLog } from '../services/refusal-log.ts';
import type { Fleet } from '../services/stations/fleet.ts';
import { limits, putBytes } from '../services/submissions/receive-items.ts';
import type { ReceiveItems } from '../services/submissions/receive-items.ts';
import type { DraftCarrying } from '../services/portals/draft-carrying.ts';
import type { SubjectAccess } from '../services/submissions/subject-access.ts';
import type { CreatedMarketRows } from '../services/submissions/market-rows.ts';
import type { SubjectRecords } from '../services/submissions/subject-records.ts';
import type { StationSession, StationSessions } from '../services/stations/station-sessions.ts';
import { createServeMessages } from './serve-messages.ts';

export interface StationSocketsOptions {
  httpServer: HttpServer;
  sessions: StationSessions;
  receive: ReceiveItems;
  fleet: Pick<Fleet, 'report'>;
  access: SubjectAccess;
  subjectRecords: SubjectRecords;
  marketRows: CreatedMarketRows;
  carrying: Pick<DraftCarrying, 'take' | 'file' | 'piece' | 'give' | 'free'>;
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

/** A connection that does not say who it is, in whatever way it says nothing. */
const introductionMs = 10_000;
/** A hello or an attach, with room; a station that is known may send a payload or a chunk. More closes the connection. */
const strangerBytes = 16 * 1024;
const stationBytes = 2e6;

/** /ctl and /blob. All guarantees sit below; a socket only carries. Close it before the HTTP server. */
export function openStationSockets(options: StationSocketsOptions) {
  const { httpServer, sessions, receive, audit, fleet, access, subjectRecords, marketRows, carrying } =
    options;
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
  const messages = createServeMessages({ refusals, log });

  async function poke(audience: Audience): Promise<void> {
    for (const [session, socket] of controls) {
      const isOwn = audienceOf.station(session.stationId) === audience;
      if (!isOwn && !access.follows(session, audience)) continue;
      const { seq: head } = await receive.head(audience);
      say(socket, serverMessages.poke, isOwn ? { head } : { head, audience });
    }
  }
  const stopListening = announcements.listen((announcement) => {
    // a poke that fails is a poke that was lost: the station pulls at its next turn
    if (announcement.type === 'feed') {
      poke(announcement.audience).catch((error: unknown) => log.warn({ error }, 'poke failed'));
    }
    if (announcement.type === 'log-head')
      for (const socket of controls.values()) say(socket, serverMessages.logHead, announcement.head);
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
    const hello = async (said: Hello): Promise<Welcome> => {
      // one connection, one try: a nonce is used once
      if (!isNonceFresh) throw new AppError('BAD_REQUEST', { reason: 'hello was said' });
      isNonceFresh = false;
      const opened = await sessions.open(said, {
        nonce,
        onFenced: () => say(socket, serverMessages.fenced, {}),
      });
      welcome(socket.conn);
      session = opened;
      if (socket.disconnected) await sessions.close(opened);
      else controls.set(opened, socket);
      const head = await lastLogHead();
      if (head) say(socket, serverMessages.logHead, head);
      return {
        proto: Math.min(said.proto[1], protocolVersion.max),
        sessionEpoch: opened.sessionEpoch,
        serverTime: clock.now(),
        head: await receive.head(audienceOf.station(opened.stationId)),
        blobToken: opened.blobToken,
        limits,
        ...(said.proto[1] >= 2 ? { putBytes } : {}),
      };
    };
    messages.bind(socket, {
      channel: '/ctl',
      isKnown: () => session !== undefined,
      handlers: {
        hello,
        offer: (offer) => receive.offer(mine(), offer),
        commit: (commit) => receive.commit(mine(), commit),
        health: async (health) => {
          await fleet.report(mine(), health);
          return undefined;
        },
        audit: (told) => audit(mine(), told),
        pull: (pull) => receive.pull(mine(), pull),
        challenge: async () => access.challenge(mine()),
        subscribe: (request) => access.subscribe(mine(), request),
        unsubscribe: async () => {
          await access.unsubscribe(mine());
          return {};
        },
        records: (question) => subjectRecords.list(mine(), question),
        recordFile: (question) => subjectRecords.file(mine(), question),
        takeDraft: (question) => carrying.take(mine(), question),
        draftFile: (question) => carrying.file(mine(), question),
        draftPiece: async (piece) => {
          await carrying.piece(mine(), piece);
          return {};
        },
        marketRows: (question) => marketRows.find(mine(), question),
        removeRow: async (row) => {
          await marketRows.remove(mine(), row);
          return {};
        },
        giveDraft: async (given) => {
          await carrying.give(mine(), given);
          return {};
        },
        freeDraft: async ({ id }) => {
          await carrying.free(mine(), id);
          return {};
        },
      },
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
    say(socket, serverMessages.nonce, { nonce, serverTime: clock.now() });
  });

  io.of('/blob').on('connection', (socket) => {
    let session: StationSession | undefined;
    let last: Promise<unknown> = Promise.resolve();
    messages.bind(socket, {
      channel: '/blob',
      isKnown: () => session !== undefined,
      handlers: {
        attach: async (attach) => {
          session = await sessions.attach(attach);
          welcome(socket.conn);
          return {};
        },
        chunk: ({ sha, off, buf }) => {
          const own = session;
          if (!own) throw new AppError('UNAUTHENTICATED');
          // version 1 sends several without waiting: they are taken in their order
          const take = () => receive.piece(own, { sha, off, bytes: buf.length, body: [buf] });
          const answer = last.then(take, take);
          last = answer;
          return answer;
        },
      },
    });
    socket.on('disconnect', () => socket.conn.close());
  });

  return {
    close: async (): Promise<void> => {
      await Promise.race([
        messages.stop(),
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

const say = <M extends ServerMessage>(socket: Socket, { event }: M, message: z.input<M['says']>): void =>
  void socket.emit(event, message);

type Line = Socket['conn'];

/** The limit of a WebSocket is set when it opens; the library has no other way to move it for one that has proved itself. */
function allowBytes(line: Line, bytes: number): void {
  const { socket } = line.transport as unknown as { socket?: { _receiver?: { _maxPayload?: number } } };
  if (socket?._receiver?._maxPayload === undefined) throw new Error('the limit of a line cannot be moved');
  socket._receiver._maxPayload = bytes;
}

import { createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { helloText } from '#domain/sync/manifest.ts';
import { protocolVersion } from '#domain/sync/schema.ts';
import type { Hello } from '#domain/sync/schema.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { sha256 } from '../hashing.ts';

export interface StationSession {
  readonly stationId: string;
  readonly installId: string;
  readonly sessionEpoch: number;
  readonly blobToken: string;
  /** Sizes of the blobs that were offered in this session, as far as this process knows; nothing else is taken. */
  readonly offered: Map<string, number>;
  /** Throws STATION_FENCED once a newer session of the station is open, or this one has ended. */
  check(): void;
}

const clockWarningMs = 5 * 60_000;
/** A station counts as online for this long after its process was last heard of. */
const onlineMs = 90_000;
const renewMs = onlineMs / 3;

interface Held {
  session: StationSession;
  onFenced: () => void;
}

/**
 * Who is on the line. Only the newest session of a station may write: the database's epoch decides, whichever process
 * holds the connections; what this process hears of it saves the older one a useless try.
 */
export function createStationSessions({
  stations,
  announcements,
  isOneOfSeveral,
  clock,
  log,
}: {
  stations: StationRows;
  announcements: Announcements;
  /** Other processes may hold the /ctl connections of stations whose pages come here. */
  isOneOfSeveral: boolean;
  clock: Clock;
  log: Log;
}) {
  /** Sessions whose /ctl connection is held here. */
  const held = new Map<string, Held>();
  const newestEpochs = new Map<string, number>();

  const stopListening = announcements.listen((announcement) => {
    if (announcement.type === 'session') noteEpoch(announcement.stationId, announcement.sessionEpoch);
  });
  const renewal = setInterval(() => {
    stations
      .keepOnline([...held.keys()], clock.nowMs() + onlineMs)
      .catch((error: unknown) => log.warn({ error }, 'presence of stations not renewed'));
  }, renewMs);

  /** There is a session of this epoch, here or elsewhere: older ones end. */
  function noteEpoch(stationId: string, sessionEpoch: number): void {
    if ((newestEpochs.get(stationId) ?? 0) < sessionEpoch) newestEpochs.set(stationId, sessionEpoch);
    const older = held.get(stationId);
    if (!older || older.session.sessionEpoch >= sessionEpoch) return;
    held.delete(stationId);
    older.onFenced();
  }

  function makeSession(
    identity: Pick<StationSession, 'stationId' | 'installId' | 'sessionEpoch' | 'blobToken'>,
    isOpen: (session: StationSession) => boolean,
  ): StationSession {
    const session: StationSession = {
      ...identity,
      offered: new Map(),
      check: () => {
        const isNewest = (newestEpochs.get(identity.stationId) ?? 0) <= identity.sessionEpoch;
        if (!isNewest || !isOpen(session)) throw new AppError('STATION_FENCED');
      },
    };
    return session;
  }

  return {
    makeNonce: (): string => randomBytes(24).toString('base64url'),

    /**
     * Opens a session and fences the older one. `nonce` is the one this connection was given.
     * Throws VERSION_UNSUPPORTED, STATION_UNKNOWN, STATION_QUARANTINED.
     */
    async open(hello: Hello, { nonce, onFenced }: { nonce: string; onFenced: () => void }) {
      const { stationId, installId } = hello;
      const [lowest, highest] = hello.proto;
      if (highest < protocolVersion.min || lowest > protocolVersion.max)
        throw new AppError('VERSION_UNSUPPORTED', { server: protocolVersion });
      const station = await stations.find(stationId);
      const text = helloText({ ...hello, nonce });
      // an unknown station and a wrong signature look alike from outside
      if (!station || !isSignedBy(station.publicKey, text, hello.signature))
        throw new AppError('STATION_UNKNOWN', { stationId });

      const blobToken = randomBytes(24).toString('base64url');
      const { sessionEpoch } = await stations.openSession({
        stationId,
        installId,
        maxSeq: hello.maxSeq,
        pending: hello.pendingCount,
        appVersion: hello.appVersion,
        blobTokenSha: sha256(blobToken),
        at: clock.now(),
        onlineUntilMs: clock.nowMs() + onlineMs,
      });
      const offsetMs = clock.nowMs() - Date.parse(hello.wall);
      if (Math.abs(offsetMs) > clockWarningMs) log.warn({ stationId, offsetMs }, 'station clock is off');

      // two hellos may cross: the database's epoch says which is newer, not the order of the answers
      if ((newestEpochs.get(stationId) ?? 0) > sessionEpoch) throw new AppError('STATION_FENCED');
      const session = makeSession(
        { stationId, installId, sessionEpoch, blobToken },
        (own) => held.get(stationId)?.session === own,
      );
      announcements.announce({ type: 'session', stationId, sessionEpoch });
      announcements.announce({ type: 'stations' });
      held.set(stationId, { session, onFenced });
      log.info({ stationId, sessionEpoch, pending: hello.pendingCount }, 'station connected');
      return session;
    },

    /** The session that a /blob connection belongs to, whichever process holds its /ctl. Throws STATION_FENCED. */
    async attach({
      stationId,
      sessionEpoch,
      token,
    }: {
      stationId: string;
      sessionEpoch: number;
      token: string;
    }): Promise<StationSession> {
      const here = held.get(stationId)?.session;
      if (here?.sessionEpoch === sessionEpoch && isSame(here.blobToken, token)) return here;
      if (!isOneOfSeveral) throw new AppError('STATION_FENCED');
      const station = await stations.find(stationId);
      const isNewest =
        station?.state === 'active' &&
        station.sessionEpoch === sessionEpoch &&
        station.blobTokenSha !== undefined &&
        isSame(station.blobTokenSha, sha256(token));
      if (!isNewest) throw new AppError('STATION_FENCED');
      noteEpoch(stationId, sessionEpoch);
      const installId = station.installId ?? '';
      return makeSession({ stationId, installId, sessionEpoch, blobToken: token }, () => true);
    },

    async close(session: StationSession): Promise<void> {
      const { stationId, sessionEpoch } = session;
      if (held.get(stationId)?.session !== session) return;
      held.delete(stationId);
      await stations.closeSession({ stationId, sessionEpoch, at: clock.now() });
      announcements.announce({ type: 'stations' });
    },

    /** Ends the renewal of presence; open sessions end with their connections. */
    stop(): void {
      stopListening();
      clearInterval(renewal);
    },
  };
}
export type StationSessions = ReturnType<typeof createStationSessions>;

function isSignedBy(publicKeyPem: string, text: string, signature: string): boolean {
  return verify(
    null,
    Buffer.from(text, 'utf8'),
    createPublicKey(publicKeyPem),
    Buffer.from(signature, 'base64'),
  );
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import { createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { helloText } from '#domain/sync/manifest.ts';
import { protocolVersion } from '#domain/sync/schema.ts';
import type { Hello } from '#domain/sync/schema.ts';
import type { StationRows } from '../ports/station-rows.ts';
import type { Clock, Log } from '../ports/surroundings.ts';

export interface StationSession {
  readonly stationId: string;
  readonly installId: string;
  readonly sessionEpoch: number;
  readonly blobToken: string;
  /** Sizes of the blobs that were offered in this session; nothing else is taken. */
  readonly offered: Map<string, number>;
  /** Throws STATION_FENCED once a newer session of the station is open, or this one has ended. */
  check(): void;
}

const clockWarningMs = 5 * 60_000;

/** Who is on the line. Only the newest session of a station may write. */
export function createStationSessions({
  stations,
  clock,
  log,
}: {
  stations: StationRows;
  clock: Clock;
  log: Log;
}) {
  const current = new Map<string, { session: StationSession; onFenced: () => void }>();

  return {
    makeNonce: (): string => randomBytes(24).toString('base64url'),

    /**
     * Opens a session and fences the older one. `nonce` is the one this connection was given.
     * Throws VERSION_UNSUPPORTED, STATION_UNKNOWN, STATION_QUARANTINED.
     */
    async open(hello: Hello, { nonce, onFenced }: { nonce: string; onFenced: () => void }) {
      const [lowest, highest] = hello.proto;
      if (highest < protocolVersion.min || lowest > protocolVersion.max)
        throw new AppError('VERSION_UNSUPPORTED', { server: protocolVersion });
      const station = await stations.find(hello.stationId);
      const text = helloText({ ...hello, nonce });
      // an unknown station and a wrong signature look alike from outside
      if (!station || !isSignedBy(station.publicKey, text, hello.signature))
        throw new AppError('STATION_UNKNOWN', { stationId: hello.stationId });

      const { sessionEpoch } = await stations.openSession({
        stationId: hello.stationId,
        installId: hello.installId,
        maxSeq: hello.maxSeq,
        pending: hello.pendingCount,
        appVersion: hello.appVersion,
        at: clock.now(),
      });
      const offsetMs = clock.nowMs() - Date.parse(hello.wall);
      if (Math.abs(offsetMs) > clockWarningMs)
        log.warn({ stationId: hello.stationId, offsetMs }, 'station clock is off');

      const session: StationSession = {
        stationId: hello.stationId,
        installId: hello.installId,
        sessionEpoch,
        blobToken: randomBytes(24).toString('base64url'),
        offered: new Map(),
        check: () => {
          if (current.get(hello.stationId)?.session !== session) throw new AppError('STATION_FENCED');
        },
      };
      const older = current.get(hello.stationId);
      // two hellos may cross: the database's epoch says which is newer, not the order of the answers
      if (older && older.session.sessionEpoch > sessionEpoch) throw new AppError('STATION_FENCED');
      current.set(hello.stationId, { session, onFenced });
      older?.onFenced();
      log.info(
        { stationId: hello.stationId, sessionEpoch, pending: hello.pendingCount },
        'station connected',
      );
      return session;
    },

    /** The session that a /blob connection belongs to. Throws STATION_FENCED. */
    attach({ stationId, sessionEpoch, token }: { stationId: string; sessionEpoch: number; token: string }) {
      const session = current.get(stationId)?.session;
      if (session?.sessionEpoch !== sessionEpoch || !isSame(session.blobToken, token))
        throw new AppError('STATION_FENCED');
      return session;
    },

    async close(session: StationSession): Promise<void> {
      if (current.get(session.stationId)?.session !== session) return;
      current.delete(session.stationId);
      await stations.seen(session.stationId, clock.now());
    },

    isOnline: (stationId: string): boolean => current.has(stationId),
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

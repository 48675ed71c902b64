import { createPublicKey, randomBytes } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import type { EnrolmentAnswer, EnrolmentRequest } from '#domain/contracts/station/enrolment.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock, Log, ServerKey } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';

export interface EnrolmentOptions {
  stations: StationRows;
  serverKey: ServerKey;
  trustAnchors: readonly string[];
  clock: Clock;
  log: Log;
  /** Where a code is needed that nobody set: keeps the next one where only this machine's administrator reads it. */
  keepNextCode?: (code: string) => void;
}

/** A station becomes known: its key is kept, and it learns the server's. */
export function createEnrolment(options: EnrolmentOptions) {
  const { stations, serverKey, trustAnchors, clock, log, keepNextCode } = options;

  /** Makes a fresh one-time code and hands it to `keepNextCode`. */
  async function makeNextCode(): Promise<void> {
    if (!keepNextCode) return;
    const code = randomBytes(18).toString('base64url');
    await stations.addCode({ sha: sha256(code), reusable: false }, clock.now());
    keepNextCode(code);
  }

  return {
    makeNextCode,
    /** The same request again gives the same answer. Throws ENROLMENT_REFUSED, CONFLICT, BAD_REQUEST. */
    async enrol({ code, stationId, stationName, publicKey }: EnrolmentRequest): Promise<EnrolmentAnswer> {
      const key = normaliseKey(publicKey);
      const known = await stations.find(stationId);
      await stations.enrol({
        codeSha: sha256(code),
        stationId,
        name: stationName,
        publicKey: key,
        at: clock.now(),
      });
      log.info({ stationId }, 'station enrolled');
      if (!known) await makeNextCode();
      return { stationId, serverPublicKey: serverKey.publicKeyPem, trustAnchors: [...trustAnchors] };
    },
  };
}
export type Enrolment = ReturnType<typeof createEnrolment>;

/** One written form for one key. Throws BAD_REQUEST for what is no Ed25519 key. */
export function normaliseKey(pem: string): string {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch (error) {
    throw new AppError('BAD_REQUEST', { field: 'publicKey' }, { cause: error });
  }
  throw new AppError('BAD_REQUEST', { field: 'publicKey' });
}

/** Whom the station believes: authorities, their revocation lists, and who dates a seal. */
import { dirname, join, resolve } from 'node:path';
import { readAuthorities } from '#sealing/read-certificates.ts';
import { requestTimestamp } from '#sealing/request-timestamp.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { isSimulatedAuthority } from '#sealing/simulated-authority.ts';
import type { SyncStore } from '../ports/store.ts';
import { readTrustFile } from '../services/read-trust-file.ts';
import type { ApplySealDeps, StationTrust } from '../services/sealing/apply-seal.ts';
import type { Start } from './start.ts';

/** A person stands at the counter: the seal is good without the stamp. */
const stampTimeoutMs = 6_000;

export interface Trust {
  trust: StationTrust;
  stampTime: ApplySealDeps['stampTime'];
  /** Fetches the lists from now on; returns the way to stop. */
  followLists: () => () => Promise<void> | void;
}

export function openTrust({ options, profile, clock }: Start, store: Pick<SyncStore, 'identity'>): Trust {
  const besideProfile = (file: string): string => resolve(dirname(options.profileFile), file);
  const authoritiesIn = (file: string): Uint8Array[] => readTrustFile(besideProfile(file));
  const localAnchors = profile.trustAnchorFiles.flatMap(authoritiesIn);
  // a station that was enrolled in a demonstration was told of the simulated authority, and kept it
  const isSimulated = profile.tokenDrivers.some(({ simulated }) => simulated);
  const toldAnchors = (): Uint8Array[] =>
    (store.identity().enrolment?.trustAnchors ?? [])
      .flatMap((pem) => readAuthorities(Buffer.from(pem)))
      .filter((der) => isSimulated || !isSimulatedAuthority(der));

  const lists = createRevocationLists({
    sources: profile.revocation.lists.map((one) => (/^https?:/.test(one) ? one : besideProfile(one))),
    folder: join(options.dataFolder, 'revocation-lists'),
    now: () => clock.now(),
    onError: (error) => options.logWarning('revocation list', error),
  });
  const url = profile.timestamp?.url;
  return {
    trust: {
      anchors: () => [...localAnchors, ...toldAnchors()],
      timestampAnchors: (profile.timestamp?.anchorFiles ?? []).flatMap(authoritiesIn),
      revocation: lists.check,
      mustKnowRevocation: profile.revocation.mustKnow,
    },
    stampTime:
      url === undefined
        ? undefined
        : (signature, signal) => requestTimestamp(signature, { url, signal, timeoutMs: stampTimeoutMs }),
    followLists: () => lists.start(),
  };
}

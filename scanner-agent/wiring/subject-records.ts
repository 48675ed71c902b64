import type { AppError } from '#domain/errors/app-error.ts';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import type { SigningTokens } from '../ports/signing-token.ts';
import type { SyncStore } from '../ports/store.ts';
import type { Events } from '../services/events.ts';
import { createProveKey } from '../services/login/prove-key.ts';
import type { StationTrust } from '../services/sealing/apply-seal.ts';
import { createKeyHold, isKeyError } from '../services/sealing/key-hold.ts';
import type { SealingKey } from '../services/sealing/key-hold.ts';
import { createSubjectFeed } from '../sync/subject-feed.ts';
import type { Start } from './start.ts';

/** What whoever is logged in entered at other stations: fetched with the key of the login, gone with the person. */
export function createSubjectRecords(
  { options, clock, opened }: Start,
  {
    store,
    tokens,
    trust,
    events,
    onRefused,
  }: {
    store: SyncStore;
    tokens: SigningTokens;
    trust: StationTrust;
    events: Events;
    /** The server says that whoever is logged in may not act any more. */
    onRefused: (error: AppError) => void;
  },
) {
  /** With its PIN, until the server has seen that the key is here. */
  const loginKey = createKeyHold();
  const prove = createProveKey({ tokens, trust, clock, keyHold: loginKey });
  const feed = createSubjectFeed({
    store,
    isKeyFault: isKeyError,
    onRefused,
    onState: (subjectRecords) => {
      if (subjectRecords) events.announce({ type: 'subject-records', subjectRecords });
    },
    log: { info: () => undefined, warn: (context, message) => options.logWarning(message, context) },
  });
  function leave(): void {
    loginKey.forget();
    feed.end();
  }
  // before the store is closed
  opened.defer(leave);

  return {
    feed,
    logIn: (
      { subject }: Session,
      { certificateSha, ...key }: SealingKey & { certificateSha: string },
    ): void => {
      loginKey.keep(key);
      feed.begin({ subject, prove, certificateSha });
    },
    proveAgain: (key: SealingKey): void => {
      loginKey.keep(key);
      feed.proveAgain(prove);
    },
    leave,
    /** A key that was pulled out is held no longer. */
    noteDevices: (devices: readonly Device[]): void => {
      const { tokenId } = loginKey.find() ?? {};
      if (tokenId !== undefined && !devices.some(({ id }) => id === tokenId)) loginKey.forget();
    },
  };
}

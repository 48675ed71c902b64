/**
 * The records of whoever is logged in, from all counters: while there is a connection their feed is followed, and what is
 * fetched of it goes when the person does. What the key signs for it once serves for an hour; where the connection was not
 * there at the login, the proof is made when it comes, as long as the PIN is still held, else the person is asked.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { SubjectRecordsState } from '#domain/contracts/kiosk/station.ts';
import type { Subject } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { actionsSince } from '#domain/sync/schema.ts';
import { changeSchema } from '#domain/sync/change.ts';
import type { Change } from '#domain/sync/change.ts';
import type { KeyProof, SubjectChallenge } from '#domain/sync/subject-feed.ts';
import type { DraftLine, FetchRecordFile, MarketLine } from '../ports/link.ts';
import type { SyncStore } from '../ports/store.ts';
import { ConnectionLost } from './connection-socket.ts';
import { createDraftLine } from './draft-line.ts';
import { fetchPieces } from './fetch-pieces.ts';
import { createMarketLine } from './market-line.ts';
import type { LinkLog } from './link-log.ts';
import type { Session } from './open-session.ts';
import type { WhereSeen } from './subject-line.ts';
import { createSignal } from './wake.ts';

export interface SubjectFeed {
  state(): SubjectRecordsState | undefined;
  /** `prove`: signs a challenge of the server; undefined where the PIN is not held (any more). */
  begin(login: { subject: Subject; prove: ProveKey; certificateSha: string }): void;
  /** The PIN was given again. */
  proveAgain(prove: ProveKey): void;
  /** The person has gone: nothing of what was fetched can be read when it returns. */
  end(): void;
  fetchFile: FetchRecordFile;
  drafts: DraftLine;
  market: MarketLine;
  /** Called by the link for each of its sessions. Ends only by throwing ConnectionLost, or what ends the session. */
  follow(options: { session: Session; signal: AbortSignal }): Promise<never>;
}

export type ProveKey = (
  challenge: SubjectChallenge,
  server: { publicKey: string; stationId: string; sessionEpoch: number },
) => Promise<KeyProof | undefined>;

const pageBytes = 256 * 1024;
const idsAtOnce = 200;
const longMs = 3_600_000;
const pullEveryMs = 60_000;
const busyMs = 10_000;
/** How long what is asked there waits for the server to see the key, and how often it looks whether that has failed. */
const subscribeMs = 20_000;
const pollMs = 250;

interface Login {
  subject: Subject;
  prove: ProveKey | undefined;
  certificateSha: string;
  token?: string;
}

/** The server began its feeds anew, or the subscription is over: all is fetched once more. */
class FetchAnew extends Error {}

export function createSubjectFeed(options: {
  store: SyncStore;
  onState: (state: SubjectRecordsState | undefined) => void;
  /** PIN or key, as far as the code tells: a person must act. */
  isKeyFault: (code: string) => boolean;
  /** The account behind the key was frozen, or is not in use any more: whoever is logged in may not be. */
  onRefused: (error: AppError) => void;
  log?: LinkLog;
}): SubjectFeed {
  const { store, onState, isKeyFault, onRefused } = options;
  const changed = createSignal();
  const notified = createSignal();
  const keySeen = createSignal();
  let current: Login | undefined;
  let live: Session | undefined;
  /** In which the server has seen the key of whoever is logged in. */
  let seen: Session | undefined;
  let state: SubjectRecordsState | undefined;

  function enter(next: SubjectRecordsState['state'], error?: AppError): void {
    if (!current) return;
    state = { state: next, ...(error ? { error: toWireError(error, '') } : {}) };
    onState(state);
  }

  async function subscribe(session: Session, login: Login) {
    if (login.token !== undefined) return session.subscribe({ token: login.token });
    const { enrolment } = store.identity();
    const challenge = await session.subjectChallenge();
    const proof =
      enrolment &&
      (await login.prove?.(challenge, {
        publicKey: enrolment.serverPublicKey,
        stationId: enrolment.stationId,
        sessionEpoch: session.welcome.sessionEpoch,
      }));
    // one PIN, one proof
    login.prove = undefined;
    return proof && session.subscribe({ proof });
  }

  /** Everything of the subject, then what changes of it, until the person goes or the signal ends. */
  async function followOne(session: Session, login: Login, signal: AbortSignal): Promise<void> {
    const isHere = (): boolean => current === login && !signal.aborted;
    enter('fetching');
    const subscription = await subscribe(session, login);
    if (!isHere()) return;
    if (!subscription) {
      enter('needs-key');
      await changed.wait({ signal, timeoutMs: longMs });
      return;
    }
    const { audience, head, token } = subscription;
    if (audience !== audienceOf.subject(login.subject)) throw new AppError('CERTIFICATE_OF_OTHER_SUBJECT');
    login.token = token;
    seen = session;
    keySeen.raise();
    // the server has followed its certificate: good for a sign-in without a connection
    store.noteKey(login.certificateSha);
    const { creditCode } = login.subject;
    store.beginSubject(creditCode, head);
    await fetchAll(async (records) => isHere() && (store.putFetched(records), true));
    while (isHere()) {
      const more = await pullOnce();
      if (!isHere()) return;
      if (more) continue;
      enter('complete');
      await notified.wait({ signal, timeoutMs: pullEveryMs });
    }

    /** Ends early where `take` says that nobody wants them any more. */
    async function fetchAll(
      take: (records: LudengRecord[]) => Promise<boolean>,
      ids?: readonly string[],
    ): Promise<void> {
      for (let after: string | undefined, more = true; more;) {
        const answer = await session.subjectRecords({
          audience,
          ...(after === undefined ? {} : { after }),
          ...(ids ? { ids: [...ids] } : {}),
        });
        if (!(await take(answer.records))) return;
        after = answer.records.at(-1)?.id;
        more = answer.more && after !== undefined;
      }
    }

    async function pullOnce(): Promise<boolean> {
      const cursor = store.subjectCursor(creditCode);
      if (!cursor) throw new FetchAnew();
      const answer = await session.pull({
        audience,
        epoch: cursor.epoch,
        after: cursor.seq,
        maxBytes: pageBytes,
      });
      if (answer.epoch !== cursor.epoch) throw new FetchAnew();
      const changes = answer.changes.map(({ change }) => ({ change: parseChange(change) }));
      // what they speak of is fetched before the cursor moves: a break between the two loses nothing
      const ids = new Set(changes.flatMap(({ change }) => recordOf(change) ?? []));
      const wanted = [...ids].filter((id) => !store.isOwn(id));
      const records: LudengRecord[] = [];
      for (let n = 0; n < wanted.length; n += idsAtOnce)
        await fetchAll(async (some) => records.push(...some) > 0 || true, wanted.slice(n, n + idsAtOnce));
      if (!isHere()) return false;
      const { epoch, from, next } = answer;
      if (!store.applySubjectPage({ creditCode, epoch, from, next, records, changes })) throw new FetchAnew();
      return answer.more;
    }
  }

  /** What went wrong that is no concern of the session, and how to go on; throws what is. */
  async function settle(error: unknown, login: Login, signal: AbortSignal): Promise<void> {
    if (error instanceof FetchAnew) return;
    if (!(error instanceof AppError)) throw error;
    if (current !== login) return;
    if (error.code === 'FORBIDDEN' && login.token !== undefined) {
      delete login.token;
      return;
    }
    options.log?.warn({ code: error.code }, 'the records of the subject are not fetched');
    if (error.code === 'SERVER_BUSY') {
      await changed.wait({ signal, timeoutMs: busyMs });
      return;
    }
    delete login.token;
    if (isAgainstKey(error.code) || isAgainstAccount(error.code))
      store.noteKey(login.certificateSha, error.code);
    enter(isKeyFault(error.code) ? 'needs-key' : 'refused', error);
    if (isAgainstAccount(error.code)) onRefused(error);
    await changed.wait({ signal, timeoutMs: longMs });
  }

  /** Just after the login the server is still being shown the key. */
  async function whereSeen(): ReturnType<WhereSeen> {
    const until = AbortSignal.timeout(subscribeMs);
    while (state?.state === 'fetching' && (seen === undefined || seen !== live) && !until.aborted)
      await keySeen.wait({ signal: until, timeoutMs: pollMs });
    if (!current) return 'needs-key';
    if (!live) return 'no-line';
    if (state?.state === 'unsupported') return 'not-supported';
    if (seen !== live) return 'needs-key';
    return { session: live, audience: audienceOf.subject(current.subject) };
  }

  function end(): void {
    current = undefined;
    seen = undefined;
    state = undefined;
    store.dropFetched();
    onState(undefined);
    changed.raise();
    notified.raise();
  }

  return {
    state: () => state,
    begin(login) {
      end();
      current = { ...login };
      enter(live ? 'fetching' : 'offline');
      changed.raise();
    },
    proveAgain(prove) {
      if (!current) throw new AppError('UNAUTHENTICATED');
      current.prove = prove;
      enter(live ? 'fetching' : 'offline');
      changed.raise();
    },
    end,
    drafts: createDraftLine(whereSeen),
    market: createMarketLine(whereSeen),
    async fetchFile(question) {
      if (!current || !live) throw new AppError('SERVER_UNREACHABLE');
      const session = live;
      const audience = audienceOf.subject(current.subject);
      return fetchPieces((off) => session.recordFile({ ...question, audience, off }));
    },
    async follow({ session, signal }) {
      live = session;
      session.onNotify((_head, audience) => {
        if (audience !== undefined) notified.raise();
      });
      let subscribed: Login | undefined;
      try {
        while (!signal.aborted) {
          if (subscribed && subscribed !== current) {
            subscribed = undefined;
            await session.unsubscribe();
          }
          const login = current;
          if (!login) await changed.wait({ signal, timeoutMs: longMs });
          else if (session.welcome.proto < actionsSince) {
            enter('unsupported');
            await changed.wait({ signal, timeoutMs: longMs });
          } else {
            changed.clear();
            subscribed = login;
            await followOne(session, login, signal).catch((error: unknown) => settle(error, login, signal));
          }
        }
        throw new ConnectionLost('closed by this side');
      } finally {
        if (live === session) live = undefined;
        enter('offline');
      }
    },
  };
}

const recordOf = (change: Change | undefined): string | undefined =>
  change && change.kind !== 'station-settings' ? change.recordId : undefined;

/** A kind that this program does not know says nothing here: the records themselves are fetched. */
function parseChange(change: unknown): Change | undefined {
  const parsed = changeSchema.safeParse(change);
  return parsed.success ? parsed.data : undefined;
}

const isAgainstAccount = (code: string): boolean => code === 'ACCOUNT_FROZEN' || code === 'ACCOUNT_DISABLED';
/** What stands against the certificate itself, whoever has the PIN. */
const isAgainstKey = (code: string): boolean => code.startsWith('CERTIFICATE_');

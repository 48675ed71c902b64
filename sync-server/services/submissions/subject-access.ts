import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import type { Subject } from '#domain/primitives.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import { keyProofSchema, serverOrigin, sessionName } from '#domain/sync/subject-feed.ts';
import type { KeyProof, SubjectChallenge, Subscribe, Subscription } from '#domain/sync/subject-feed.ts';
import type { FeedRows } from '../../ports/item-rows.ts';
import type { KeyProofVerifier } from '../../ports/key-proof-verifier.ts';
import type { SubscriptionRows } from '../../ports/subscription-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';
import type { KeyAccess } from '../accounts/login/key-account.ts';
import type { StationSession } from '../stations/station-sessions.ts';

export interface SubjectAccessOptions {
  subscriptions: SubscriptionRows;
  feed: Pick<FeedRows, 'head'>;
  proofs: KeyProofVerifier;
  keyAccess: Pick<KeyAccess, 'hindranceOf'>;
  /** Of this server, PEM. */
  publicKey: string;
  clock: Clock;
  log: Log;
}

/** Nobody stands at a counter for longer; then the key is asked for once more. */
const subscriptionMs = 60 * 60_000;
/** How often an open one is judged anew: a key that is withdrawn meanwhile shows no more. */
const judgeEveryMs = 60_000;

/** What is kept beside the token, to be judged again when it is shown. */
const keptSchema = z.object({
  subject: z.object({ name: z.string(), creditCode: z.string() }),
  certificate: keyProofSchema.shape.certificate,
  chain: keyProofSchema.shape.chain,
  /** Absent in what earlier versions kept. */
  serialNumber: z.string().exactOptional(),
});
type Kept = z.infer<typeof keptSchema>;

interface Open {
  audience: Audience;
  kept: Kept;
  expiresAtMs: number;
  judgedAtMs: number;
}

/**
 * Who may see a subject's records at a counter: a station that has shown, in this session of its own, a challenge of this server
 * signed by that subject's key, or the token that it was given for that a while ago.
 */
export function createSubjectAccess(options: SubjectAccessOptions) {
  const { subscriptions, feed, proofs, keyAccess, publicKey, clock, log } = options;
  const origin = serverOrigin(sha256(publicKey.trim()));
  /** One at a time, for one answer. */
  const challenges = new WeakMap<StationSession, SubjectChallenge>();
  const opened = new WeakMap<StationSession, Open>();

  function prove(session: StationSession, proof: KeyProof): ReturnType<KeyProofVerifier['verify']> {
    const challenge = challenges.get(session);
    challenges.delete(session);
    if (!challenge) throw new AppError('CHALLENGE_INVALID', { reason: 'none was given' });
    return proofs.verify(proof, { agreesTo: 'subject-feed', challenge, at: clock.now() });
  }

  async function resume(session: StationSession, token: string): Promise<Open> {
    const stored = await subscriptions.find(sha256(token));
    const isGood =
      stored &&
      stored.stationId === session.stationId &&
      !stored.isEnded &&
      stored.expiresAtMs > clock.nowMs();
    if (!isGood) throw new AppError('FORBIDDEN', { reason: 'subscription' });
    const { audience, expiresAtMs } = stored;
    const kept = keptSchema.parse(JSON.parse(stored.proof));
    return judged({ audience, kept, expiresAtMs, judgedAtMs: 0 });
  }

  /** Throws what stands against the certificate, or against its account, now. */
  async function judged(open: Open): Promise<Open> {
    const nowMs = clock.nowMs();
    if (nowMs - open.judgedAtMs < judgeEveryMs) return open;
    proofs.checkAgain(open.kept, { at: clock.now() });
    await refuseHindered(open.kept);
    return { ...open, judgedAtMs: nowMs };
  }

  /** Throws ACCOUNT_FROZEN, ACCOUNT_DISABLED. */
  async function refuseHindered({ subject: { creditCode }, serialNumber }: Kept): Promise<void> {
    const hindrance = await keyAccess.hindranceOf({ creditCode, serialNumber });
    if (hindrance) throw hindrance;
  }

  return {
    challenge(session: StationSession): SubjectChallenge {
      session.check();
      const challenge = {
        nonce: randomBytes(32).toString('base64url'),
        origin,
        sessionId: sessionName(session),
        issuedAt: clock.now(),
      };
      challenges.set(session, challenge);
      return challenge;
    },

    /** Throws CHALLENGE_INVALID, FORBIDDEN (a token that is not this station's, ended or over) and what stands against the certificate or its account. */
    async subscribe(session: StationSession, request: Subscribe): Promise<Subscription> {
      session.check();
      let token = 'token' in request ? request.token : '';
      let open: Open;
      if ('proof' in request) {
        const { subject, serialNumber } = prove(session, request.proof);
        const { certificate, chain } = request.proof;
        const { name, creditCode } = subject;
        const kept = { subject: { name, creditCode }, certificate, chain, serialNumber };
        await refuseHindered(kept);
        const nowMs = clock.nowMs();
        open = {
          audience: audienceOf.subject(subject),
          kept,
          expiresAtMs: nowMs + subscriptionMs,
          judgedAtMs: nowMs,
        };
        token = randomBytes(32).toString('base64url');
        await subscriptions.add({
          tokenSha: sha256(token),
          stationId: session.stationId,
          audience: open.audience,
          proof: JSON.stringify(kept),
          at: clock.now(),
          expiresAtMs: open.expiresAtMs,
        });
        log.info({ stationId: session.stationId }, 'subject at a station');
      } else open = await resume(session, token);
      // before anything is asked for: what comes later has a higher number
      const head = await feed.head(open.audience);
      opened.set(session, open);
      return { audience: open.audience, token, expiresAt: new Date(open.expiresAtMs).toISOString(), head };
    },

    async unsubscribe(session: StationSession): Promise<void> {
      session.check();
      opened.delete(session);
      await subscriptions.end(session.stationId, clock.now());
    },

    /** Whose records these are. Throws FORBIDDEN, and what stands against the certificate by now. */
    async check(session: StationSession, audience: Audience): Promise<Subject> {
      session.check();
      const open = opened.get(session);
      if (open?.audience !== audience || open.expiresAtMs <= clock.nowMs())
        throw new AppError('FORBIDDEN', { reason: 'subscription' });
      try {
        opened.set(session, await judged(open));
      } catch (error) {
        opened.delete(session);
        throw error;
      }
      return open.kept.subject;
    },

    follows: (session: StationSession, audience: Audience): boolean => {
      const open = opened.get(session);
      return open?.audience === audience && open.expiresAtMs > clock.nowMs();
    },
  };
}
export type SubjectAccess = ReturnType<typeof createSubjectAccess>;

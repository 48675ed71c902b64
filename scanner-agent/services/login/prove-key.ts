/** What the server wants of the key before it shows its owner's records here: a signed challenge of its own. */
import { hash } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { serverOrigin, sessionName } from '#domain/sync/subject-feed.ts';
import type { KeyProof, SubjectChallenge } from '#domain/sync/subject-feed.ts';
import { authoritiesBetween } from '#sealing/chain.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens } from '../../ports/signing-token.ts';
import { trustQuestion } from '../sealing/apply-seal.ts';
import type { StationTrust } from '../sealing/apply-seal.ts';
import type { KeyHold } from '../sealing/key-hold.ts';
import { findSigningCertificate } from './ukey.ts';

const tokenTimeoutMs = 20_000;

export interface ProveKeyDeps {
  tokens: SigningTokens;
  trust: StationTrust;
  clock: Clock;
  /** Of the login: given back as soon as the proof is made. */
  keyHold: KeyHold;
}

/**
 * Signs the challenge with the key that is held; undefined where none is, or its time is over. Throws CHALLENGE_INVALID for a
 * challenge that is not this server's for this session, what `findSigningCertificate` and `SigningTokens.sign` throw.
 */
export function createProveKey({ tokens, trust, clock, keyHold }: ProveKeyDeps) {
  return async function proveKey(
    challenge: SubjectChallenge,
    server: { publicKey: string; stationId: string; sessionEpoch: number },
  ): Promise<KeyProof | undefined> {
    // another server's challenge, passed on to us, is not signed
    const fingerprint = hash('sha256', server.publicKey.trim());
    if (challenge.origin !== serverOrigin(fingerprint) || challenge.sessionId !== sessionName(server))
      throw new AppError('CHALLENGE_INVALID', { reason: 'not of this server and session' });
    const key = keyHold.find();
    if (!key) return undefined;
    const { tokenId, certificateId, pin } = key;
    const signal = AbortSignal.timeout(tokenTimeoutMs);
    try {
      const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      const now = clock.now();
      const { certificate } = findSigningCertificate(plugged, tokenId, certificateId, now, trust, 'login');
      const [signature] = await tokens.sign({
        ...{ tokenId, certificateId, pin, signal, timeoutMs: tokenTimeoutMs },
        data: [challengeBytes({ agreesTo: 'subject-feed', ...challenge })],
      });
      if (!signature) throw new AppError('DEVICE_FAULT');
      const chain = authoritiesBetween(certificate.der, trustQuestion(trust, now));
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
      return {
        certificate: base64(certificate.der),
        chain: chain.map(base64),
        signature: base64(signature),
      };
    } finally {
      // whatever came of it: a PIN is not tried twice
      keyHold.forget();
    }
  };
}

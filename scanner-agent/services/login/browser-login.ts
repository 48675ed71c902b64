/** CA登录 in a browser of this computer: a page of the server has the key sign that its holder signs in there, and nothing else. */
import type { BrowserKey } from '#domain/contracts/kiosk/browser-login.ts';
import type { BrowserChallenge } from '#domain/contracts/public/ca-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { authoritiesBetween } from '#sealing/chain.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens } from '../../ports/signing-token.ts';
import { trustQuestion } from '../sealing/apply-seal.ts';
import type { StationTrust } from '../sealing/apply-seal.ts';
import { findSigningCertificate, tokenTimeoutMs } from './ukey.ts';

export interface BrowserLogin {
  /** Of the server at which this station is enrolled, exactly; none while it is not. */
  serverOrigins: () => readonly string[];
  /** What is plugged in, without any password. Throws DRIVER_MISSING, DEVICE_TIMEOUT. */
  keys: (signal: AbortSignal) => Promise<BrowserKey[]>;
  /**
   * Signs the statement for the origin from which the browser says the page is, one of the server's. Throws FOREIGN_ORIGIN, what `findSigningCertificate` and
   * `SigningTokens.sign` throw.
   */
  sign: (
    request: {
      tokenId: string;
      certificateId: string;
      pin: string;
      challenge: BrowserChallenge;
      origin: string | undefined;
    },
    signal: AbortSignal,
  ) => Promise<KeyProof>;
}

export function createBrowserLogin({
  tokens,
  trust,
  clock,
  serverUrl,
  otherOrigins,
}: {
  tokens: SigningTokens;
  trust: StationTrust;
  clock: Clock;
  serverUrl: () => string | undefined;
  /** What the station's operator says the server is called besides. */
  otherOrigins: readonly string[];
}): BrowserLogin {
  const serverOrigins = (): readonly string[] => {
    const url = serverUrl();
    return url === undefined ? [] : [new URL(url).origin, ...otherOrigins];
  };
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

  return {
    serverOrigins,
    async keys(signal) {
      const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      return plugged.flatMap(({ id: tokenId, pin, simulated, certificates }) =>
        certificates
          .filter(({ use }) => use === 'sign')
          .map(({ id: certificateId, holderName, creditCode, notAfter: validUntil }) => ({
            ...{ tokenId, certificateId, holderName, validUntil, simulated, isLocked: pin.locked },
            ...(creditCode === undefined ? {} : { creditCode }),
            ...(pin.remainingTries === undefined ? {} : { remainingTries: pin.remainingTries }),
          })),
      );
    },
    async sign({ tokenId, certificateId, pin, challenge, origin }, signal) {
      if (origin === undefined || !serverOrigins().includes(origin)) throw new AppError('FOREIGN_ORIGIN');
      const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
      const now = clock.now();
      const { certificate } = findSigningCertificate(plugged, tokenId, certificateId, now, trust, 'login');
      const { nonce, sessionId, issuedAt } = challenge;
      const [signature] = await tokens.sign({
        ...{ tokenId, certificateId, pin, signal, timeoutMs: tokenTimeoutMs },
        data: [challengeBytes({ agreesTo: 'browser-login', nonce, origin, sessionId, issuedAt })],
      });
      if (!signature) throw new AppError('DEVICE_FAULT');
      const chain = authoritiesBetween(certificate.der, trustQuestion(trust, now));
      return {
        certificate: base64(certificate.der),
        chain: chain.map(base64),
        signature: base64(signature),
      };
    },
  };
}

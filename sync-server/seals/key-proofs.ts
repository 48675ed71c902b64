import { AppError } from '#domain/errors/app-error.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import { checkChain } from '#sealing/chain.ts';
import type { CheckRevocation } from '#sealing/chain.ts';
import { chainError, verifyChallenge } from '#sealing/challenge.ts';
import { readAuthorities } from '#sealing/read-certificates.ts';
import type { KeyProofVerifier } from '../ports/key-proof-verifier.ts';

export interface KeyProofOptions {
  /** PEM. */
  trustAnchors: readonly string[];
  revocation?: CheckRevocation;
  mustKnowRevocation?: boolean;
}

/** A challenge waits for a person who looks for the key, no longer. */
const maxAgeMs = 2 * 60_000;

/** Throws at once when a certificate of an authority cannot be read. */
export function createKeyProofs(options: KeyProofOptions): KeyProofVerifier {
  const trust = {
    trustAnchors: options.trustAnchors.flatMap((pem) => readAuthorities(Buffer.from(pem))),
    mustKnowRevocation: options.mustKnowRevocation ?? false,
    ...(options.revocation ? { revocation: options.revocation } : {}),
  };
  const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

  return {
    verify({ certificate, chain, signature }, { agreesTo, challenge, at }) {
      const der = bytes(certificate);
      const { holderName, creditCode, personName, ...signer } = verifyChallenge({
        ...trust,
        at,
        challenge: { agreesTo, ...challenge },
        certificate: der,
        chain: chain.map(bytes),
        signature: bytes(signature),
        maxAgeMs,
      });
      // as at the counter: a key that names no company opens no company's records
      if (creditCode === undefined) throw new AppError('TOKEN_HAS_NO_CERTIFICATE', { missing: 'creditCode' });
      if (holderName === '' || holderName === personName)
        throw new AppError('TOKEN_HAS_NO_CERTIFICATE', { missing: 'organisation' });
      const { serialNumber, issuerName, notBefore, notAfter } = signer;
      return { subject: { name: holderName, creditCode }, serialNumber, issuerName, notBefore, notAfter };
    },
    checkAgain({ certificate, chain }, { at }) {
      const der = bytes(certificate);
      describeCertificate(der);
      const question = { ...trust, at, purpose: 'login' as const };
      const [problem] = checkChain(der, chain.map(bytes), question).problems;
      if (problem) throw chainError(problem);
    },
  };
}

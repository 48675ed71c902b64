/** Port: what the signature of a UKey over the server's own challenge proves. */
import type { Subject } from '#domain/primitives.ts';
import type { KeyProof, SubjectChallenge } from '#domain/sync/subject-feed.ts';

/** Whose key it is, and which. */
export interface ProvedKey {
  subject: Subject;
  /** Of the certificate, hex. */
  serialNumber: string;
  /** Who issued it, and from when until when it is good. */
  issuerName: string;
  notBefore: string;
  notAfter: string;
}

/** As it is kept and shown. */
export interface KeyCertificate {
  /** Hex, capitals. */
  serial: string;
  holderName: string;
  issuer: string;
  validFrom: string;
  validUntil: string;
}

export interface KeyProofVerifier {
  /**
   * Whose key signed the challenge. Throws CHALLENGE_INVALID (too old, another challenge, another key) and what stands
   * against the certificate: CERTIFICATE_EXPIRED, CERTIFICATE_REVOKED, CERTIFICATE_UNTRUSTED …, TOKEN_HAS_NO_CERTIFICATE
   * for one that names no organisation.
   */
  verify(
    proof: KeyProof,
    options: { agreesTo: 'subject-feed' | 'browser-login'; challenge: SubjectChallenge; at: string },
  ): ProvedKey;
  /** The same certificate later: throws what stands against it now. */
  checkAgain(proof: Pick<KeyProof, 'certificate' | 'chain'>, options: { at: string }): void;
}

/** Port: who tells a programme, by OpenID Connect, who sits before the browser. */

/** Of one attempt; state, nonce and verifier belong to one browser and are good once. */
export interface OpenidAttempt {
  /** Exactly as the provider has it registered. */
  redirectUri: string;
  state: string;
  nonce: string;
  /** PKCE (RFC 7636). */
  codeVerifier: string;
}

/** Whom the provider names: a unit, the person, or the person who came for a unit. */
export interface OpenidSubject {
  unit?: { name: string; creditCode: string };
  person?: { name: string; idNumber: string };
}

export interface OpenidProvider {
  /** The page of the provider to which the browser goes. Throws SERVICE_MISSING, SERVICE_UNREACHABLE. */
  begin(attempt: OpenidAttempt): Promise<string>;
  /**
   * `query`: what the browser brought back. Throws OPENID_DENIED where the person said no, OPENID_ANSWER_REFUSED where the answer
   * is not the provider's to this attempt, OPENID_SUBJECT_UNNAMED, SERVICE_MISSING, SERVICE_UNREACHABLE.
   */
  finish(attempt: OpenidAttempt, query: string): Promise<OpenidSubject>;
}

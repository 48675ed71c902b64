/** Ports: time, ids, keys and the log, so that services stay free of the machine they run on. */

export interface Clock {
  /** Now, ISO UTC. */
  now: () => string;
  /** Now, milliseconds since 1970: for leases and retries. */
  nowMs: () => number;
}

/** ULIDs, ascending within the process. */
export type MakeId = () => string;

/** The server's Ed25519 key. Both texts and signatures are as in domain/sync: base64. */
export interface ServerKey {
  publicKeyPem: string;
  sign(text: string): string;
  /** HMAC-SHA-256 under a secret that this key alone gives, another for each purpose; nobody tells it from the public half. */
  mac(purpose: string, text: string): Uint8Array;
}

/** `context` never holds personal data; the logger redacts by key besides. */
export interface Log {
  info(context: Record<string, unknown>, message: string): void;
  warn(context: Record<string, unknown>, message: string): void;
  error(context: Record<string, unknown>, message: string): void;
}

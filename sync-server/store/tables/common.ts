/** What all of the server keeps. */

export interface CommonTables {
  fact: { name: string; value: string };
  counter: { name: string; value: number };
  /** How often something was tried, and until when the next try waits. */
  tally: { name: string; count: number; blocked_until_ms: number; forget_at_ms: number };
  /** What is used once: `holder` has used it. */
  single_use: { name: string; holder: string | null; expires_at_ms: number };
  /** Of domain/accounts/log-lines.ts. `before_sha` of the line before it, empty for the first. */
  log_line: {
    number: number;
    at: string;
    kind: string;
    account: string;
    name: string;
    organisation: string;
    action: string;
    ref: string;
    result: string;
    detail: string;
    place: string;
    device: string;
    before_sha: string;
    sha: string;
  };
  /** One row: whoever adds a line holds it until the commit. */
  log_head: { name: string; number: number; sha: string };
  log_signature: { number: number; sha: string; at: string; signature: string };
  job: {
    id: string;
    kind: string;
    ref_id: string;
    /** What the piece waits for, so that its arrival can wake it. */
    waits_for: string | null;
    state: string;
    attempts: number;
    next_at_ms: number;
    lease_owner: string | null;
    lease_until_ms: number;
    last_error: string | null;
    created_at: string;
  };
  /** One row for every effect that must happen once; no key hinders a second row, so that doubling would show. */
  effect: { id: string; at: string; kind: string; ref_id: string };
  catalogue: { hash: string; body: string; loaded_at: string };
}

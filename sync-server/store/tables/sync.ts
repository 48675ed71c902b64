/** What comes from stations, and what goes to whom. */

export interface SyncTables {
  item: {
    id: string;
    station_id: string;
    seq: number;
    kind: string;
    schema_version: number;
    payload: string;
    payload_sha: string;
    manifest_sha: string;
    server_seq: number;
    received_at: string;
    signature: string;
  };
  item_blob: { item_id: string; ord: number; sha: string; role: string };
  blob: { sha: string; size: number; mime: string; stored_at: string };
  /** The station has shown the bytes itself. `undelivered_since` is null once an item of its own names them: then it stays. */
  blob_proof: { station_id: string; sha: string; undelivered_since: string | null };
  feed_head: { audience: string; seq: number };
  /** `subject`: what it speaks of, `record:<id>`, `certificate:` and `superseded:<id of the record>`, `push:<id>` or `settings`; the last word on each is never removed. */
  change: { audience: string; seq: number; body: string; at: string; subject: string };
  /** A subject's key was at that station. `proof`: certificate and way to the authority, JSON; looked at anew when the token is shown. */
  subscription: {
    token_sha: string;
    station_id: string;
    audience: string;
    proof: string;
    made_at: string;
    expires_at_ms: number;
    ended_at: string | null;
  };
  /** What a session may send, so that its /blob connection may be held by another process. Gone with the commit. */
  upload: { station_id: string; sha: string; size: number; offered_at: string };
}

/** Stations, and what is wanted of them. */

export interface FleetTables {
  station: {
    id: string;
    name: string;
    public_key: string;
    install_id: string | null;
    session_epoch: number;
    state: string;
    pending: number;
    app_version: string;
    last_seen_at: string | null;
    enrolled_at: string;
    record_seals_since: string | null;
    /** Of the newest session: any process can tell whether a /blob connection belongs to it. */
    blob_token_sha: string | null;
    /** Renewed by the process that holds the session; past when that died. */
    online_until_ms: number;
    /** Added to the numbers that the station gives its items. */
    seq_base: number;
  };
  /** The last that a station told of itself. */
  station_health: { station_id: string; body: string; reported_at: string; clock_offset_ms: number };
  /** What the desk wants of a station; the same went down its feed in the same transaction. */
  station_setting: {
    station_id: string;
    revision: number;
    body: string;
    changed_at: string;
    account_id: string;
  };
  enrolment_code: {
    sha: string;
    reusable: number;
    station_id: string | null;
    used_at: string | null;
    created_at: string;
  };
  alarm: {
    id: string;
    at: string;
    kind: string;
    ref_id: string;
    detail: string;
    settled_at: string | null;
    /** Of what the audit found, as the next three. */
    station_id: string | null;
    settled_by: string | null;
    settled_reason: string | null;
    /** 1: acknowledged, and still as it was found; the next audit is silent about it. */
    is_known: number;
  };
}

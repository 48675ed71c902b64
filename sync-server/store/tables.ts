/** The tables as Kysely sees them. Text, integers and JSON as text only: both databases take these. Times are ISO UTC. */
export interface Tables {
  fact: { name: string; value: string };
  counter: { name: string; value: number };
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
  };
  enrolment_code: {
    sha: string;
    reusable: number;
    station_id: string | null;
    used_at: string | null;
    created_at: string;
  };
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
  feed_head: { station_id: string; seq: number };
  change: { station_id: string; seq: number; body: string; at: string };
  record: {
    id: string;
    station_id: string;
    item_id: string;
    state: string;
    programme: string;
    kind: string;
    subject_code: string;
    subject_name: string;
    light: string | null;
    unique_code: string | null;
    rejection: string | null;
    received_at: string;
    settled_at: string;
    body: string;
  };
  material: { record_id: string; slot: string; pdf_sha: string; report: string };
  digital_certificate: {
    unique_code: string;
    record_id: string;
    issued_at: string;
    body: string;
    signature: string;
  };
  case_file: {
    id: string;
    record_id: string;
    push_id: string;
    station_id: string;
    programme: string;
    kind_title: string;
    subject_name: string;
    unique_code: string;
    light: string;
    department: string;
    push_field: string;
    step_title: string;
    catalogue_hash: string;
    state: string;
    decision_count: number;
    opened_at: string;
    closed_at: string | null;
    body: string;
  };
  case_decision: {
    case_id: string;
    ord: number;
    account_id: string;
    at: string;
    body: string;
  };
  operation: { id: string; at: string; actor: string; action: string; ref_id: string };
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
  alarm: { id: string; at: string; kind: string; ref_id: string; detail: string };
  /** One row for every effect that must happen once; no key hinders a second row, so that doubling would show. */
  effect: { id: string; at: string; kind: string; ref_id: string };
  account: {
    id: string;
    name: string;
    department: string;
    permissions: string;
    password_hash: string;
    created_at: string;
  };
  desk_session: { token_sha: string; account_id: string; created_at: string; expires_at: string };
  catalogue: { hash: string; body: string; loaded_at: string };
}

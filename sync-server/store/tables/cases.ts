/** Records, their cases and their drafts. */

export interface CaseTables {
  /** Of an outside register: no synchronisation brings it back by itself. */
  removed_row: { subject_id: string; programme: string; kind: string; row_id: string; removed_at: string };
  record: {
    id: string;
    station_id: string;
    item_id: string;
    state: string;
    programme: string;
    kind: string;
    /** `subject_kind` and `subject_code` name the owner. */
    subject_kind: string;
    subject_code: string;
    subject_name: string;
    light: string | null;
    unique_code: string | null;
    rejection: string | null;
    received_at: string;
    settled_at: string;
    superseded_at: string | null;
    /** 解绑: what of a person the subject had, and may see no more. */
    released_at: string | null;
    body: string;
  };
  /** What the record said when it was given back for `reason`, 1 first; its own row says what it says now. */
  returned_version: {
    record_id: string;
    number: number;
    item_id: string;
    reason: string;
    corrected_at: string;
    body: string;
  };
  material: { record_id: string; slot: string; pdf_sha: string; report: string };
  credential: {
    /** Of one that was issued before there were any: its unique code. */
    identifier: string;
    unique_code: string;
    /** From 1 within its unique code. */
    version: number;
    record_id: string;
    issued_at: string;
    body: string;
    signature: string;
    /** 1: its 查验码 is in the station's feed. */
    is_code_told: number;
    /** Since when a correction of its record has taken its place. */
    replaced_at: string | null;
    revoked_at: string | null;
    revoked_reason: string | null;
  };
  case_file: {
    id: string;
    /** What it is about; `about_id` is the record's id, an account's, a person's id number, a work's id. */
    about_kind: string;
    about_id: string;
    record_id: string | null;
    push_id: string | null;
    station_id: string;
    programme: string;
    kind_title: string;
    subject_name: string;
    unique_code: string | null;
    light: string | null;
    /** The first that decides; all of them stand in `case_party`. */
    department: string;
    push_field: string | null;
    /** Of a complaint: the push that it is about; `open_complaint`: the same while it waits. */
    complaint_push: string | null;
    open_complaint: string | null;
    step_title: string;
    catalogue_hash: string;
    state: string;
    /** Raised by whatever happens to it. */
    revision: number;
    decision_count: number;
    opened_at: string;
    closed_at: string | null;
    body: string;
  };
  /** Who decides some step of it, and so may see it: `department:<name>`, `id-number:<number>`. */
  case_party: { case_id: string; party: string };
  case_decision: {
    case_id: string;
    ord: number;
    account_id: string;
    at: string;
    body: string;
  };
  light_overrule: { case_id: string; ord: number; account_id: string; at: string; body: string };
  /** What somebody fills in at a portal and has not handed in. */
  record_draft: {
    id: string;
    programme: string;
    kind: string;
    role: string;
    subject_kind: string;
    subject_code: string;
    /** The record that it changes: one draft of each at the most. */
    changes: string | null;
    account_id: string;
    body: string;
    revision: number;
    created_at: string;
    updated_at: string;
    expires_at_ms: number;
    /** SHA-256 of the code that brings it to a counter; the newest alone. */
    code_sha: string | null;
    code_expires_at_ms: number | null;
    code_used_at: string | null;
    /** The record that a counter makes of it, the counter, since when, and when it was given back. */
    carried_as: string | null;
    carried_to: string | null;
    carried_at: string | null;
    given_at: string | null;
  };
  /** A main account's registration while it is filled in and on its way. */
  registration: {
    id: string;
    /** Of the browser that fills it in. */
    token_sha: string;
    programme: string;
    /** Of the user centre's account types. */
    type: string;
    /** Id number of the main handler whom it names; empty where it names none. */
    handler_id: string;
    /** The record that it was filed as; null while it is a draft. */
    record_id: string | null;
    body: string;
    created_at: string;
    updated_at: string;
    expires_at_ms: number;
  };
  /** What the business register said when the record was filed, JSON. */
  register_answer: { record_id: string; body: string; asked_at: string };
}

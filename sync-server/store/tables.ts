import type { Generated } from 'kysely';

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
  /** How often something was tried, and until when the next try waits. */
  tally: { name: string; count: number; blocked_until_ms: number; forget_at_ms: number };
  /** What is used once: `holder` has used it. */
  single_use: { name: string; holder: string | null; expires_at_ms: number };
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
  /** Of an outside register: no synchronisation brings it back by itself. */
  removed_row: { subject_id: string; programme: string; kind: string; row_id: string; removed_at: string };
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
  /** What a session may send, so that its /blob connection may be held by another process. Gone with the commit. */
  upload: { station_id: string; sha: string; size: number; offered_at: string };
  /** One row for every effect that must happen once; no key hinders a second row, so that doubling would show. */
  effect: { id: string; at: string; kind: string; ref_id: string };
  account: {
    id: string;
    /** Of domain/accounts/schema.ts. */
    kind: string;
    person_id: string | null;
    organisation_id: string | null;
    name: string;
    department: string;
    permissions: string;
    password_hash: string;
    created_at: string;
    disabled_at: string | null;
    last_sign_in_at: string | null;
    /** When and by whom the password was made, where the person did not choose it. */
    password_issued_at: string | null;
    password_issued_by: string | null;
    /** Such a one is good until then; null: for ever. */
    password_until: string | null;
    /** Of the programme's account types; empty where there are none. */
    type: Generated<string>;
    /** 1: somebody has to confirm it first. */
    is_pending: Generated<number>;
    /** Serial number of the key that the account is tied to. */
    key_serial: Generated<string | null>;
    /** By which it was opened. */
    record_id: Generated<string | null>;
    /** Told by whoever opened it; the number that signs a person in is the person's own. */
    contact_mobile: Generated<string | null>;
    /** 冻结. `frozen_reason` is told to its owner, `frozen_note` is not. */
    frozen_at: Generated<string | null>;
    frozen_by: Generated<string | null>;
    frozen_reason: Generated<string | null>;
    frozen_note: Generated<string | null>;
    /** When the company's administrator found its holder's real name right; of a person's own proof the person's row knows. */
    real_name_at: Generated<string | null>;
  };
  /** Of the CA company. `state`: valid, revoked. */
  unit_key: {
    id: string;
    organisation_id: string;
    serial: string;
    holder_name: string;
    valid_from: string;
    valid_until: string;
    state: string;
    synchronised_at: string;
  };
  person: {
    id: string;
    name: string;
    id_number: string | null;
    mobile: string | null;
    created_at: string;
    /** When name, number and mobile were found to be one person's. */
    real_name_at: Generated<string | null>;
  };
  /** `credit_code`: what it is known by, in the scheme. */
  organisation: {
    id: string;
    name: string;
    credit_code: string | null;
    scheme: Generated<string>;
    created_at: string;
  };
  /** By what an account's holder is known: one value of a scheme may be of several accounts, unless a service refuses it. */
  identity: {
    id: string;
    account_id: string;
    kind: string;
    scheme: string;
    value: string;
    name: string;
    way: string;
    proved_at: string;
  };
  /** Whoever is signed in, by whatever way. Of the token only the SHA-256 is here. */
  session: {
    token_sha: string;
    /** Names it where it is listed and ended. */
    id: string;
    account_id: string;
    way: string;
    /** JSON: what was proved. */
    assurance: string;
    /** JSON: the identity for which is acted; null: for oneself or one's own organisation. */
    on_behalf_of: string | null;
    /** JSON: programme and role; null: none was chosen. */
    acting_as: string | null;
    device: string;
    place: string;
    created_at: string;
    last_seen_at: string;
    expires_at: string;
    /** 1: the rights have changed, the next request takes another token. */
    is_rotation_due: number;
    /** The token before the present one, for requests that were on their way; good until then. */
    earlier_sha: string | null;
    earlier_until: string | null;
  };
  /** A code that a browser shows and a phone scans. `state`: as it was last set; whether it has run out `expires_at_ms` says. */
  login_ticket: {
    id: string;
    /** Of what the code says. */
    ticket_sha: string;
    /** Of what the browser holds in its cookie. */
    browser_sha: string;
    programme: string;
    purpose: string;
    state: string;
    /** Of the computer. */
    address: string;
    device: string;
    made_at: string;
    expires_at_ms: number;
    /** The account of the person who scanned it. */
    scanned_by: string | null;
    chosen_account: string | null;
    chosen_system: string | null;
    /** JSON: what was proved on the phone. */
    assurance: string | null;
  };
  /** Who opened the account by himself at a portal, and by what he signs in there. `login_key`: as names are compared. */
  registrant: {
    account_id: string;
    programme: string;
    scheme: string;
    number: string;
    name: string;
    login_name: string;
    login_key: string;
    registered_at: string;
  };
  /** By what a registrant signed in before he was called otherwise. */
  former_login_name: { programme: string; login_key: string; account_id: string; until: string };
  /** Of keys that have signed in to the account. */
  account_certificate: {
    account_id: string;
    serial: string;
    holder_name: string;
    issuer: string;
    valid_from: string;
    valid_until: string;
    bound_at: string;
    last_used_at: string;
  };
  /** What the CA company answered to a registrant who asked it for a key. */
  key_application: {
    id: string;
    account_id: string;
    at: string;
    is_accepted: number;
    reference: string | null;
    reason: string | null;
  };
  /** The log of the registers: only ever appended to. `body`: a RegisterEntry. */
  register_entry: { stream: string; seq: number; record_id: string | null; body: string };
  registered_person: { id: string; name: string; unit: string };
  registered_work: {
    id: string;
    name: string;
    state: string;
    contract_number: string | null;
    unit: string;
    authority: string;
    supervisor: string;
    permit_number: string | null;
    /** JSON, values. */
    details: Generated<string>;
  };
  work_unit: { work: string; role: string; code: string; name: string };
  /** `body`: a WorkChange. */
  work_change: { id: string; work: string; body: string };
  /** What the approval system sent last of a work, by its own numbering, and a hash of it. */
  work_push: { work: string; version: number; digest: string; at: string };
  qualification: {
    person: string;
    kind: string;
    source: string;
    number: string;
    valid_until: string | null;
  };
  /** When the register of qualifications last answered about a person. */
  qualification_answer: { person: string; asked_at: string };
  registered_unit: { code: string; name: string; representative: string; since: string };
  appointment: {
    id: string;
    person: string;
    work: string;
    post: string;
    begun_at: string;
    ended_at: string | null;
  };
  lock_release: { id: string; person: string; body: string };
  /** What `locks` (domain/registers) makes of appointments, works and releases; written with them. */
  person_lock: { person: string; post: string; body: string };
  notice: {
    id: string;
    audience: string;
    case_id: string;
    text: string;
    at: string;
    /** By the person it is for. */
    read_at: Generated<string | null>;
  };
  /** The newest code to a number; of both only what a key of the server makes of them. */
  sms_code: { target: string; id: string; code_sha: string; expires_at_ms: number };
  /** What a person agreed to, and in which version. */
  consent: {
    id: string;
    account_id: string;
    programme: string;
    document: string;
    version: string;
    at: string;
    withdrawn_at: string | null;
  };
  /** Name and number that were found to belong to the account's mobile; gone once the face was seen. */
  real_name_check: { account_id: string; name: string; id_number: string; expires_at_ms: number };
  /** A face that was asked for. `about`, `nonce`: what the result must be of; `body`: JSON, what is done with it. */
  face_request: {
    id: string;
    account_id: string;
    check_id: string;
    id_number: string;
    about: string;
    nonce: string;
    body: string;
    expires_at_ms: number;
  };
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
  /** A key that was shown at a platform's door, for the browser that did; gone when it has run out. */
  key_entry: {
    token_sha: string;
    programme: string;
    holder_name: string;
    credit_code: string;
    serial: string;
    issuer: string;
    valid_from: string;
    valid_until: string;
    proved_at: string;
    expires_at_ms: number;
  };
  /** As what a unit is known at a platform, one row for each kind of institution that it is. */
  institution: {
    id: string;
    programme: string;
    /** Of the programme's subject roles. */
    role: string;
    /** Contained in the unit's credit code; by it nobody is the same kind of institution twice. */
    organisation_code: string;
    organisation_id: string;
    account_id: string;
    /** In the business system. */
    business_account: string;
    origin: string;
    /** JSON: what was filled in beside what the key says. */
    information: string;
    created_at: string;
  };
  /** An operator's newest application for the real name, with its pictures. */
  name_application: {
    account_id: string;
    programme: string;
    /** As which it was filed; null while it is being filled in. */
    record_id: string | null;
    body: string;
    updated_at: string;
    expires_at_ms: number;
  };
  /** What the business register said when the record was filed, JSON. */
  register_answer: { record_id: string; body: string; asked_at: string };
  catalogue: { hash: string; body: string; loaded_at: string };
}

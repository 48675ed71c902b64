/** Who may sign in, and by what. */
import type { Generated } from 'kysely';

export interface AccountTables {
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
}

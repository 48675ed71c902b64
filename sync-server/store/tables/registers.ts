/** Persons, works, appointments and locks. */
import type { Generated } from 'kysely';

export interface RegisterTables {
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
}

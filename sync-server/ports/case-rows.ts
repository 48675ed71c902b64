/** Port: verified records, certificates, cases. Each writing call is one transaction that also ends the job it came from. */
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';
import type { Deed } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { CaseSummary } from '#domain/contracts/desk/cases.ts';
import type { statesAtServer } from '#domain/record/lifecycle.ts';
import type { Subject } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import type { IssueCredential } from './credential-rows.ts';
import type { SealReport } from './seal-verifier.ts';

export interface VerifiedMaterial {
  slot: string;
  pdfSha: string;
  report: SealReport;
}

export interface StoredRecord {
  id: string;
  stationId: string;
  state: (typeof statesAtServer)[number];
  record: LudengRecord;
  receivedAt: string;
  /** When it was stored or refused. */
  settledAt: string;
  /** Absent where an earlier version noted no time. */
  supersededAt?: string;
  /** 解绑: since then the subject sees nothing of it. */
  releasedAt?: string;
  uniqueCode?: string;
  light?: LightColour;
  rejection?: { code: string; message: string };
  materials: VerifiedMaterial[];
}

/** What a record said before it was corrected. */
export interface ReturnedVersion {
  /** 1 for the first. */
  number: number;
  record: LudengRecord;
  /** Why it was given back. */
  reason: string;
  correctedAt: string;
}

/** Whose part a record is: which of the subject's records of that kind has its file. */
export interface FileOfRecord {
  kind: string;
  isFile: (record: LudengRecord) => boolean;
}

export interface RecordRows {
  find(id: string): Promise<StoredRecord | undefined>;
  /** Newest first; empty for a record that was never given back, and while it is not corrected yet. */
  returnedVersions(id: string): Promise<ReturnedVersion[]>;
  /** Of the subject's records of that kind that stand the first that is the same; not what this one replaces. */
  findRepeated(record: LudengRecord, isSame: (other: LudengRecord) => boolean): Promise<string | undefined>;
  /** 解绑 of whose part it is, who was not entered anew since. */
  isReleased(record: LudengRecord, file: FileOfRecord): Promise<boolean>;
  /** What of the subject's was accepted, superseded ones too: in the order of the ids, those above `after`, of `ids` where given. */
  idsOfSubject(
    subject: Pick<Subject, 'kind' | 'creditCode'>,
    range: { after: string; ids?: readonly string[] | undefined; limit: number },
  ): Promise<string[]>;
  /**
   * The record becomes stored, the one it supersedes superseded, the unique code is counted, the changes and the certificate's 查验码
   * go to whoever may see the records, pushes that waited for the record wake. One that was given back keeps its
   * unique code, its materials are replaced, and the cases that gave it back go on. A record stored already stays as it is (false).
   * Throws RECORD_REPEATED where another counter was first with what a subject has once.
   */
  store(input: {
    jobId: string;
    stationId: string;
    submissionId: string;
    receivedAt: string;
    at: string;
    record: LudengRecord;
    /** Absent where no paper was checked. */
    light?: LightColour;
    /** What the applicant should know of the server's own look, Chinese. */
    note?: string;
    materials: VerifiedMaterial[];
    /** Name of the counter, and the code made of its next number. */
    counter: string;
    makeUniqueCode: (serial: number) => string;
    /** The workflow of which a case is opened about it. */
    opens?: string;
    /** Of what a subject has once: whether another record says the same. */
    isSame?: (other: LudengRecord) => boolean;
    /** Of a part: whose. PERSON_RELEASED where he was let go meanwhile. */
    file?: FileOfRecord;
    /** For green. */
    issue?: IssueCredential;
  }): Promise<boolean>;
  /**
   * 解绑: `file` and all of the subject's records that are of it are the subject's no more to see; whoever saw them hears of it. Ends
   * the job. Twice is fine.
   */
  release(input: {
    jobId: string;
    stationId: string;
    file: LudengRecord;
    /** Of which kinds its parts are. */
    kinds: readonly string[];
    isOfFile: (record: LudengRecord) => boolean;
    at: string;
    by: string;
    action: string;
  }): Promise<readonly Audience[]>;
  reject(input: {
    jobId: string;
    stationId: string;
    submissionId: string;
    receivedAt: string;
    at: string;
    record: LudengRecord;
    code: string;
    message: string;
  }): Promise<void>;
}

export interface CasePlace {
  stationId: string;
  programme: string;
  kindTitle: string;
  subjectName: string;
  uniqueCode?: string;
  light?: LightColour;
  catalogueHash: string;
}
export interface StoredCase extends CasePlace {
  case: Case;
  /** Raised by whatever happens to it; 0 for a new one. */
  revision: number;
}

export interface CaseQuery {
  /** Those that whoever asks may see. */
  visible: Filter<Things['case']>;
  state: 'open' | 'closed' | 'all';
  search: string;
  page: number;
  pageSize: number;
}

export interface CaseRows {
  find(id: string): Promise<StoredCase | undefined>;
  ofRecord(recordId: string): Promise<StoredCase[]>;
  /** In which that party decides some step, newest first. `party` as domain/cases/assignees.ts names it. */
  withParty(party: string, limit: number): Promise<(StoredCase & { stepTitle: string })[]>;
  list(query: CaseQuery): Promise<{ cases: CaseSummary[]; total: number; open: number }>;
  /**
   * False, and nothing changes but the job, when the push has a case already, and when another complaint about the push waits.
   */
  open(input: {
    /** The job that it came from, ended with it. */
    jobId?: string | undefined;
    /** The account that opened it; the station if left out. */
    actor?: string;
    stored: StoredCase;
    stepTitle: string;
    /** Who hears of it. */
    to: readonly Audience[];
    deeds: readonly Deed[];
    changes: Change[];
    /** Where the department is to be told: the id of that work. */
    deliveryJobId?: string | undefined;
    at: string;
  }): Promise<boolean>;
  /** What a station asked for cannot be, or is so already: the change says how it stands, the job ends. */
  endUndone(input: { jobId: string; to: readonly Audience[]; change: Change; at: string }): Promise<void>;
  /**
   * The case goes on, with all that follows from it, in one transaction. False, and nothing changes, when it is no longer as
   * `before` has it: somebody else was first.
   */
  proceed(input: {
    before: StoredCase;
    /** The job that it came from, ended with it. */
    jobId?: string | undefined;
    to: readonly Audience[];
    next: Case;
    stepTitle: string;
    /** Where the record came anew: its light now. */
    light?: LightColour;
    deeds: readonly Deed[];
    changes: readonly Change[];
    at: string;
    /** An account, or a station. */
    actor: string;
    /** What the operation log calls it. */
    operation: CaseOperation;
  }): Promise<boolean>;
}

export type CaseOperation =
  'case-decided' | 'case-handed-in' | 'case-claimed' | 'case-released' | 'case-withdrawn';

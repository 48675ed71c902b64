/** Port: stations, their enrolment and their sessions. */
export type StationState = 'active' | 'quarantined' | 'revoked';

export interface Station {
  id: string;
  name: string;
  /** PEM. */
  publicKey: string;
  installId?: string;
  sessionEpoch: number;
  state: StationState;
  pending: number;
  appVersion: string;
  lastSeenAt?: string;
  /** Of the newest session's blob token, SHA-256 (hex). */
  blobTokenSha?: string;
  /** ISO UTC: from then on it seals records as a whole. Absent: it was here before stations did, and has not done so yet. */
  recordSealsSince?: string;
  /** Milliseconds since 1970; in the past when no process holds a session. */
  onlineUntilMs: number;
}

export interface StationRows {
  find(id: string): Promise<Station | undefined>;
  list(): Promise<Station[]>;
  /** A station named in the settings; one that is there already stays as it is. */
  addKnown(station: { id: string; name: string; publicKey: string }, at: string): Promise<void>;
  /** A code that is there already stays as it is, used or not. */
  /**
   * Takes back codes that no start asks for any more: reusable ones but for `keepSha`, and the unused one-time code that
   * `writtenSha` names, which another takes the place of.
   */
  dropCodes(codes: { keepSha?: string; writtenSha?: string | undefined }): Promise<void>;
  addCode(code: { sha: string; reusable: boolean }, at: string): Promise<void>;
  /**
   * One transaction. The same code, id and key again: no effect, no failure.
   * Throws ENROLMENT_REFUSED (unknown or used code), CONFLICT (the id belongs to another key).
   */
  enrol(request: {
    codeSha: string;
    stationId: string;
    name: string;
    publicKey: string;
    at: string;
  }): Promise<void>;
  /**
   * One transaction: raises the session epoch, so that every older session of the station is fenced.
   * A store that knows less than the server (knownMaxSeq > maxSeq), or another store under the same name, puts the station
   * in quarantine: throws STATION_QUARANTINED. Revoked: STATION_UNKNOWN.
   */
  openSession(hello: {
    stationId: string;
    installId: string;
    maxSeq: number;
    pending: number;
    appVersion: string;
    blobTokenSha: string;
    at: string;
    onlineUntilMs: number;
  }): Promise<{ sessionEpoch: number }>;
  /** It sent a sealed record that was received at `at`. The earliest moment counts; known for ever. */
  noteRecordSeals(stationId: string, at: string): Promise<void>;
  /** The sessions of these stations are still held. */
  keepOnline(ids: readonly string[], untilMs: number): Promise<void>;
  /** The session has ended; no effect when a newer one is open. */
  closeSession(session: { stationId: string; sessionEpoch: number; at: string }): Promise<void>;
  /** Its sessions may write no more, and no new one opens, until a person releases it; an alarm is kept. */
  quarantine(stationId: string, detail: string, at: string): Promise<void>;
  /** It sends more than it may. An alarm, while none of the kind is open. */
  noteQuota(stationId: string, detail: string, at: string): Promise<void>;
  /** What a session may send as pages; known to every process. */
  noteUploads(stationId: string, blobs: readonly { sha: string; size: number }[], at: string): Promise<void>;
  /** Size of what was offered, undefined when it was not. */
  findUpload(stationId: string, sha: string): Promise<number | undefined>;
}

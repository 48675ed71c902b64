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
}

export interface StationRows {
  find(id: string): Promise<Station | undefined>;
  list(): Promise<Station[]>;
  /** A station named in the settings; one that is there already stays as it is. */
  addKnown(station: { id: string; name: string; publicKey: string }, at: string): Promise<void>;
  /** A code that is there already stays as it is, used or not. */
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
    at: string;
  }): Promise<{ sessionEpoch: number }>;
  seen(id: string, at: string): Promise<void>;
}
